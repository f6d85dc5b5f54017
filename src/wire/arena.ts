const WORD_BYTES = 8;

/**
 * Memory that arrays lie side by side in: what is behind `at` is never written to again. Making a buffer for each array
 * would cost more than reading the samples that go there.
 */
export class Arena {
  buffer = new ArrayBuffer(0);
  /** Views of `buffer`. Typed arrays are little-endian on every platform there is. */
  words = new BigInt64Array(0);
  /** `words` as halves, low first. */
  halves = new Int32Array(0);
  bytes = new Uint8Array(0);
  /** Index in `words` of the first one that is free. */
  at = 0;
  readonly #leastBytes: number;

  /** Makes room for so many bytes at a time, a multiple of eight, and for more where more is asked for. */
  constructor(leastBytes: number) {
    this.#leastBytes = leastBytes;
  }

  /** Makes sure that so many words are free from `at` on, which may then be in other memory. */
  reserve(words: number): void {
    if (this.at + words <= this.words.length) return;
    const bytes = WORD_BYTES * 2 ** Math.ceil(Math.log2(words));
    const buffer = new ArrayBuffer(Math.max(this.#leastBytes, bytes));
    this.buffer = buffer;
    this.words = new BigInt64Array(buffer);
    this.halves = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.at = 0;
  }

  /** Reserves so many bytes, takes the words that they are in, and returns the index in `bytes` of the first. */
  take(bytes: number): number {
    const words = Math.ceil(bytes / WORD_BYTES);
    this.reserve(words);
    const first = this.at;
    this.at += words;
    return WORD_BYTES * first;
  }
}
