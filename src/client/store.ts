import type { ChannelType } from "../wire/samples.ts";
import { type Coverage, SessionCoverage } from "./coverage.ts";
import { mustBe } from "./errors.ts";
import type { Hole, SampleRun } from "./samples.ts";
import { ChunkedSamples, type Sample, type Span } from "./series.ts";
import { spansOf } from "./spans.ts";
import { type Statistics, statisticsOf } from "./statistics.ts";

const DEFAULT_SECONDS = 600;
const DEFAULT_BYTES = 256 * 1024 * 1024;
const NS_PER_S = 1e9;
/** Old samples are dropped once in so many runs. */
const SWEEP_RUNS = 1_000;
/** What is dropped at once when the bytes are too many, of all that there may be. */
const SHRINK = 1 / 16;

export interface StoreOptions {
  /** Samples this much older than the newest of their channel are dropped. Default 600. */
  readonly seconds?: number | undefined;
  /** Samples are dropped, the oldest first, while they take more memory than this. Default 256 MiB. */
  readonly bytes?: number | undefined;
}

/** A part of a session's time, ns since 1970, both ends inclusive; an absent one is open. */
export interface Within {
  readonly startNs?: bigint | undefined;
  readonly endNs?: bigint | undefined;
}

/** The samples of one channel, in order of time, each time once. Reads copy nothing and are never out of date. */
export interface Series {
  readonly channel: number;
  /** Null before the first sample. */
  readonly type: ChannelType | null;
  readonly count: number;
  /** Changes whenever samples or holes do. */
  readonly revision: number;
  /** The first sample kept; null without samples. */
  first(): Sample | null;
  /** The newest sample; null without samples. */
  latest(): Sample | null;
  /** The newest sample at or before the time; null when there is none, or a hole lies between. */
  at(timeNs: bigint): Sample | null;
  /** The samples within, in pieces of up to 1024. */
  spans(within?: Within): Span[];
  /** Where samples may be missing; those of cause `pending` may yet come. */
  holes(within?: Within): readonly Hole[];
  /**
   * Of the samples within. `toValue` is for values in a parameter's unit; without it they are raw. Null without samples.
   */
  statistics(within?: Within, toValue?: (raw: number) => number): Statistics | null;
}

/** The samples of a session: history, backfill and live data merged, as far back as the bounds allow. */
export interface Store {
  /** Channels of which there are samples. */
  readonly channels: readonly number[];
  /** How much older than the newest sample of a channel its others may be, in ns. */
  readonly retentionNs: bigint;
  /** Memory that the samples take. */
  readonly bytes: number;
  /** Of one channel; the same object each time, whether or not there are samples yet. */
  series(channel: number): Series;
  /**
   * Merges samples in; at a time that is there already, the value that comes last counts. Returns those that are new or
   * change something: the run itself, part of it, or null. `follow` does this for the store that it is given.
   */
  add(run: SampleRun): SampleRun | null;
  /** Forgets everything. */
  clear(): void;
  /** Where the holes come from. */
  readonly coverage: SessionCoverage;
}

/** A store for `follow`, or to be filled by hand. Throws ClientError. */
export function createStore({ seconds = DEFAULT_SECONDS, bytes = DEFAULT_BYTES }: StoreOptions = {}): Store {
  mustBe(Number.isFinite(seconds) && seconds > 0, "seconds", "a number above 0");
  mustBe(Number.isFinite(bytes) && bytes > 0, "bytes", "a number above 0");
  return new SampleStore(BigInt(Math.round(seconds * NS_PER_S)), bytes);
}

class SampleStore implements Store {
  readonly coverage = new SessionCoverage();
  readonly retentionNs: bigint;
  readonly #maxBytes: number;
  readonly #series = new Map<number, StoredSeries>();
  #bytes = 0;
  #runs = 0;

  constructor(retentionNs: bigint, maxBytes: number) {
    this.retentionNs = retentionNs;
    this.#maxBytes = maxBytes;
  }

