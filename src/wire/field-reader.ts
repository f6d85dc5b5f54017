export class BurstError extends Error {
  override readonly name = "BurstError";
}

/** protobuf's wire types. */
export const WireType = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;

/** Keeps text as it was written; invalid UTF-8 becomes U+FFFD. */
export const UTF8 = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** The longest varint: 64 bits, 7 to a byte. */
export const MAX_VARINT_BYTES = 10;
/** Groups are long out of use and skipped unread; more nesting than this is an attack on the stack. */
const MAX_GROUP_DEPTH = 16;

/**
 * A cursor over the fields of one protobuf message at a time, for callers that pick what to read.
 *
 * Accepts what protobufjs accepts but for varints longer than 10 bytes and groups nested deeper than 16. Methods throw
 * BurstError on malformed bytes. What is rare stands in methods of its own, to keep the rest small enough to inline.
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
    const byte = this.at < this.end ? this.buffer[this.at]! : 0;
    if (byte < 8 || byte >= 0x80) return this.#longTag();
    this.at++;
    return byte;
  }

  /** A length prefix. The bytes it announces are there. */
  length(): number {
    const byte = this.at < this.end ? this.buffer[this.at]! : 0;
    if (byte >= 0x80 || byte >= this.end - this.at) return this.#longLength();
    this.at++;
    return byte;
  }

  /** Reads a varint into `low` and `high`. */
  varint(): void {
    const byte = this.at < this.end ? this.buffer[this.at]! : 0x80;
    if (byte >= 0x80) {
      this.#longVarint();
    } else {
      this.at++;
      this.low = byte;
      this.high = 0;
    }
  }

  /** The low 32 bits of a varint, unsigned. */
  uint32(): number {
    this.varint();
    return this.low >>> 0;
  }

  /** A varint of 64 bits in zigzag form. */
  sint64(): bigint {
    this.varint();
    const bits = (BigInt(this.high >>> 0) << 32n) | BigInt(this.low >>> 0);
    return (bits >> 1n) ^ -(bits & 1n);
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

  /** Steps over `bytes` bytes. */
  skip(bytes: number): void {
    if (bytes > this.end - this.at) fail("Field reaches past the end of its message");
    this.at += bytes;
  }

  skipVarint(): void {
    const { at, end, buffer } = this;
    for (let i = at; i < end; i++) {
      if (buffer[i]! < 0x80) {
        if (i - at >= MAX_VARINT_BYTES) break;
        this.at = i + 1;
        return;
      }
    }
    fail("Varint is cut off or too long");
  }

  /** Steps over the content of a field whose tag was just read. */
  skipField(tag: number): void {
    const type = tag & 7;
    if (type === WireType.varint) this.skipVarint();
    else if (type === WireType.bytes) this.skip(this.length());
    else if (type === WireType.fixed64) this.skip(8);
    else if (type === WireType.fixed32) this.skip(4);
    else this.#skipGroup(tag, 0);
  }

  #view(bytes: number): DataView {
    this.skip(bytes);
    return new DataView(this.buffer.buffer, this.buffer.byteOffset + this.at - bytes, bytes);
  }

  #skipGroup(start: number, depth: number): void {
    if ((start & 7) !== WireType.groupStart) fail("Unknown wire type or stray end of group");
    if (depth === MAX_GROUP_DEPTH) fail("Groups nested too deeply");
    const end = start - WireType.groupStart + WireType.groupEnd;
    for (let tag = this.tag(); tag !== end; tag = this.tag()) {
      if ((tag & 7) === WireType.groupStart) this.#skipGroup(tag, depth + 1);
      else this.skipField(tag);
    }
  }

  #longTag(): number {
    const tag = this.#shortVarint(15);
    return tag < 8 ? fail("Field number 0") : tag;
  }

  #longLength(): number {
    const length = this.#shortVarint(7);
    return length > this.end - this.at ? fail("Field reaches past the end of its message") : length;
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
    return fail("Tag or length is cut off or too long");
  }

  /** Reads a varint of up to 28 bits; false for any other. */
  #fourByteVarint(): boolean {
    const { buffer, at } = this;
    const end = Math.min(this.end, at + 4);
    let low = 0;
    for (let i = at, shift = 0; i < end; i++, shift += 7) {
      const byte = buffer[i]!;
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.low = low;
        this.high = 0;
        this.at = i + 1;
        return true;
      }
    }
    return false;
  }

  #longVarint(): void {
    if (this.#fourByteVarint()) return;
    const start = this.at;
    this.skipVarint();
    let low = 0;
    let high = 0;
    for (let i = start, shift = 0; i < this.at; i++, shift += 7) {
      const bits = this.buffer[i]! & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high = bits >>> 4;
      else if (shift > 32) high |= bits << (shift - 32);
    }
    this.low = low;
    this.high = high;
  }
}

function fail(reason: string): never {
  throw new BurstError(reason);
}
