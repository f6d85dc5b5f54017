import { compressFrameSync } from "lz4-napi";
import { describe, expect, test } from "vitest";
import { ItemKind, ItemTable } from "../../../src/wire/burst.ts";
import { compress } from "../../../src/wire/lz4.ts";
import {
  type Framing,
  MAX_BURST_BYTES,
  PayloadError,
  unpack,
  unpackInto,
} from "../../../src/wire/payload.ts";
import { burstIds, hex, vector } from "./vectors.ts";

const MIB = 1024 * 1024;

/** A burst of one Session JSON of `bytes` bytes in all, which LZ4 cannot pack. */
function noisyBurst(bytes: number): Uint8Array {
  const burst = new Uint8Array(bytes);
  let state = 1;
  for (let i = 0; i < bytes; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    burst[i] = state >>> 24;
  }
  burst.set([0x0a, ...varint5(bytes - 6), 0x12, ...varint5(bytes - 12)]);
  return burst;
}

function varint5(value: number): number[] {
  return [0, 7, 14, 21, 28].map((shift) => ((value >>> shift) & 0x7f) | (shift < 28 ? 0x80 : 0));
}

function u32(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}

function join(...parts: (number[] | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof PayloadError) return error.code;
    throw error;
  }
  return "none";
}

describe("framings", () => {
  test.each<[string, Framing]>([
    ["E9.lz4", "block"],
    ["E9.block", "block"],
    ["E9.frame", "frame"],
    ["E9.sized", "sized"],
    ["E9.pickle", "pickle"],
    ["E9.bin", "plain"],
  ])("[Z-04] %s is read", (name, framing) => {
    expect(unpack(vector(name))).toEqual({ framing, burst: vector("E9.bin") });
  });

  test.each(burstIds)("[Z-04] %s in every framing", (id) => {
    const burst = vector(`${id}.bin`);
    const block = vector(`${id}.lz4`);
    const widths = burst.length - block.length > 0 ? [1, 2, 4] : [];
    const difference = u32(burst.length - block.length);
    const packed: [Framing, Uint8Array][] = [
      ["block", block],
      ["frame", new Uint8Array(compressFrameSync(Buffer.from(burst)))],
      ["sized", join(u32(burst.length), block)],
      ["pickle", join([0], burst)],
      ...widths.map((width): [Framing, Uint8Array] => {
        const header = [1, 2, 4].indexOf(width) + 1;
        return ["pickle", join([header << 6], difference.slice(0, width), block)];
      }),
      ["plain", burst],
    ];
    for (const [framing, data] of packed) expect(unpack(data)).toEqual({ framing, burst });
  });

  test("the empty burst is block 00; a field of no bytes is no burst", () => {
    expect(unpack(hex("00"))).toEqual({ framing: "block", burst: new Uint8Array(0) });
    expect(codeOf(() => unpack(new Uint8Array(0)))).toBe("not-a-burst");
  });

  test("writes into an arena and lists the items there", () => {
    const arena = new Uint8Array(2000).fill(0xee);
    const table = new ItemTable();
    const first = unpackInto(vector("E8.lz4"), arena, 100, 1000, table);
    const second = unpackInto(vector("E2.lz4"), arena, first.end, 1000, table);
    expect([first.end, second.end]).toEqual([246, 268]);
    expect(arena.slice(100, 246)).toEqual(vector("E8.bin"));
    expect(arena.slice(246, 268)).toEqual(vector("E2.bin"));
    expect([...table.start.slice(0, table.count)]).toEqual([100, 151, 185, 224, 246]);
    expect(table.kind[4]).toBe(ItemKind.timeRange);
  });
});

