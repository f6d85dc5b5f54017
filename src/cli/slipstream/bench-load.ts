import { setTimeout as sleep } from "node:timers/promises";
import { encodeItems, type ProducerSession, periodicItem, timeRangeItem } from "../../producer/index.ts";
import { CommandError } from "../command-error.ts";

/** Bursts that wait for Redis: with more, the load is not the one that was asked for. */
const MAX_WAITING = 200;

export interface BenchLoadOptions {
  readonly channels: number;
  readonly samples: number;
  /** Bursts a second. */
  readonly rate: number;
  readonly bursts: number;
  /** ms since 1970, with fractions, of the clock that latencies are measured with. */
  readonly startMs: number;
  readonly stop: AbortSignal;
}

/** What of the load was due when: the time of a burst's first sample is when it is due. */
export class BenchLoad {
  /** How late each burst was handed to the producer, which is the fault of this machine. */
  readonly lateMs: number[] = [];
  readonly startNs: bigint;
  readonly #options: BenchLoadOptions;
  readonly #values: Float32Array[];

  constructor(options: BenchLoadOptions) {
    this.#options = options;
    this.startNs = BigInt(Math.round(options.startMs * 1000)) * 1000n;
    // As telemetry is: smooth, and different in each channel.
    this.#values = Array.from({ length: options.channels }, (_, channel) =>
      Float32Array.from({ length: options.samples }, (_, index) => 100 * Math.sin(channel + index / 50)),
    );
  }

  /** Between bursts, ns. */
  get intervalNs(): number {
    return 1e9 / this.#options.rate;
  }

  dueNs(burst: number): bigint {
    return this.startNs + BigInt(Math.round(burst * this.intervalNs));
  }

  /** Which burst begins at that time; -1 for none. */
  burstAt(startNs: bigint): number {
    const burst = Math.round(Number(startNs - this.startNs) / this.intervalNs);
    return burst >= 0 && burst < this.#options.bursts && this.dueNs(burst) === startNs ? burst : -1;
  }

  /** Writes each burst when it is due, whether or not the ones before have been taken. Returns how many. */
  async run(session: ProducerSession): Promise<number> {
    const { bursts, stop } = this.#options;
    let waiting = 0;
    let failure: Error | undefined;
    let burst = 0;
    for (; burst < bursts && !stop.aborted && !failure; burst++) {
      const dueMs = Number(this.dueNs(burst) / 1000n) / 1000;
      const waitMs = dueMs - nowMs();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: stop }).catch(() => {});
      if (stop.aborted) break;
      this.lateMs.push(Math.max(0, nowMs() - dueMs));
      if (++waiting > MAX_WAITING)
        throw new CommandError(`Redis takes less than ${this.#options.rate} bursts a second`);
      session.write(this.#burst(burst)).then(
        () => (waiting -= 1),
        (error: Error) => (failure = error),
      );
    }
    if (failure) throw failure;
    return burst;
  }

  #burst(burst: number): Uint8Array {
    const startNs = this.dueNs(burst);
    const intervalNs = BigInt(Math.round(this.intervalNs / this.#options.samples));
    const endNs = startNs + intervalNs * BigInt(this.#options.samples - 1);
    const items = this.#values.map((values, channel) => {
      values.copyWithin(0, 1);
      values[values.length - 1] = 100 * Math.sin(channel + (burst + values.length) / 50);
      return periodicItem({ channel, startNs, intervalNs, samples: values });
    });
    return encodeItems([...items, timeRangeItem(startNs, endNs)]);
  }
}

/** ms since 1970, with fractions, by the steady clock. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
