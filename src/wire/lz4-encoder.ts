/** The format's end rules: the last 5 bytes are literals and no match starts in the last 12. */
const LAST_LITERALS = 5;
const LAST_MATCH_START = 12;
/** The format's least; a match is taken from one byte more on, since four save one byte and hide better ones nearby. */
const MIN_MATCH = 4;
const MAX_DISTANCE = 0xffff;

/** 2^15 slots of 4 bytes: with half of them, bursts of 500 KB take 1 % more space and 6 % more time. */
const HASH_BITS = 15;
const HASH_FACTOR = -1640531535;
/** The step through data that does not match is two bytes and grows by one every 2^5 misses. */
const SKIP_TRIGGER = 5;
const FIRST_MISSES = 2 << SKIP_TRIGGER;
/** Positions in the table count from here on and never start again, up to a limit that keeps them small integers. */
const FIRST_POSITION = MAX_DISTANCE + 1;
const LAST_POSITION = 0x3fff_ffff;
/** Above this many bytes the engine's own copy beats a loop over eight at a time (measured on V8). */
export const LONG_COPY = 64;

/** Most bytes that `bytes` bytes can take as a block. */
export function compressBound(bytes: number): number {
  return bytes + Math.ceil(bytes / 255) + 16;
}

/** Encodes raw LZ4 blocks. Each block stands alone; what is kept between calls is memory, not history. */
export class Lz4Encoder {
  readonly #table = new Int32Array(1 << HASH_BITS);
  #target = new Uint8Array(0);
  /** Position of the next block's first byte. Entries of earlier blocks are out of its reach: no need to clear them. */
  #position = FIRST_POSITION;

  /**
   * Encodes `source[start, end)` into `target` from 0 on and returns the bytes written.
   * Throws RangeError if `target` holds less than `compressBound(end - start)` bytes.
   */
  encodeInto(source: Uint8Array, start: number, end: number, target: Uint8Array): number {
    if (target.length < compressBound(end - start)) throw new RangeError("LZ4 target is below compressBound");
    if (this.#position + (end - start) > LAST_POSITION) {
      this.#table.fill(0);
      this.#position = FIRST_POSITION;
    }
    const base = this.#position - start;
    this.#position += end - start + FIRST_POSITION;
    return encodeBlock(source, start, end, target, this.#table, base);
  }

  /** Encodes `source[start, end)`, by default all of it, into a new array. */
  encode(source: Uint8Array, start = 0, end = source.length): Uint8Array {
    const bound = compressBound(end - start);
    if (this.#target.length < bound) this.#target = new Uint8Array(bound);
    return this.#target.slice(0, this.encodeInto(source, start, end, this.#target));
  }
}

/** Encodes one block. For many, an Lz4Encoder saves making the table each time. */
export function compress(source: Uint8Array): Uint8Array {
  return new Lz4Encoder().encode(source);
}

/** `table` maps a hash of 4 bytes to the last place they were seen at, plus `base`. */
function encodeBlock(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  table: Int32Array,
  base: number,
): number {
  const input = new DataView(source.buffer, source.byteOffset, end);
  const output = new DataView(target.buffer, target.byteOffset, target.length);
  const lastStart = end - LAST_MATCH_START;
  const matchEnd = end - LAST_LITERALS;
  let anchor = start;
  // Whatever is found has a byte before it.
  let at = start + 1;
  let to = 0;
  let misses = FIRST_MISSES;

  for (;;) {
    let match = 0;
    let found = false;
    // A loop of its own, with nothing in it but this: then the engine checks what it works on once, not for each byte.
    while (at <= lastStart) {
      const word = input.getInt32(at, true);
      const slot = Math.imul(word, HASH_FACTOR) >>> (32 - HASH_BITS);
      match = (table[slot]! - base) | 0;
      table[slot] = at + base;
      found =
        at - match <= MAX_DISTANCE &&
        input.getInt32(match, true) === word &&
        source[match + MIN_MATCH] === source[at + MIN_MATCH];
      if (found) break;
      at = (at + (misses >>> SKIP_TRIGGER)) | 0;
      misses++;
    }
    if (!found) break;
    misses = FIRST_MISSES;

    const distance = at - match;
    let matched = at + MIN_MATCH + 1;
    // The byte that a step of two passed over, if it belongs to the match; without a branch, which would be a guess.
    at -= ((anchor - at) >>> 31) & (((source[at - 1]! ^ source[match - 1]!) - 1) >>> 31);
    let difference = 0;
    while (matched + 4 <= matchEnd) {
      difference = input.getInt32(matched, true) ^ input.getInt32(matched - distance, true);
      if (difference !== 0) break;
      matched += 4;
    }
    if (difference !== 0) matched += (31 - Math.clz32(difference & -difference)) >>> 3;
    else while (matched < matchEnd && source[matched] === source[matched - distance]) matched++;

    const literals = at - anchor;
    const length = matched - at - MIN_MATCH;
    target[to++] = ((literals < 15 ? literals : 15) << 4) | (length < 15 ? length : 15);
    if (literals >= 15) to = writeLength(target, to, literals - 15);
    if (literals <= LONG_COPY) {
      // Eight at a time, since their end would be a guess as well; twelve bytes are still to come on both sides.
      output.setBigInt64(to, input.getBigInt64(anchor, true), true);
      for (let i = 8; i < literals; i += 8)
        output.setBigInt64(to + i, input.getBigInt64(anchor + i, true), true);
    } else {
      target.set(source.subarray(anchor, at), to);
    }
    to += literals;
    output.setInt16(to, distance, true);
    to += 2;
    if (length >= 15) to = writeLength(target, to, length - 15);
    at = matched;
    anchor = matched;
  }

  const literals = end - anchor;
  target[to++] = (literals < 15 ? literals : 15) << 4;
  if (literals >= 15) to = writeLength(target, to, literals - 15);
  target.set(source.subarray(anchor, end), to);
  return to + literals;
}

function writeLength(target: Uint8Array, to: number, length: number): number {
  let at = to;
  let rest = length;
  for (; rest >= 255; rest -= 255) target[at++] = 255;
  target[at++] = rest;
  return at;
}
