import type { BurstSealer } from "./burst-sealer.ts";
import type { ChannelDefinition } from "./channel-definition.ts";
import { type Column, MAX_RUN_SAMPLES } from "./column.ts";
import { halvesOf, stepNs } from "./delta-encoder.ts";
import type { Values } from "./sample-values.ts";
import { StoredSamples } from "./stored-samples.ts";

/** Samples that follow each other by the interval. */
interface Segment {
  startNs: bigint;
  /** Index of the first. */
  from: number;
}

export class PeriodicColumn implements Column {
  readonly sampleBytes: number;
  readonly #channel: ChannelDefinition;
  readonly #intervalNs: bigint;
  readonly #samples: StoredSamples;
  readonly #segments: Segment[] = [];

  constructor(channel: ChannelDefinition, intervalNs: bigint) {
    this.#channel = channel;
    this.#intervalNs = intervalNs;
    this.#samples = new StoredSamples(channel);
    this.sampleBytes = this.#samples.width;
  }

  append(timesNs: BigInt64Array, values: Values): void {
    const before = this.#samples.count;
    this.#samples.append(values);
    this.#continueAt(timesNs[0]!, before);
    const halves = halvesOf(timesNs);
    const interval = Number(this.#intervalNs);
    for (let i = 1; i < timesNs.length; i += 1) {
      if (stepNs(halves, i) !== interval) this.#segments.push({ startNs: timesNs[i]!, from: before + i });
    }
  }

  /** As `append`, each sample an interval after the one before. */
  appendFrom(startNs: bigint, values: Values): void {
    const before = this.#samples.count;
    this.#samples.append(values);
    this.#continueAt(startNs, before);
  }

  seal(sealer: BurstSealer): void {
    for (const [index, { startNs, from }] of this.#segments.entries()) {
      const end = this.#segments[index + 1]?.from ?? this.#samples.count;
      for (let first = from; first < end; first += MAX_RUN_SAMPLES) {
        const next = Math.min(end, first + MAX_RUN_SAMPLES);
        const unitNs = this.#intervalNs;
        const runStartNs = startNs + unitNs * BigInt(first - from);
        const head = { channel: this.#channel.id, startNs: runStartNs, unitNs };
        sealer.writer.periodic(head, next - first, this.#samples.bytes(first, next));
        sealer.added({
          startNs: runStartNs,
          endNs: runStartNs + unitNs * BigInt(next - first - 1),
          samples: next - first,
        });
      }
    }
    this.#segments.length = 0;
    this.#samples.clear();
  }

  #continueAt(startNs: bigint, from: number): void {
    const last = this.#segments.at(-1);
    const nextNs = last && last.startNs + this.#intervalNs * BigInt(from - last.from);
    if (startNs !== nextNs) this.#segments.push({ startNs, from });
  }
}
