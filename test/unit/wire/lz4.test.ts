import { compressSync, uncompressSync } from "lz4-napi";
import { describe, expect, test } from "vitest";
import {
  compress,
  compressBound,
  decompress,
  decompressInto,
  Lz4Encoder,
  Lz4Error,
  type Lz4ErrorCode,
} from "../../../src/wire/lz4.ts";
import { burstIds, hex, vector } from "./vectors.ts";

const MIB = 1024 * 1024;

/** Samples that interest an LZ4 codec: sizes around its limits, contents from constant to noise. */
const samples: [name: string, bytes: Uint8Array][] = [
  ...[1, 4, 5, 11, 12, 13, 14, 15, 16, 18, 19, 20, 64, 255, 270, 300].map(constant),
  ["64 KiB and more of one byte", new Uint8Array(65536 + 300).fill(7)],
  ["period 3", Uint8Array.from({ length: 1000 }, (_, i) => i % 3)],
  ["a match as far back as they go", farMatch(65535)],
  ["a repeat too far back", farMatch(65536)],
  ["noise", noise(3000)],
  ["noise around a long match", Uint8Array.from([...noise(400), ...new Uint8Array(700), ...noise(13)])],
  ["a ramp of doubles", new Uint8Array(Float64Array.from({ length: 6000 }, (_, i) => i / 4).buffer)],
];

function constant(length: number): [string, Uint8Array] {
  return [`${length} equal bytes`, new Uint8Array(length).fill(0x2a)];
}

