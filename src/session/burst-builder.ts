import { Lz4Encoder } from "../wire/lz4.ts";

/** Size of a burst to viewers before compression, by the protocol. */
export const TARGET_BURST_BYTES = 64 * 1024;

/**
 * Joins items into bursts of at most `TARGET_BURST_BYTES`; a larger item goes alone, none is ever cut. Items
 * are copied within one buffer whose first `TARGET_BURST_BYTES` belong to the builder: that allocates nothing.
 */
export class BurstBuilder {
  readonly #encoder = new Lz4Encoder();
  readonly #emit: (message: Uint8Array) => void;
  #bytes = 0;
  #added = 0;
  /** The message that holds just what was added, while that is one entry as it came. */
  #whole: Uint8Array | null = null;

  /** `emit` gets each finished message. */
  constructor(emit: (message: Uint8Array) => void) {
    this.#emit = emit;
  }

  /** Bytes that were ever added. */
  get added(): number {
    return this.#added;
  }

  /** Adds buffer[start, end): one item. */
  add(buffer: Uint8Array, start: number, end: number): void {
    this.#makeRoom(buffer, end - start);
    if (end - start > TARGET_BURST_BYTES) this.#emit(this.#encoder.encode(buffer, start, end));
    else this.#append(buffer, start, end);
    this.#whole = null;
  }

  /** Adds buffer[start, end): all items of an entry, which came compressed as `message`. */
  addWhole(buffer: Uint8Array, start: number, end: number, message: Uint8Array): void {
    this.#makeRoom(buffer, end - start);
    if (end - start > TARGET_BURST_BYTES) {
      this.#emit(message);
      return;
    }
    this.#whole = this.#bytes === 0 ? message : null;
    this.#append(buffer, start, end);
  }

  /** Emits what is left. */
  finish(buffer: Uint8Array): void {
    if (this.#bytes > 0) this.#emit(this.#whole ?? this.#encoder.encode(buffer, 0, this.#bytes));
    this.#bytes = 0;
    this.#whole = null;
  }

  #makeRoom(buffer: Uint8Array, bytes: number): void {
    this.#added += bytes;
    if (this.#bytes + bytes > TARGET_BURST_BYTES) this.finish(buffer);
  }

  #append(buffer: Uint8Array, start: number, end: number): void {
    buffer.copyWithin(this.#bytes, start, end);
    this.#bytes += end - start;
  }
}
