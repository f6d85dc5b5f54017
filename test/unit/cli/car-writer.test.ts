import { describe, expect, test } from "vitest";
import { CarWriter, MAX_WAITING_BURSTS } from "../../../src/cli/car-writer.ts";

describe("CarWriter", () => {
  test("writes one at a time, all that waits, in order", async () => {
    const { writer, writes } = newWriter();
    for (const id of [1, 2, 3]) writer.push(Uint8Array.of(id));
    expect(writes.map(({ ids }) => ids)).toEqual([[1]]);
    writes[0]!.resolve();
    await turn();
    expect(writes.map(({ ids }) => ids)).toEqual([[1], [2, 3]]);
    writes[1]!.resolve();
    await writer.idle();
    writer.push(Uint8Array.of(4));
    expect(writes.map(({ ids }) => ids)).toEqual([[1], [2, 3], [4]]);
  });

  test("keeps the newest while Redis is slow, and says how many it gave up", async () => {
    const { writer, writes, lines } = newWriter();
    writer.push(Uint8Array.of(0));
    writer.trouble(new Error("gone"));
    for (let count = 1; count <= MAX_WAITING_BURSTS + 2; count += 1) writer.push(Uint8Array.of(count % 251));
    writes[0]!.resolve();
    await turn();
    expect(writes[1]!.ids).toHaveLength(MAX_WAITING_BURSTS);
    expect(writes[1]!.ids[0]).toBe(3);
    expect(writes[1]!.ids.at(-1)).toBe((MAX_WAITING_BURSTS + 2) % 251);
    expect(lines).toEqual([expect.stringContaining("gone"), expect.stringContaining("2 bursts")]);
  });

  test("does not repeat a write that failed, and logs the trouble once", async () => {
    const { writer, writes, lines } = newWriter();
    for (let id = 0; id < 3; id += 1) {
      writer.push(Uint8Array.of(id));
      writes[id]!.reject(new Error("lost"));
      await writer.idle();
    }
    writer.push(Uint8Array.of(9));
    writes[3]!.resolve();
    await writer.idle();
    expect(writes.map(({ ids }) => ids)).toEqual([[0], [1], [2], [9]]);
    expect(lines).toEqual([expect.stringContaining("lost"), expect.stringContaining("3 bursts")]);
  });
});

function newWriter() {
  const writes: { ids: number[]; resolve: () => void; reject: (error: Error) => void }[] = [];
  const lines: string[] = [];
  const write = (data: Uint8Array | readonly Uint8Array[]) =>
    new Promise<void>((resolve, reject) => {
      const bursts = data instanceof Uint8Array ? [data] : data;
      writes.push({ ids: bursts.map((burst) => burst[0]!), resolve, reject });
    });
  return { writer: new CarWriter({ write }, (line) => lines.push(line)), writes, lines };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
