/**
 * An immutable set of channel ids as sorted runs `[first, last, first, last, …]`, both inclusive: real
 * subscriptions are mostly runs of neighbours, so 60,000 channels may take a few bytes, and equal sets
 * have equal runs.
 */
export class ChannelSet {
  static readonly EMPTY = new ChannelSet(new Uint32Array(0));

  readonly #bounds: Uint32Array;

  private constructor(bounds: Uint32Array) {
    this.#bounds = bounds;
  }

  /** Any order, repeats allowed; ids are uint32. */
  static of(ids: Iterable<number>): ChannelSet {
    return fromSorted(Uint32Array.from(ids).sort());

    function fromSorted(sorted: Uint32Array): ChannelSet {
      const bounds: number[] = [];
      for (const id of sorted) {
        const last = bounds.length - 1;
        if (last > 0 && id <= bounds[last]! + 1) bounds[last] = id;
        else bounds.push(id, id);
      }
      return new ChannelSet(Uint32Array.from(bounds));
    }
  }

  /** Number of runs: what a set costs in memory and storage is 8 bytes for each. */
  get runs(): number {
    return this.#bounds.length >> 1;
  }

  has(id: number): boolean {
    const bounds = this.#bounds;
    let low = 0;
    let high = bounds.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[2 * middle + 1]! < id) low = middle + 1;
      else high = middle;
    }
    return 2 * low < bounds.length && bounds[2 * low]! <= id;
  }

  union(other: ChannelSet): ChannelSet {
    if (other.runs === 0) return this;
    if (this.runs === 0) return other;
    const a = this.#bounds;
    const b = other.#bounds;
    const bounds: number[] = [];
    for (let i = 0, j = 0; i < a.length || j < b.length; ) {
      const fromA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
      const first = fromA ? a[i]! : b[j]!;
      const last = fromA ? a[i + 1]! : b[j + 1]!;
      if (fromA) i += 2;
      else j += 2;
      const end = bounds.length - 1;
      if (end > 0 && first <= bounds[end]! + 1) bounds[end] = Math.max(bounds[end]!, last);
      else bounds.push(first, last);
    }
    return new ChannelSet(Uint32Array.from(bounds));
  }

  /** Ids in this set that are not in `other`. */
  minus(other: ChannelSet): ChannelSet {
    const bounds: number[] = [];
    let j = 0;
    for (let i = 0; i < this.#bounds.length; i += 2) {
      let first = this.#bounds[i]!;
      const last = this.#bounds[i + 1]!;
      while (j < other.#bounds.length && other.#bounds[j + 1]! < first) j += 2;
      for (let k = j; k < other.#bounds.length && other.#bounds[k]! <= last && first <= last; k += 2) {
        if (other.#bounds[k]! > first) bounds.push(first, other.#bounds[k]! - 1);
        first = other.#bounds[k + 1]! + 1;
      }
      if (first <= last) bounds.push(first, last);
    }
    return new ChannelSet(Uint32Array.from(bounds));
  }

  /** The runs as varints of the distances between their bounds: one byte for most. */
  encode(): Uint8Array {
    const bytes = new Uint8Array(this.#bounds.length * 5);
    let at = 0;
    let previous = 0;
    for (const bound of this.#bounds) {
      let distance = bound - previous;
      for (; distance > 0x7f; distance = Math.floor(distance / 128)) bytes[at++] = (distance % 128) | 0x80;
      bytes[at++] = distance;
      previous = bound;
    }
    return bytes.slice(0, at);
  }

  /** The inverse of `encode`, for bytes that it made. */
  static decode(bytes: Uint8Array): ChannelSet {
    const bounds: number[] = [];
    let previous = 0;
    for (let at = 0; at < bytes.length; ) {
      let factor = 1;
      let byte: number;
      do {
        byte = bytes[at++]!;
        previous += (byte & 0x7f) * factor;
        factor *= 128;
      } while (byte > 0x7f);
      bounds.push(previous);
    }
    return new ChannelSet(Uint32Array.from(bounds));
  }
}
