import { expect, test } from "vitest";
import { CloseFrameFinder } from "../../../src/cli/close-frames.ts";

/** A frame as RFC 6455 5.2 lays it out. */
function frame(opcode: number, bytes: number, masked: boolean): Uint8Array {
  const mask = masked ? 0x80 : 0;
  const payload = new Uint8Array(bytes).fill(0x88);
  const length = [bytes >> 24, bytes >> 16, bytes >> 8, bytes].map((byte) => byte & 0xff);
  const header =
    bytes < 126
      ? [bytes | mask]
      : bytes < 65_536
        ? [126 | mask, ...length.slice(2)]
        : [127 | mask, 0, 0, 0, 0, ...length];
  return Uint8Array.of(0x80 | opcode, ...header, ...(masked ? [8, 8, 8, 8] : []), ...payload);
}

test.each([1, 2, 7, 100_000])("finds the Close frame behind others, in chunks of %i bytes", (chunkBytes) => {
  for (const masked of [false, true]) {
    const before = [
      frame(2, 0, masked),
      frame(2, 125, masked),
      frame(2, 126, masked),
      frame(1, 65_536, masked),
    ];
    const stream = Buffer.concat([...before, frame(9, 4, masked), frame(8, 2, masked)]);
    const finder = new CloseFrameFinder();
    for (let at = 0; at < stream.length; at += chunkBytes) {
      const found = finder.feed(stream.subarray(at, at + chunkBytes));
      expect(found).toBe(at + chunkBytes >= stream.length);
    }
  }
});