function noise(length: number): Uint8Array {
  let state = 88172645;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

function farMatch(distance: number): Uint8Array {
  const bytes = noise(distance + 40);
  bytes.copyWithin(distance, 0, 20);
  return bytes;
}

function native(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(compressSync(Buffer.from(bytes)).subarray(4));
}

function nativeDecode(block: Uint8Array, size: number): Uint8Array {
  const sized = Buffer.alloc(4 + block.length);
  sized.writeUInt32LE(size);
  sized.set(block, 4);
  return new Uint8Array(uncompressSync(sized));
}

describe("vectors", () => {
  test.each(burstIds)("%s decodes to its serialized form, and ours to the same", (id) => {
    const serialized = vector(`${id}.bin`);
    expect(decompress(vector(`${id}.lz4`), MIB)).toEqual(serialized);
    expect(decompress(compress(serialized), MIB)).toEqual(serialized);
  });

  test("[Z-02] a burst's block starts with literals, the first of them its item tag", () => {
    const block = compress(vector("E9.bin"));
    expect(block[0]! >>> 4).toBeGreaterThan(0);
    expect(block.slice(1, 3)).toContain(0x0a);
  });

  test("nothing is the block 00", () => {
    expect(compress(new Uint8Array(0))).toEqual(Uint8Array.of(0));
    expect(decompress(Uint8Array.of(0), MIB)).toEqual(new Uint8Array(0));
  });
});

describe("native LZ4", () => {
  test.each(samples)("reads ours and ours reads its: %s", (_, bytes) => {
    expect(nativeDecode(compress(bytes), bytes.length)).toEqual(bytes);
    expect(decompress(native(bytes), MIB)).toEqual(bytes);
    expect(decompress(compress(bytes), MIB)).toEqual(bytes);
  });

  test("packs telemetry no tighter than ours by 5 %", () => {
    const bytes = samples.at(-1)![1];
    expect(compress(bytes).length).toBeLessThan(native(bytes).length * 1.05);
  });
});

describe("encoder", () => {
  test("keeps the format's end rules", () => {
    for (const [name, bytes] of samples) {
      const { lastMatchStart, lastLiterals } = endOf(compress(bytes));
      if (lastMatchStart < 0) continue;
      expect(bytes.length - lastMatchStart, name).toBeGreaterThanOrEqual(12);
      expect(lastLiterals, name).toBeGreaterThanOrEqual(5);
    }
  });

  test("never takes more than compressBound", () => {
    for (const [, bytes] of samples) {
      expect(compress(bytes).length).toBeLessThanOrEqual(compressBound(bytes.length));
    }
  });

  test("encodes a part of a buffer, block after block, none depending on another", () => {
    const encoder = new Lz4Encoder();
    const bytes = samples.at(-1)![1];
    for (let start = 0; start < bytes.length; start += 1000) {
      const end = Math.min(bytes.length, start + 1500);
      expect(decompress(encoder.encode(bytes, start, end), MIB)).toEqual(bytes.slice(start, end));
    }
  });

  test("outlasts its table's range of positions", () => {
    const encoder = new Lz4Encoder();
    const bytes = vector("E9.bin");
    const block = encoder.encode(bytes);
    for (let i = 0; i < 20_000; i++) encoder.encode(bytes);
    expect(encoder.encode(bytes)).toEqual(block);
  });

  test("refuses a target that might not do", () => {
    const bytes = new Uint8Array(100);
    expect(() => new Lz4Encoder().encodeInto(bytes, 0, 100, new Uint8Array(compressBound(100) - 1))).toThrow(
      RangeError,
    );
  });
});

describe("decoder", () => {
  test.each<[what: string, block: string, code: Lz4ErrorCode]>([
    ["no input", "", "truncated"],
    ["literals missing", "500a0a", "truncated"],
    ["literal length cut off", "f0ff", "truncated"],
    ["offset cut off", "100a01", "truncated"],
    ["match length cut off", "1f0a0100", "truncated"],
    ["offset 0", "100a0000500000000000", "bad-offset"],
    ["offset before the block", "100a0200500000000000", "bad-offset"],
    ["match first", "000100500000000000", "bad-offset"],
    ["ends with a match", "100a0100", "bad-end"],
  ])("refuses: %s", (_, block, code) => {
    expectCode(() => decompressInto(hex(block), new Uint8Array(64)), code);
    expectCode(() => decompress(hex(block), 64), code);
  });

  test("a match does not reach what an earlier block left in the arena", () => {
    const arena = new Uint8Array(64).fill(9);
    const block = hex("100a0200500000000000");
    expectCode(() => decompressInto(block, arena, 32), "bad-offset");
    expect(decompressInto(block, arena, 32, 64, 31)).toBe(32 + 1 + 4 + 5);
  });

  test.each(samples)(
    "writes between offset and limit only, and stops at a limit one short: %s",
    (_, bytes) => {
      const block = compress(bytes);
      const arena = new Uint8Array(bytes.length + 16).fill(0xee);
      expect(decompressInto(block, arena, 8, 8 + bytes.length)).toBe(8 + bytes.length);
      expect(arena.slice(8, 8 + bytes.length)).toEqual(bytes);
      expectCode(() => decompressInto(block, arena, 8, 7 + bytes.length), "output-limit");
      expect([...arena.slice(0, 8), ...arena.slice(8 + bytes.length)]).toEqual(Array(16).fill(0xee));
    },
  );

  test("[Z-05] refuses a bomb before allocating for it", () => {
    expectCode(() => decompress(bomb(100 * MIB), MIB), "output-limit");
  });
});

/** A block of one byte repeated `size` times. */
function bomb(size: number): Uint8Array {
  const run = Math.ceil(size / 255);
  const block = new Uint8Array(run + 11).fill(255);
  block.set(hex("1f0a0100"));
  block.set(hex("00500000000000"), run + 4);
  return block;
}

function expectCode(action: () => unknown, code: Lz4ErrorCode): void {
  let caught: unknown;
  try {
    action();
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(Lz4Error);
  expect((caught as Lz4Error).code).toBe(code);
}

/** Reads a block's tokens: where in the output the last match starts (-1: none), and how many literals end it. */
function endOf(block: Uint8Array): { lastMatchStart: number; lastLiterals: number } {
  let from = 0;
  let to = 0;
  let lastMatchStart = -1;
  const extended = (nibble: number): number => {
    let length = nibble;
    if (nibble === 15) {
      let more = 255;
      while (more === 255) {
        more = block[from++]!;
        length += more;
      }
    }
    return length;
  };
  for (;;) {
    const token = block[from++]!;
    const literals = extended(token >>> 4);
    from += literals;
    to += literals;
    if (from === block.length) return { lastMatchStart, lastLiterals: literals };
    lastMatchStart = to;
    from += 2;
    to += 4 + extended(token & 15);
  }
}