  get channels(): readonly number[] {
    return [...this.#series.values()].filter(({ count }) => count > 0).map(({ channel }) => channel);
  }

  get bytes(): number {
    return this.#bytes;
  }

  series(channel: number): StoredSeries {
    let series = this.#series.get(channel);
    if (series === undefined) {
      series = new StoredSeries(channel, this.coverage.of(channel));
      this.#series.set(channel, series);
    }
    return series;
  }

  add(run: SampleRun): SampleRun | null {
    const series = this.series(run.channel);
    const before = series.bytes;
    const fresh = series.add(run);
    this.#bytes += series.bytes - before;
    if (++this.#runs >= SWEEP_RUNS) this.#sweep((each) => (each.latest()?.timeNs ?? 0n) - this.retentionNs);
    if (this.#bytes > this.#maxBytes) this.#shrink();
    return fresh;
  }

  clear(): void {
    this.#series.clear();
    this.coverage.clear();
    this.#bytes = 0;
  }

  /** Drops what ends before the time that is given for each series. */
  #sweep(horizonOf: (series: StoredSeries) => bigint): void {
    this.#runs = 0;
    for (const series of this.#series.values()) {
      const before = series.bytes;
      series.forget(horizonOf(series));
      this.#bytes += series.bytes - before;
    }
  }

  /** Drops the oldest chunks of all, somewhat more than must go, since looking for them takes a while. */
  #shrink(): void {
    const chunks = [...this.#series.values()].flatMap((series) => series.chunks());
    chunks.sort((a, b) => (a.lastNs < b.lastNs ? -1 : 1));
    let excess = this.#bytes - this.#maxBytes * (1 - SHRINK);
    const last = chunks.find(({ bytes }) => {
      excess -= bytes;
      return excess <= 0;
    });
    if (last !== undefined) this.#sweep(() => last.lastNs + 1n);
  }
}

class StoredSeries implements Series {
  readonly channel: number;
  readonly coverage: Coverage;
  #samples: ChunkedSamples | null = null;
  #changes = 0;

  constructor(channel: number, coverage: Coverage) {
    this.channel = channel;
    this.coverage = coverage;
  }

  get type(): ChannelType | null {
    return this.#samples?.type ?? null;
  }

  get count(): number {
    return this.#samples?.count ?? 0;
  }

  get revision(): number {
    return this.#changes + this.coverage.revision;
  }

  get bytes(): number {
    return this.#samples?.bytes ?? 0;
  }

  /** A channel whose type has changed was misread until now: its samples go. */
  add(run: SampleRun): SampleRun | null {
    if (this.#samples?.type !== run.type) this.#samples = new ChunkedSamples(run.type);
    const fresh = this.#samples.add(run);
    if (fresh !== null) this.#changes++;
    return fresh;
  }

  chunks(): readonly { readonly lastNs: bigint; readonly bytes: number }[] {
    return (this.#samples?.chunks ?? []).map(({ lastNs, bytes }) => ({ lastNs, bytes }));
  }

  forget(beforeNs: bigint): void {
    if (this.#samples?.forget(beforeNs)) this.#changes++;
    this.coverage.forget(beforeNs);
  }

  first(): Sample | null {
    const chunk = this.#samples?.chunks[0];
    return chunk === undefined ? null : { timeNs: chunk.firstNs, value: chunk.values[0]! };
  }

  latest(): Sample | null {
    const chunk = this.#samples?.chunks.at(-1);
    return chunk === undefined ? null : { timeNs: chunk.lastNs, value: chunk.values[chunk.count - 1]! };
  }

  at(timeNs: bigint): Sample | null {
    const last = this.spans({ endNs: timeNs }).at(-1);
    if (last === undefined) return null;
    const index = last.offsetsNs.length - 1;
    const sample = { timeNs: last.baseNs + BigInt(last.offsetsNs[index]!), value: last.values[index]! };
    const isLost = this.coverage.holes().some((hole) => hole.startNs < timeNs && hole.endNs > sample.timeNs);
    return isLost ? null : sample;
  }

  spans(within: Within = {}): Span[] {
    return this.#samples === null ? [] : spansOf(this.#samples, this.coverage.holes(), within);
  }

  holes({ startNs, endNs }: Within = {}): readonly Hole[] {
    return this.coverage
      .holes()
      .filter(
        (hole) =>
          (startNs === undefined || hole.endNs > startNs) && (endNs === undefined || hole.startNs < endNs),
      );
  }

  statistics(within: Within = {}, toValue?: (raw: number) => number): Statistics | null {
    return statisticsOf(this.spans(within), toValue);
  }
}
