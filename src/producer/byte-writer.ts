const INITIAL_BYTES = 4096;
const TWO_32 = 2 ** 32;

/** Bytes of a varint: `value` is an integer, 0 to 2^53. */
export function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}

/** Protobuf's encodings, one after another into a buffer that grows. */
export class ByteWriter {
  #buffer = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#buffer.buffer);
  length = 0;

  /** What was written since the last `clear`, good until the next writing. */
  view(from = 0, to = this.length): Uint8Array {
    return this.#buffer.subarray(from, to);
  }

  /** Starts over, with what stands from `from` on at the beginning. */
  clear(from = this.length): void {
    this.#buffer.copyWithin(0, from, this.length);
    this.length -= from;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.length++] = value;
  }

  /** An integer that doubles hold exactly; a negative one takes ten bytes. */
  varint(value: number): void {
    this.#reserve(10);
    if (value < 0 || value > 0x7fff_ffff) {
      this.#longVarint(value);
      return;
    }
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.#buffer[this.length++] = (rest & 0x7f) | 0x80;
    this.#buffer[this.length++] = rest;
  }

  /** A signed 64-bit varint. */
  int64(value: bigint): void {
    this.#reserve(10);
    this.#halves(Number(BigInt.asUintN(32, value)), Number(BigInt.asUintN(32, value >> 32n)));
  }

  /** A signed 64-bit number of fixed width. */
  fixed64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigInt64(this.length, value, true);
    this.length += 8;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.length);
    this.length += value.length;
  }

  #longVarint(value: number): void {
    const high = Math.floor(value / TWO_32);
    this.#halves(value - high * TWO_32, high >>> 0);
  }

  /** Both unsigned. */
  #halves(lowHalf: number, highHalf: number): void {
    let low = lowHalf;
    let high = highHalf;
    while (high > 0 || low >= 0x80) {
      this.#buffer[this.length++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#buffer[this.length++] = low;
  }

  #reserve(bytes: number): void {
    if (this.length + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.length + bytes));
    larger.set(this.#buffer.subarray(0, this.length));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}
