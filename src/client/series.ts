import type { ChannelType, SampleArray } from "../wire/samples.ts";
import { CHUNK_SAMPLES, Chunk, lowerBound } from "./chunk.ts";
import { type Column, columnOf, runOf } from "./column.ts";
import type { SampleRun } from "./samples.ts";

/** One raw sample. */
export interface Sample {
  /** ns since 1970 */
  readonly timeNs: bigint;
  /** Before shift, mask and conversion. */
  readonly value: number;
}

/**
 * Neighbouring samples of a series, ascending, each time once: views of the store's own memory, valid until the next
 * update. No hole lies within.
 */
export interface Span {
  /** ns since 1970; sample i is at exactly `baseNs + offsetsNs[i]`. */
  readonly baseNs: bigint;
  /** Whole ns after `baseNs` (before it where negative). */
  readonly offsetsNs: Float64Array;
  /** Raw samples in the channel's type. */
  readonly values: SampleArray;
  /** True when samples may be missing before the first one: nothing is to be drawn from the span before to this one. */
  readonly afterHole: boolean;
  /** What the span is cut from: the same object as long as it exists, for caches. */
  readonly chunk: object;
  /** Changes when samples of `chunk` do. */
  readonly revision: number;
}

/** Raw samples of one channel in chunks, in order of time, each time once. */
export class ChunkedSamples {
  readonly type: ChannelType;
  bytes = 0;
  count = 0;
  readonly chunks: Chunk[] = [];

  constructor(type: ChannelType) {
    this.type = type;
  }

  /**
   * Puts a run where it belongs; at a time that is here already, the value that comes last counts. Returns what of the
   * run is new or changes something: the run itself when all of it does, null when none does.
   */
  add(run: SampleRun): SampleRun | null {
    const column = columnOf(run);
    if (column === null) return null;
    if (this.#follows(column)) {
      this.#insert(this.chunks.length - 1, column, 0, column.count);
      return column.isWhole ? run : runOf(run, column, [...Array(column.count).keys()]);
    }
    const fresh = this.#merge(column);
    if (fresh.length === 0) return null;
    return column.isWhole && fresh.length === column.count ? run : runOf(run, column, fresh);
  }

  /** Index of the first chunk that ends at or after the time. */
  chunkFrom(timeNs: bigint): number {
    const at = this.#chunkAt(timeNs);
    return at >= 0 && this.chunks[at]!.lastNs >= timeNs ? at : at + 1;
  }

  /** Drops chunks that end before the time; true if there were any. */
  forget(beforeNs: bigint): boolean {
    const dropped = this.chunks.splice(0, this.chunkFrom(beforeNs));
    for (const chunk of dropped) {
      this.bytes -= chunk.bytes;
      this.count -= chunk.count;
    }
    return dropped.length > 0;
  }

  /** Index of the last chunk that begins at or before the time; -1 when there is none. */
  #chunkAt(timeNs: bigint): number {
    const { chunks } = this;
    if (chunks.length > 0 && chunks.at(-1)!.firstNs <= timeNs) return chunks.length - 1;
    let low = 0;
    let high = chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (chunks[middle]!.firstNs <= timeNs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** True when the column comes after all that is here, as live data does. */
  #follows(column: Column): boolean {
    const last = this.chunks.at(-1);
    if (last === undefined) return true;
    return column.offsetsNs[0]! + last.shiftOf(column, 0, column.count) > last.offsetsNs[last.count - 1]!;
  }

  /** Indexes of the samples that are new or change something. */
  #merge(column: Column): number[] {
    const fresh: number[] = [];
    for (let from = 0; from < column.count; ) {
      const at = this.#chunkAt(timeOf(column, from));
      const next = this.chunks[at + 1];
      const limit = next === undefined ? Number.POSITIVE_INFINITY : Number(next.firstNs - column.baseNs);
      let to = from + 1;
      while (to < column.count && column.offsetsNs[to]! < limit) to++;
      this.#mergeInto(at, column, from, to, fresh);
      from = to;
    }
    return fresh;
  }

  /** Merges samples `[from, to)`, none of which lies beyond chunk `at`. */
  #mergeInto(at: number, column: Column, from: number, to: number, fresh: number[]): void {
    const chunk = this.chunks[at];
    const shift = chunk?.shiftOf(column, from, to) ?? Number.NaN;
    if (chunk === undefined || Number.isNaN(shift)) {
      for (let index = from; index < to; index++) fresh.push(index);
      this.#insert(at, column, from, to);
      return;
    }
    const { offsetsNs, values } = chunk;
    let place = lowerBound(offsetsNs, chunk.count, column.offsetsNs[from]! + shift);
    let hasChanged = false;
    const gaps: [from: number, to: number][] = [];
    for (let index = from; index < to; index++) {
      const offset = column.offsetsNs[index]! + shift;
      const placeBefore = place;
      while (place < chunk.count && offsetsNs[place]! < offset) place++;
      if (place === chunk.count || offsetsNs[place] !== offset) {
        const gap = gaps.at(-1);
        if (gap !== undefined && gap[1] === index && place === placeBefore) gap[1] = index + 1;
        else gaps.push([index, index + 1]);
        fresh.push(index);
      } else if (!Object.is(values[place], column.values[index])) {
        values[place] = column.values[index]!;
        hasChanged = true;
        fresh.push(index);
      }
    }
    if (hasChanged) chunk.revision++;
    for (const [first, end] of gaps) this.#insert(this.#chunkAt(timeOf(column, first)), column, first, end);
  }

  /** Puts samples `[from, to)`, which lie apart, into chunk `at` or behind it. */
  #insert(at: number, column: Column, from: number, to: number): void {
    const before = this.chunks[at];
    const after = this.chunks[at + 1];
    const firstNs = timeOf(column, from);
    if (before?.takes(column, from, to)) {
      this.#put(before, column, from, to);
    } else if (before !== undefined && firstNs < before.lastNs) {
      const later = before.split(firstNs);
      this.bytes += later.bytes;
      this.chunks.splice(at + 1, 0, later);
      this.#insert(at, column, from, to);
    } else if (after?.takes(column, from, to)) {
      this.#put(after, column, from, to);
    } else {
      const end = Math.min(to, from + CHUNK_SAMPLES);
      const chunk = new Chunk(this.type, firstNs);
      this.bytes += chunk.bytes;
      this.chunks.splice(at + 1, 0, chunk);
      this.#put(chunk, column, from, end);
      if (end < to) this.#insert(at + 1, column, end, to);
    }
  }

  #put(chunk: Chunk, column: Column, from: number, to: number): void {
    this.bytes -= chunk.bytes;
    chunk.put(column, from, to);
    this.bytes += chunk.bytes;
    this.count += to - from;
  }
}

function timeOf({ baseNs, offsetsNs }: Column, index: number): bigint {
  return baseNs + BigInt(offsetsNs[index]!);
}
