export class BurstError extends Error {
  override readonly name = "BurstError";
}

/** protobuf's wire types. */
export const WireType = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;

/** The longest varint: 64 bits, 7 to a byte. */
export const MAX_VARINT_BYTES = 10;
/** Groups are long out of use and skipped unread; more nesting than this is an attack on the stack. */
const MAX_GROUP_DEPTH = 16;

/**
 * A cursor over the fields of one protobuf message at a time, for callers that pick what to read.
 * Accepts what protobufjs accepts but for varints longer than 10 bytes. All methods throw BurstError on malformed bytes.
 */
export class FieldReader {
  buffer: Uint8Array;
  at: number;
  end: number;
  /** The last varint read, as signed halves. */
  low = 0;
  high = 0;

  constructor(buffer: Uint8Array, at: number, end: number) {
    this.buffer = buffer;
    this.at = at;
    this.end = end;
  }

  /** Turns to another message. */
  load(buffer: Uint8Array, at: number, end: number): void {
    this.buffer = buffer;
    this.at = at;
    this.end = end;
  }

  /** The next field's tag: number << 3 | wire type. */
  tag(): number {
    if (this.at < this.end) {
      const byte = this.buffer[this.at]!;
      if (byte < 0x80 && byte >= 8) {
        this.at++;
        return byte;
      }
    }
    const tag = this.#shortVarint(15);
    if (tag < 8) throw new BurstError("Field number 0");
    return tag;
  }

  /** A length prefix. The bytes it announces are there. */
  length(): number {
    let length = this.at < this.end ? this.buffer[this.at]! : 0x80;
    if (length < 0x80) this.at++;
    else length = this.#shortVarint(7);
    if (length > this.end - this.at) throw new BurstError("Field reaches past the end of its message");
    return length;
  }

  /** Reads a varint into `low` and `high`. */
  varint(): void {
    const start = this.at;
    const { buffer } = this;
    this.high = 0;
    if (start < this.end && buffer[start]! < 0x80) {
      this.low = buffer[start]!;
      this.at = start + 1;
      return;
    }
    this.skipVarint();
    let low = 0;
    let high = 0;
    for (let i = start, shift = 0; i < this.at; i++, shift += 7) {
      const bits = buffer[i]! & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high = bits >>> 4;
      else if (shift > 32) high |= bits << (shift - 32);
    }
    this.low = low;
    this.high = high;
  }

  /** The low 32 bits of a varint, unsigned. */
  uint32(): number {
    this.varint();
    return this.low >>> 0;
  }

  /** A signed 64-bit number of fixed width. */
  fixed64(): bigint {
    return this.#view(8).getBigInt64(0, true);
  }

  double(): number {
    return this.#view(8).getFloat64(0, true);
  }

  /** The content of a length-delimited field: a view. */
  bytes(): Uint8Array {
    const length = this.length();
    this.skip(length);
    return this.buffer.subarray(this.at - length, this.at);
  }

  skipVarint(): void {
    const { buffer } = this;
    const end = this.end < this.at + MAX_VARINT_BYTES ? this.end : this.at + MAX_VARINT_BYTES;
    for (let at = this.at; at < end; at++) {
      if (buffer[at]! < 0x80) {
        this.at = at + 1;
        return;
      }
    }
    throw new BurstError("Varint is cut off or too long");
  }

  /** Steps over `bytes` bytes. */
  skip(bytes: number): void {
    if (bytes > this.end - this.at) throw new BurstError("Field reaches past the end of its message");
    this.at += bytes;
  }

  /** Steps over the content of a field whose tag was just read. */
  skipField(tag: number, depth = 0): void {
    const type = tag & 7;
    if (type === WireType.varint) this.skipVarint();
    else if (type === WireType.bytes) this.skip(this.length());
    else if (type === WireType.fixed64) this.skip(8);
    else if (type === WireType.fixed32) this.skip(4);
    else if (type === WireType.groupStart) this.#skipGroup(tag, depth);
    else throw new BurstError("Unknown wire type or stray end of group");
  }

  #view(bytes: number): DataView {
    this.skip(bytes);
    return new DataView(this.buffer.buffer, this.buffer.byteOffset + this.at - bytes, bytes);
  }

  #skipGroup(start: number, depth: number): void {
    if (depth === MAX_GROUP_DEPTH) throw new BurstError("Groups nested too deeply");
    const endTag = start + 1;
    for (let tag = this.tag(); tag !== endTag; tag = this.tag()) this.skipField(tag, depth + 1);
  }

  /** A varint of up to 5 bytes whose fifth is at most `fifthMax`. */
  #shortVarint(fifthMax: number): number {
    const { buffer, end } = this;
    let value = 0;
    for (let shift = 0; this.at < end; shift += 7) {
      const byte = buffer[this.at++]!;
      if (shift === 28) {
        if (byte > fifthMax) break;
        return (value | (byte << 28)) >>> 0;
      }
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new BurstError("Tag or length is cut off or too long");
  }
}
