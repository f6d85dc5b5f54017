import { BurstError, ItemTable, walkBurst } from "./burst.ts";
import { decompressInto, Lz4Error } from "./lz4.ts";

/** Hard cap on an unpacked burst; the protocol's own ceiling is 1 MiB. */
export const MAX_BURST_BYTES = 4 * 1024 * 1024;

/** How a Redis `data` field was packed: `block` is what writers should send, the rest is read too. */
export type Framing = "block" | "frame" | "sized" | "pickle" | "plain";

export class PayloadError extends Error {
  override readonly name = "PayloadError";
  readonly code: "not-a-burst" | "too-large";

  constructor(code: "not-a-burst" | "too-large") {
    super(code === "too-large" ? "Burst is larger than allowed" : "Data is no burst in any known framing");
    this.code = code;
  }
}

/**
 * Unpacks one framing of `data` into `arena[offset, limit)` and returns the end offset; null for data that cannot be
 * of this framing. Throws Lz4Error.
 */
type Unpacker = (data: Uint8Array, arena: Uint8Array, offset: number, limit: number) => number | null;

/** In the order they are tried. */
const UNPACKERS: Record<Framing, Unpacker> = {
  block: decompressInto,
  frame: unpackFrame,
  sized: unpackSized,
  pickle: unpackPickle,
  plain: copy,
};
const FRAMINGS = Object.entries(UNPACKERS) as [Framing, Unpacker][];

const BURST_ITEM_TAG = 0x0a;

/**
 * Unpacks a Redis `data` field, whatever its framing, into `arena` from `offset` on. The first framing whose result is
 * a well-formed burst counts. Items are appended to `table`, with offsets in `arena`.
 *
 * Writes nothing at or past `offset + maxBytes`; what lies between the returned end and there is undefined.
 * A field of no bytes is no burst; block `00` is an empty one. Throws PayloadError.
 */
export function unpackInto(
  data: Uint8Array,
  arena: Uint8Array,
  offset: number,
  maxBytes = MAX_BURST_BYTES,
  table = new ItemTable(),
): { framing: Framing; end: number } {
  const limit = Math.min(arena.length, offset + maxBytes);
  let code: PayloadError["code"] = "not-a-burst";
  if (data.length > 0) {
    for (const [framing, unpacker] of FRAMINGS) {
      try {
        const end = unpacker(data, arena, offset, limit);
        if (end === null || (end > offset && arena[offset] !== BURST_ITEM_TAG)) continue;
        walkBurst(arena, offset, end, table);
        return { framing, end };
      } catch (error) {
        if (error instanceof Lz4Error && error.code === "output-limit") code = "too-large";
        else if (!(error instanceof Lz4Error || error instanceof BurstError)) throw error;
      }
    }
  }
  throw new PayloadError(code);
}

/** The smallest arena worth allocating. */
const MIN_ARENA_BYTES = 64 * 1024;

/** As `unpackInto`, into an array of the burst's own. */
export function unpack(
  data: Uint8Array,
  maxBytes = MAX_BURST_BYTES,
): { framing: Framing; burst: Uint8Array } {
  for (let bytes = Math.max(MIN_ARENA_BYTES, data.length * 4); ; bytes *= 4) {
    const arena = new Uint8Array(Math.min(bytes, maxBytes));
    try {
      const { framing, end } = unpackInto(data, arena, 0);
      return { framing, burst: arena.slice(0, end) };
    } catch (error) {
      if (!(error instanceof PayloadError && error.code === "too-large") || arena.length === maxBytes)
        throw error;
    }
  }
}

function copy(data: Uint8Array, arena: Uint8Array, offset: number, limit: number): number {
  if (data.length > limit - offset) throw new Lz4Error("output-limit");
  arena.set(data, offset);
  return offset + data.length;
}

/** LZ4 packs no more than this many bytes into one. */
const MAX_RATIO = 255;

/** A block of which the unpacked size is known. */
function unpackExact(
  block: Uint8Array,
  size: number,
  arena: Uint8Array,
  offset: number,
  limit: number,
): number | null {
  if (size > block.length * MAX_RATIO) return null;
  if (size > limit - offset) throw new Lz4Error("output-limit");
  return decompressInto(block, arena, offset, offset + size) === offset + size ? offset + size : null;
}

/** Four bytes of size, little-endian, then a block. */
function unpackSized(data: Uint8Array, arena: Uint8Array, offset: number, limit: number): number | null {
  if (data.length <= 4) return null;
  return unpackExact(data.subarray(4), readUint(data, 0, 4), arena, offset, limit);
}

/**
 * The header of .NET's K4os LZ4Pickler: a byte of version (low 3 bits, 0) and size width (top 2 bits), then by how much
 * the content is larger than what follows. Width 0: what follows is the content itself.
 */
function unpackPickle(data: Uint8Array, arena: Uint8Array, offset: number, limit: number): number | null {
  const header = data[0]!;
  if ((header & 0x3f) !== 0) return null;
  const width = [0, 1, 2, 4][header >>> 6]!;
  const content = data.subarray(1 + width);
  if (width === 0) return copy(content, arena, offset, limit);
  return unpackExact(content, content.length + readUint(data, 1, width), arena, offset, limit);
}

const FRAME_MAGIC = 0x184d2204;
/** Bits of a frame's first flag byte. */
const FRAME = {
  version: 0xc0,
  version1: 0x40,
  independent: 0x20,
  blockSums: 0x10,
  size: 8,
  sum: 4,
  dictionary: 1,
};
/** Set in a block's size: the block is stored, not compressed. */
const STORED = 0x8000_0000;

/**
 * One LZ4 frame that ends with the data. Its checksums are stepped over: Redis and the sockets have their own, and the
 * burst within is checked for sense.
 */
function unpackFrame(data: Uint8Array, arena: Uint8Array, offset: number, limit: number): number | null {
  if (data.length < 11 || readUint(data, 0, 4) !== FRAME_MAGIC) return null;
  const flags = data[4]!;
  if ((flags & FRAME.version) !== FRAME.version1 || (flags & FRAME.dictionary) !== 0) return null;
  const blockSumBytes = flags & FRAME.blockSums ? 4 : 0;
  const sumBytes = flags & FRAME.sum ? 4 : 0;
  let from = flags & FRAME.size ? 15 : 7;
  let to = offset;
  while (from + 4 <= data.length) {
    const size = readUint(data, from, 4);
    from += 4;
    if (size === 0) return from + sumBytes === data.length && hasContentSize(data, to - offset) ? to : null;
    const stored = size >= STORED;
    const end = from + (stored ? size - STORED : size);
    if (end > data.length) return null;
    const block = data.subarray(from, end);
    const windowStart = flags & FRAME.independent ? to : offset;
    to = stored ? copy(block, arena, to, limit) : decompressInto(block, arena, to, limit, windowStart);
    from = end + blockSumBytes;
  }
  return null;
}

/** True also for a frame that does not state its size. */
function hasContentSize(frame: Uint8Array, bytes: number): boolean {
  if ((frame[4]! & FRAME.size) === 0) return true;
  return readUint(frame, 6, 4) === bytes && readUint(frame, 10, 4) === 0;
}

/** An unsigned little-endian number of at most 4 bytes; bytes past the end count as 0. */
function readUint(data: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + (data[at + i] ?? 0);
  return value;
}