describe("frames", () => {
  const burst = vector("E9.bin");
  const halves = [burst.slice(0, 150), burst.slice(150)] as const;
  const end = [0, 0, 0, 0];
  /** Magic, flags, the code of 64 KiB blocks, and a header checksum that nobody checks. */
  const head = (flags: number, size: number[] = []) => join(hex("04224d18"), [flags, 0x40], size, [0]);
  const block = (bytes: Uint8Array) => join(u32(bytes.length), bytes);
  const stored = (bytes: Uint8Array) => join(u32(bytes.length + 0x8000_0000), bytes);
  const size = (bytes: number) => [...u32(bytes), 0, 0, 0, 0];

  test.each<[string, Uint8Array]>([
    ["two independent blocks", join(head(0x60), block(compress(halves[0])), block(compress(halves[1])), end)],
    ["a stored block and a packed one", join(head(0x60), stored(halves[0]), block(compress(halves[1])), end)],
    ["checksums", join(head(0x74), block(compress(burst)), [1, 2, 3, 4], end, [5, 6, 7, 8])],
    ["a content size", join(head(0x68, size(burst.length)), block(compress(burst)), end)],
  ])("%s", (_, frame) => {
    expect(unpack(frame)).toEqual({ framing: "frame", burst });
  });

  test("a block refers to those before it only in a frame of linked blocks", () => {
    const item = vector("E3.bin");
    const again = join(hex("0f33001b50"), item.slice(-5));
    expect(unpack(join(head(0x40), stored(item), block(again), end)).burst).toEqual(join(item, item));
    expect(codeOf(() => unpack(join(head(0x60), stored(item), block(again), end)))).toBe("not-a-burst");
  });

  test("a large frame of linked 64 KiB blocks, as another LZ4 writes it", () => {
    const large = noisyBurst(300_000);
    large.copyWithin(150_000, 100_000, 140_000);
    const frame = new Uint8Array(
      compressFrameSync(Buffer.from(large), { contentChecksum: true, blockChecksums: true }),
    );
    expect(unpack(frame)).toEqual({ framing: "frame", burst: large });
  });

  test.each<[string, Uint8Array]>([
    ["no end mark", join(head(0x60), block(compress(burst)))],
    ["bytes after the end", join(head(0x60), block(compress(burst)), end, [0])],
    ["a block cut off", join(head(0x60), u32(500), compress(burst))],
    ["another content size", join(head(0x68, size(361)), block(compress(burst)), end)],
    [
      "a content size beyond 32 bits",
      join(head(0x68, [...u32(362), 1, 0, 0, 0]), block(compress(burst)), end),
    ],
    ["a dictionary", join(head(0x61), block(compress(burst)), end)],
    ["another version", join(head(0xa0), block(compress(burst)), end)],
  ])("refuses: %s", (_, frame) => {
    expect(codeOf(() => unpack(frame))).toBe("not-a-burst");
  });
});

describe("bounds", () => {
  /** A block of one byte repeated 100 MiB times. */
  const bomb = join(hex("1f0a0100"), new Array(412_000).fill(255), hex("00500000000000"));

  test.each<[string, Uint8Array]>([
    ["block", bomb],
    ["frame", join(hex("04224d18604000"), u32(bomb.length), bomb, u32(0))],
    ["sized", join(u32(100 * MIB), bomb)],
    ["pickle", join([0xc0], u32(100 * MIB - bomb.length), bomb)],
  ])("[Z-05] a bomb of 100 MiB is refused, and nothing is written past the bound: %s", (_, data) => {
    const arena = new Uint8Array(MIB + 64).fill(0xee);
    expect(codeOf(() => unpackInto(data, arena, 32, MIB))).toBe("too-large");
    expect([...arena.slice(0, 32), ...arena.slice(-32)]).toEqual(Array(64).fill(0xee));
    expect(codeOf(() => unpack(data))).toBe("too-large");
  });

  test("[D-09] 1 MiB that cannot be packed passes, in an arena of just that", () => {
    const burst = noisyBurst(MIB);
    expect(unpackInto(compress(burst), new Uint8Array(MIB), 0)).toEqual({ framing: "block", end: MIB });
    expect(unpack(compress(burst)).burst).toEqual(burst);
  });

  test("the cap is exact", () => {
    const burst = noisyBurst(1000);
    for (const data of [burst, compress(burst), join(u32(1000), compress(burst))]) {
      expect(unpack(data, 1000).burst).toEqual(burst);
      expect(codeOf(() => unpack(data, 999))).toBe("too-large");
    }
    expect(codeOf(() => unpack(noisyBurst(MAX_BURST_BYTES + 1)))).toBe("too-large");
  });

  test("a stated size that its block could not hold says nothing about size", () => {
    expect(codeOf(() => unpack(join(u32(5000), hex("000000000000")), 1000))).toBe("not-a-burst");
  });

  test.each([
    ["text", "68656c6c6f20776f726c64"],
    ["a burst cut off", "0a141a120900a011affaa0ea181100cf7908fba0"],
    ["JSON", "7b7d"],
    ["another message first", "1a00"],
    ["zeros", "0000000000000000"],
  ])("[D-10] %s is no burst", (_, data) => {
    expect(codeOf(() => unpack(hex(data)))).toBe("not-a-burst");
  });

  test("a block is a burst only if what it holds is", () => {
    expect(codeOf(() => unpack(compress(hex("0a0322050801"))))).toBe("not-a-burst");
    const table = new ItemTable();
    expect(
      codeOf(() => unpackInto(compress(hex("0a022a000a0322050801")), new Uint8Array(99), 0, 99, table)),
    ).toBe("not-a-burst");
    expect(table.count).toBe(0);
  });
});
