import { BurstError, FieldReader } from "./field-reader.ts";
import { decompressInto, Lz4Error } from "./lz4.ts";

/** A list of samples or events has at most 4 MiB by the protocol, and so has what it is packed into, nearly. */
export const MAX_LIST_BYTES = 4 * 1024 * 1024;
const MAX_PACKED_BYTES = MAX_LIST_BYTES + MAX_LIST_BYTES / 64;
/** A header of 60,000 channels has 300 kB. */
const MAX_HEADER_BYTES = 1024 * 1024;
const PREFIX_BYTES = 4;
const PLAIN = 0;
const LZ4 = 1;

/** Tags of ChunkTransferHeader. */
const START_DELTA = 0x08;
const DURATION_DELTA = 0x10;
const CHANNEL_ID = 0x18;
const CHANNEL_IDS_PACKED = 0x1a;
const COMPRESSION_DELTA = 0x20;
const UNPACKED_LENGTH = 0x28;
const PACKED_LENGTH = 0x30;

export class ChunkError extends Error {
  override readonly name = "ChunkError";
}

/** One chunk of REST history. */
export interface HistoryChunk {
  /** ns since 1970 of the first and of the last sample within. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly channels: readonly number[];
  /** A serialized list message; null when it cannot be unpacked. */
  readonly list: Uint8Array | null;
}

/** Reads a body of media type `application/vnd.mat.protobuf+chunked`, piece by piece, one chunk in memory at a time. */
export class ChunkReader {
  #held: Uint8Array = new Uint8Array(0);
  #startNs = 0n;
  #durationNs = 0n;
  #compression = 0;

  /** True when the body may end here. */
  get isBetween(): boolean {
    return this.#held.length === 0;
  }

  /** The chunks that are complete with this piece. Throws ChunkError when what follows cannot be read any more. */
  *push(piece: Uint8Array): Generator<HistoryChunk> {
    this.#held = this.#held.length === 0 ? piece : joined(this.#held, piece);
    let at = 0;
    for (;;) {
      const held = this.#held.subarray(at);
      const header = headerOf(held);
      if (header === null || held.length < header.end + header.packedLength) break;
      at += header.end + header.packedLength;
      this.#startNs += header.startDelta;
      this.#durationNs += header.durationDelta;
      this.#compression += header.compressionDelta;
      yield {
        startNs: this.#startNs,
        endNs: this.#startNs + this.#durationNs,
        channels: header.channels,
        list: this.#unpack(
          held.subarray(header.end, header.end + header.packedLength),
          header.unpackedLength,
        ),
      };
    }
    this.#held = this.#held.slice(at);
  }

  #unpack(packed: Uint8Array, length: number): Uint8Array | null {
    if (this.#compression === PLAIN) return packed.length === length ? packed : null;
    if (this.#compression !== LZ4 || length > MAX_LIST_BYTES) return null;
    const list = new Uint8Array(length);
    try {
      return decompressInto(packed, list) === length ? list : null;
    } catch (error) {
      if (error instanceof Lz4Error) return null;
      throw error;
    }
  }
}

/** The header at the beginning of `held`; null while it is not complete. */
function headerOf(held: Uint8Array) {
  if (held.length < PREFIX_BYTES) return null;
  const length = new DataView(held.buffer, held.byteOffset).getUint32(0, true);
  if (length > MAX_HEADER_BYTES) throw new ChunkError("Header is larger than allowed");
  const end = PREFIX_BYTES + length;
  if (held.length < end) return null;
  const header = {
    end,
    startDelta: 0n,
    durationDelta: 0n,
    channels: [] as number[],
    compressionDelta: 0,
    unpackedLength: 0,
    packedLength: 0,
  };
  try {
    readHeader(new FieldReader(held, PREFIX_BYTES, end), header);
  } catch (error) {
    if (error instanceof BurstError) throw new ChunkError("Header is malformed", { cause: error });
    throw error;
  }
  if (header.packedLength > MAX_PACKED_BYTES) throw new ChunkError("Chunk is larger than allowed");
  return header;
}

function readHeader(fields: FieldReader, header: NonNullable<ReturnType<typeof headerOf>>): void {
  while (fields.at < fields.end) {
    const tag = fields.tag();
    if (tag === START_DELTA) header.startDelta = fields.sint64();
    else if (tag === DURATION_DELTA) header.durationDelta = fields.sint64();
    else if (tag === CHANNEL_ID) header.channels.push(fields.uint32());
    else if (tag === COMPRESSION_DELTA) header.compressionDelta = fields.uint32() | 0;
    else if (tag === UNPACKED_LENGTH) header.unpackedLength = fields.uint32();
    else if (tag === PACKED_LENGTH) header.packedLength = fields.uint32();
    else if (tag === CHANNEL_IDS_PACKED) {
      const end = fields.length() + fields.at;
      while (fields.at < end) header.channels.push(fields.uint32());
    } else fields.skipField(tag);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
