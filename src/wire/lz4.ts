import { LONG_COPY } from "./lz4-encoder.ts";

export { compress, compressBound, Lz4Encoder } from "./lz4-encoder.ts";

/** Why a block was refused. */
export type Lz4ErrorCode = "truncated" | "bad-offset" | "output-limit" | "bad-end";

const MESSAGES: Record<Lz4ErrorCode, string> = {
  truncated: "LZ4 block ends in the middle of a sequence",
  "bad-offset": "LZ4 match reaches before the start of its window",
  "output-limit": "LZ4 block holds more than the output may take",
  "bad-end": "LZ4 block does not end with literals",
};

export class Lz4Error extends Error {
  override readonly name = "Lz4Error";
  readonly code: Lz4ErrorCode;

  constructor(code: Lz4ErrorCode) {
    super(MESSAGES[code]);
    this.code = code;
  }
}

/** Short copies go in steps of 8 bytes, 16 at least for matches, and may overshoot; nearer to an end than this they go byte by byte. */
const MARGIN = LONG_COPY + 16;
/** For match distances below 8, the least multiple that is no less than 4, and 8: so far back, as many bytes are ready. */
const AT_LEAST_4 = [0, 4, 4, 6, 4, 5, 6, 7];
const AT_LEAST_8 = [0, 8, 8, 9, 8, 10, 12, 14];

/**
 * Decodes one raw LZ4 block into `target` from `offset` on and returns the end offset.
 *
 * Strict: the block ends exactly at the input's end, with literals. Nothing is written at or past `limit` and
 * nothing read before `windowStart`, by default the first byte of this block's own output; what lies between the
 * returned offset and `limit` is undefined. Throws Lz4Error.
 */
export function decompressInto(
  source: Uint8Array,
  target: Uint8Array,
  offset = 0,
  limit = target.length,
  windowStart = offset,
): number {
  const sourceEnd = source.length;
  const targetEnd = Math.min(limit, target.length);
  const input = new DataView(source.buffer, source.byteOffset, sourceEnd);
  const output = new DataView(target.buffer, target.byteOffset, target.length);
  const sourceWide = sourceEnd - MARGIN;
  const targetWide = targetEnd - MARGIN;
  let from = 0;
  let to = offset;
  while (from < sourceEnd) {
    const token = source[from++]!;

    let literals = token >>> 4;
    if (literals < 15 && from <= sourceWide && to <= targetWide) {
      // Most sequences are short, and then copies of fixed size spare a guess of where each ends.
      output.setBigInt64(to, input.getBigInt64(from, true), true);
      output.setBigInt64(to + 8, input.getBigInt64(from + 8, true), true);
      const at = to + literals;
      const distance = input.getUint16(from + literals, true);
      const length = token & 15;
      if (length < 15 && distance >= 8 && distance <= at - windowStart) {
        output.setBigInt64(at, output.getBigInt64(at - distance, true), true);
        output.setBigInt64(at + 8, output.getBigInt64(at + 8 - distance, true), true);
        output.setInt16(at + 16, output.getInt16(at + 16 - distance, true), true);
        from += literals + 2;
        to = at + length + 4;
        continue;
      }
    }

    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (from === sourceEnd) throw new Lz4Error("truncated");
        more = source[from++]!;
        literals += more;
      }
    }
    if (literals <= LONG_COPY && from <= sourceWide && to <= targetWide) {
      output.setBigInt64(to, input.getBigInt64(from, true), true);
      for (let i = 8; i < literals; i += 8)
        output.setBigInt64(to + i, input.getBigInt64(from + i, true), true);
    } else {
      if (literals > sourceEnd - from) throw new Lz4Error("truncated");
      if (literals > targetEnd - to) throw new Lz4Error("output-limit");
      if (literals > LONG_COPY) target.set(source.subarray(from, from + literals), to);
      else for (let i = 0; i < literals; i++) target[to + i] = source[from + i]!;
    }
    from += literals;
    to += literals;
    if (from === sourceEnd) return to;

    if (sourceEnd - from < 2) throw new Lz4Error("truncated");
    const distance = source[from]! | (source[from + 1]! << 8);
    from += 2;
    if (distance === 0 || distance > to - windowStart) throw new Lz4Error("bad-offset");

    let length = (token & 15) + 4;
    if (length === 19) {
      let more = 255;
      while (more === 255) {
        if (from === sourceEnd) throw new Lz4Error("truncated");
        more = source[from++]!;
        length += more;
      }
    }
    if (length <= LONG_COPY && to <= targetWide) {
      const end = to + length;
      if (distance >= 8) {
        output.setBigInt64(to, output.getBigInt64(to - distance, true), true);
        output.setBigInt64(to + 8, output.getBigInt64(to + 8 - distance, true), true);
        for (let i = to + 16; i < end; i += 8) {
          output.setBigInt64(i, output.getBigInt64(i - distance, true), true);
        }
      } else {
        target[to] = target[to - distance]!;
        target[to + 1] = target[to + 1 - distance]!;
        target[to + 2] = target[to + 2 - distance]!;
        target[to + 3] = target[to + 3 - distance]!;
        output.setInt32(to + 4, output.getInt32(to + 4 - AT_LEAST_4[distance]!, true), true);
        const back = AT_LEAST_8[distance]!;
        for (let i = to + 8; i < end; i += 8) output.setBigInt64(i, output.getBigInt64(i - back, true), true);
      }
    } else {
      if (length > targetEnd - to) throw new Lz4Error("output-limit");
      if (length > LONG_COPY) copyLongMatch(target, to - distance, to, to + length);
      else for (let i = to; i < to + length; i++) target[i] = target[i - distance]!;
    }
    to += length;
  }
  throw new Lz4Error(sourceEnd === 0 ? "truncated" : "bad-end");
}

/** A match may overlap its own output: what is copied doubles until the period fills the length. */
function copyLongMatch(target: Uint8Array, match: number, to: number, end: number): void {
  let at = to;
  while (at < end) {
    const bytes = Math.min(at - match, end - at);
    target.copyWithin(at, match, match + bytes);
    at += bytes;
  }
}

/** Decodes one raw LZ4 block into an array of its exact size, which is checked before any of it is allocated. Throws Lz4Error. */
export function decompress(source: Uint8Array, maxBytes: number): Uint8Array {
  const target = new Uint8Array(decompressedBytes(source, maxBytes));
  decompressInto(source, target);
  return target;
}

/** Sums the lengths in a block's tokens. Stops where the block is cut off, which is the decoder's to tell. */
function decompressedBytes(source: Uint8Array, maxBytes: number): number {
  const end = source.length;
  let from = 0;
  let bytes = 0;
  while (from < end) {
    const token = source[from++]!;
    let literals = token >>> 4;
    for (let more = literals === 15 ? 255 : 0; more === 255 && from < end; literals += more)
      more = source[from++]!;
    from += literals;
    if (from > end) break;
    bytes += literals;
    if (from < end) {
      from += 2;
      let length = token & 15;
      for (let more = length === 15 ? 255 : 0; more === 255 && from < end; length += more)
        more = source[from++]!;
      bytes += length + 4;
    }
    if (bytes > maxBytes) throw new Lz4Error("output-limit");
  }
  return bytes;
}
