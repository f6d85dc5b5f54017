import type { BurstSealer } from "./burst-sealer.ts";
import type { ChannelDefinition } from "./channel-definition.ts";
import { type Column, INITIAL_SAMPLES, MAX_RUN_SAMPLES } from "./column.ts";
import { DeltaEncoder, halvesOf } from "./delta-encoder.ts";
import type { Values } from "./sample-values.ts";
import { StoredSamples } from "./stored-samples.ts";

/** Shared, since sealing is done in one go. */
const DELTAS = new DeltaEncoder();

export class TimestampedColumn implements Column {
  readonly sampleBytes: number;
  readonly #channel: ChannelDefinition;
  readonly #samples: StoredSamples;
  #times = new BigInt64Array(INITIAL_SAMPLES);

  constructor(channel: ChannelDefinition) {
    this.#channel = channel;
    this.#samples = new StoredSamples(channel);
    this.sampleBytes = this.#samples.width + BigInt64Array.BYTES_PER_ELEMENT;
  }

  append(timesNs: BigInt64Array, values: Values): void {
    const before = this.#samples.count;
    this.#samples.append(values);
    if (this.#samples.count > this.#times.length) {
      const larger = new BigInt64Array(this.#samples.capacity);
      larger.set(this.#times.subarray(0, before));
      this.#times = larger;
    }
    this.#times.set(timesNs, before);
  }

  seal(sealer: BurstSealer): void {
    const { count } = this.#samples;
    const halves = halvesOf(this.#times);
    for (let from = 0, end = 0; from < count; from = end) {
      end = DELTAS.encode(halves, from, Math.min(count, from + MAX_RUN_SAMPLES));
      const startNs = this.#times[from]!;
      const head = { channel: this.#channel.id, startNs, unitNs: BigInt(DELTAS.unitNs) };
      sealer.writer.timestamped(head, DELTAS.bytes.view(), this.#samples.bytes(from, end));
      sealer.added({
        startNs: startNs + BigInt(DELTAS.earliestNs),
        endNs: startNs + BigInt(DELTAS.latestNs),
        samples: end - from,
      });
    }
    this.#samples.clear();
  }
}
