import type { ChannelType, SampleArray } from "../wire/samples.ts";
import { CHUNK_SAMPLES, Chunk } from "./chunk.ts";
import { type OrderedRun, orderedRun, pickRun } from "./column.ts";
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
    const ordered = orderedRun(run);
    if (ordered === null) return null;
    const at = this.#chunkAt(ordered.baseNs + BigInt(ordered.offsetsNs[0]!));
    if (this.#isApart(at, ordered)) {
      this.#insert(at, ordered, 0, ordered.count);
      return ordered.order === null ? run : pickRun(run, ordered, [...ordered.offsetsNs.keys()]);
    }
    return this.#merge(run, ordered);
  }

  /** Index of the first chunk that ends at or after the time. */
  chunkFrom(timeNs: bigint): number {
    const at = this.#chunkAt(timeNs);
    return at >= 0 && this.chunks[at]!.lastNs >= timeNs ? at : at + 1;
  }

  /** Drops chunks that end before the time. */
  forget(beforeNs: bigint): void {
    const dropped = this.chunks.splice(0, this.chunkFrom(beforeNs));
    for (const chunk of dropped) {
      this.bytes -= chunk.bytes;
      this.count -= chunk.count;
    }
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

  /** True when no sample of the series lies between the first and the last of the run, ends included. */
  #isApart(at: number, { baseNs, offsetsNs, count }: OrderedRun): boolean {
    const before = this.chunks[at];
    const after = this.chunks[at + 1];
    const isAfter = before === undefined || before.lastNs < baseNs + BigInt(offsetsNs[0]!);
    return isAfter && (after === undefined || after.firstNs > baseNs + BigInt(offsetsNs[count - 1]!));
  }

  #merge(run: SampleRun, ordered: OrderedRun): SampleRun | null {
    const fresh: number[] = [];
    const missing: number[] = [];
    for (let index = 0; index < ordered.count; index++) {
      const timeNs = ordered.baseNs + BigInt(ordered.offsetsNs[index]!);
      const chunk = this.chunks[this.#chunkAt(timeNs)];
      const place = chunk?.indexOf(timeNs) ?? 0;
      const value = ordered.values[index]!;
      if (chunk === undefined || place === chunk.count || chunk.offsetsNs[place] !== chunk.offsetOf(timeNs)) {
        missing.push(index);
        fresh.push(index);
      } else if (!Object.is(chunk.values[place], value)) {
        chunk.values[place] = value;
        chunk.revision++;
        fresh.push(index);
      }
    }
    for (const index of missing) this.#insertOne(ordered, index);
    if (fresh.length === 0) return null;
    return fresh.length === run.timesNs.length && ordered.order === null ? run : pickRun(run, ordered, fresh);
  }

  #insertOne(ordered: OrderedRun, index: number): void {
    const at = this.#chunkAt(ordered.baseNs + BigInt(ordered.offsetsNs[index]!));
    this.#insert(at, ordered, index, index + 1);
  }

  /** Puts samples `[from, to)`, which lie apart, into chunk `at` or behind it. */
  #insert(at: number, ordered: OrderedRun, from: number, to: number): void {
    const before = this.chunks[at];
    const after = this.chunks[at + 1];
    const firstNs = ordered.baseNs + BigInt(ordered.offsetsNs[from]!);
    if (before?.takes(ordered, from, to)) {
      this.#put(before, ordered, from, to);
    } else if (before !== undefined && firstNs < before.lastNs) {
      this.chunks.splice(at + 1, 0, before.split());
      this.#recount();
      this.#insert(this.#chunkAt(firstNs), ordered, from, to);
    } else if (after?.takes(ordered, from, to)) {
      this.#put(after, ordered, from, to);
    } else {
      const end = Math.min(to, from + CHUNK_SAMPLES);
      const chunk = new Chunk(this.type, firstNs);
      this.bytes += chunk.bytes;
      this.chunks.splice(at + 1, 0, chunk);
      this.#put(chunk, ordered, from, end);
      if (end < to) this.#insert(at + 1, ordered, end, to);
    }
  }

  #put(chunk: Chunk, ordered: OrderedRun, from: number, to: number): void {
    this.bytes -= chunk.bytes;
    chunk.put(ordered, from, to);
    this.bytes += chunk.bytes;
    this.count += to - from;
  }

  #recount(): void {
    this.bytes = this.chunks.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
