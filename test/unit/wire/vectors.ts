import { readFileSync } from "node:fs";

const folder = new URL("../../fixtures/vectors/", import.meta.url);

interface Vector {
  id: string;
  what: string;
  type: "StreamDataBurst" | "StreamRequest";
  hex: string;
}

interface VectorFile {
  t0: string;
  session1: string;
  session2: string;
  vectors: Vector[];
}

export const vectorFile: VectorFile = JSON.parse(readFileSync(new URL("vectors.json", folder), "utf8"));

/** The instant that all vectors start from, in ns since 1970. */
export const T0 = BigInt(vectorFile.t0);

/** Bytes of one file of the folder, for example `E9.frame`. */
export function vector(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

/** Ids of all burst vectors. E13 to E15 are known by file only. */
export const burstIds = [
  ...vectorFile.vectors.filter((v) => v.type === "StreamDataBurst").map((v) => v.id),
  "E13",
  "E14",
  "E15",
];

export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
