/** A reply near this size keeps memory and latency small. */
const TARGET_REPLY_BYTES = 1024 * 1024;
/**
 * Entries asked for while nothing is known of their size. Seven of 1 MiB, the protocol's largest, are just
 * under the 10 MB that Upstash allows a reply, base64 included.
 */
const CAUTIOUS_COUNT = 7;
const MAX_COUNT = 1_000;
/** How fast the memory of a large entry fades, per read that had entries. */
const FADE = 0.9;

/** How many entries to ask for, so that a reply stays near its target: learned from the entries seen. */
export class ReadSize {
  readonly #targetBytes: number;
  #largestBytes = 0;
  #count = CAUTIOUS_COUNT;

  /** `targetBytes` of encoded entries in a reply. */
  constructor(targetBytes = TARGET_REPLY_BYTES) {
    this.#targetBytes = targetBytes;
  }

  /** For COUNT of the next read. */
  get count(): number {
    return this.#count;
  }

  /** The same for a read whose entries are to stay within `bytes` too, though it must ask for one at least. */
  countWithin(bytes: number): number {
    const fitting = Math.floor(bytes / (this.#largestBytes || TARGET_REPLY_BYTES));
    return Math.max(1, Math.min(this.#count, fitting));
  }

  /** After a read: the encoded sizes of its entries. Grows step by step, so that a change is noticed early. */
  observe(encodedBytes: readonly number[]): void {
    if (encodedBytes.length === 0) return;
    this.#largestBytes = Math.max(this.#largestBytes * FADE, ...encodedBytes);
    const fitting = Math.floor(this.#targetBytes / Math.max(1, this.#largestBytes));
    const reachable = Math.max(CAUTIOUS_COUNT, 2 * Math.min(this.#count, encodedBytes.length));
    this.#count = Math.max(1, Math.min(fitting, Math.max(reachable, this.#count), MAX_COUNT));
  }

  /** After a reply over the gateway's limit. False when a single entry is already too large. */
  shrink(): boolean {
    if (this.#count === 1) return false;
    this.#count = Math.max(1, this.#count >> 1);
    return true;
  }

  /** After silence or a fault: what piled up may be of another size. */
  beCautious(): void {
    this.#count = Math.min(this.#count, CAUTIOUS_COUNT);
  }
}
