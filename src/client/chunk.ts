import { type ChannelType, type SampleArray, sampleArray } from "../wire/samples.ts";
import { type Column, MAX_EXACT } from "./column.ts";

/** Samples of one chunk: few enough to shift within when late ones come, enough to make objects around them cheap. */
export const CHUNK_SAMPLES = 1024;
const FIRST_SAMPLES = 32;

/** Up to 1024 neighbouring samples of a series, ascending. */
export class Chunk {
  readonly type: ChannelType;
  readonly baseNs: bigint;
  offsetsNs: Float64Array;
  values: SampleArray;
  count = 0;
  /** Changes with each change of the samples. */
  revision = 0;

  constructor(type: ChannelType, baseNs: bigint, capacity = FIRST_SAMPLES) {
    this.type = type;
    this.baseNs = baseNs;
    this.offsetsNs = new Float64Array(capacity);
    this.values = sampleArray(type, capacity);
  }

  get firstNs(): bigint {
    return this.baseNs + BigInt(this.offsetsNs[0]!);
  }

  get lastNs(): bigint {
    return this.baseNs + BigInt(this.offsetsNs[this.count - 1]!);
  }

  /** Bytes of memory of its samples. */
  get bytes(): number {
    return this.offsetsNs.byteLength + this.values.byteLength;
  }

  /** Index of the first sample at or after the time. */
  indexOf(timeNs: bigint): number {
    return lowerBound(this.offsetsNs, this.count, Number(timeNs - this.baseNs));
  }

  /** True when samples `[from, to)` of the column can be put in without a new chunk. */
  takes(column: Column, from: number, to: number): boolean {
    return this.count + to - from <= CHUNK_SAMPLES && !Number.isNaN(this.shiftOf(column, from, to));
  }

  /**
   * Puts samples `[from, to)` of the column in, which `takes` has allowed and of whose times none is here: from the
   * end on, so that only what comes after the first of them is moved.
   */
  put(column: Column, from: number, to: number): void {
    const shift = this.shiftOf(column, from, to);
    const { count } = this;
    this.#reserve(count + to - from);
    const { offsetsNs, values } = this;
    let old = count;
    let fresh = to;
    let at = count + to - from;
    while (fresh > from) {
      const offset = column.offsetsNs[fresh - 1]! + shift;
      if (old > 0 && offsetsNs[old - 1]! > offset) {
        old--;
        at--;
        offsetsNs[at] = offsetsNs[old]!;
        values[at] = values[old]!;
      } else {
        fresh--;
        at--;
        offsetsNs[at] = offset;
        values[at] = column.values[fresh]!;
      }
    }
    this.count = count + to - from;
    this.revision++;
  }

  /** Moves the samples from the time on to a chunk of their own. */
  split(timeNs: bigint): Chunk {
    const from = this.indexOf(timeNs);
    const later = new Chunk(this.type, this.baseNs, this.count - from);
    later.offsetsNs.set(this.offsetsNs.subarray(from, this.count));
    later.values.set(this.values.subarray(from, this.count));
    later.count = this.count - from;
    this.count = from;
    this.revision++;
    return later;
  }

  /** What is to be added to the column's offsets `[from, to)`; NaN when the chunk's base is too far from them. */
  shiftOf(column: Column, from: number, to: number): number {
    const shift = Number(column.baseNs - this.baseNs);
    const first = column.offsetsNs[from]! + shift;
    const last = column.offsetsNs[to - 1]! + shift;
    return Math.max(Math.abs(shift), Math.abs(first), Math.abs(last)) <= MAX_EXACT ? shift : Number.NaN;
  }

  #reserve(samples: number): void {
    if (samples <= this.offsetsNs.length) return;
    const capacity = Math.min(CHUNK_SAMPLES, Math.max(samples, 2 * this.offsetsNs.length));
    const offsetsNs = new Float64Array(capacity);
    const values = sampleArray(this.type, capacity);
    offsetsNs.set(this.offsetsNs);
    values.set(this.values);
    this.offsetsNs = offsetsNs;
    this.values = values;
  }
}

/** Index of the first of `count` ascending numbers that is not below `wanted`. */
export function lowerBound(ascending: Float64Array, count: number, wanted: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
