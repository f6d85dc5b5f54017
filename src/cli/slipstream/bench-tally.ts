import { PERCENTILES, percentileOf } from "./percentiles.ts";
import { bytesText, countText } from "./units.ts";

/** What was measured from outside. */
interface Measured {
  readonly viewers: number;
  readonly subscriptions: number;
  readonly subscribed?: number;
  readonly channels: number;
  readonly samples: number;
  readonly rate: number;
  /** To all viewers together. */
  readonly bytes: number;
  readonly messages: number;
  readonly closed: readonly number[];
  readonly lateMs: readonly number[];
}

export interface BenchFigures extends Omit<Measured, "lateMs" | "closed"> {
  /** Bursts that each viewer was to get; the first ones, of the warm-up, are in all counts but latencies. */
  readonly bursts: number;
  readonly deliveries: number;
  readonly lost: number;
  readonly twice: number;
  /** Codes with which the service closed connections. */
  readonly closedWith: readonly number[];
  /** From when a burst was due to when a viewer had it, by percentile. */
  readonly latencyMs: Readonly<Record<string, number>>;
  /** How late bursts were handed to the producer, by percentile: part of the latencies, and no fault of the service. */
  readonly generatorLateMs: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Counts which viewer got which burst, and how late. */
export class BenchTally {
  deliveries = 0;
  #twice = 0;
  readonly #viewers: number;
  readonly #bursts: number;
  readonly #warmUp: number;
  readonly #seen: Uint8Array;
  readonly #latencies: Float64Array;
  #measured = 0;

  constructor(viewers: number, bursts: number, warmUp: number) {
    this.#viewers = viewers;
    this.#bursts = bursts;
    this.#warmUp = warmUp;
    this.#seen = new Uint8Array(viewers * bursts);
    this.#latencies = new Float64Array(viewers * bursts);
  }

  count(viewer: number, burst: number, latencyMs: number): void {
    const place = viewer * this.#bursts + burst;
    if (this.#seen[place] === 1) {
      this.#twice += 1;
      return;
    }
    this.#seen[place] = 1;
    this.deliveries += 1;
    if (burst >= this.#warmUp) this.#latencies[this.#measured++] = latencyMs;
  }

  /** Whether all viewers have all of the bursts that were written. */
  isComplete(written: number): boolean {
    return this.deliveries >= this.#viewers * written;
  }

  figures(written: number, { lateMs, closed, ...measured }: Measured): BenchFigures {
    const { viewers, subscriptions, subscribed, channels, samples, rate, bytes, messages } = measured;
    return {
      ...{ viewers, subscriptions, ...(subscribed !== undefined && { subscribed }), channels, samples, rate },
      ...{ bytes, messages },
      bursts: written,
      seconds: written / rate,
      deliveries: this.deliveries,
      lost: viewers * written - this.deliveries,
      twice: this.#twice,
      closedWith: closed,
      latencyMs: percentilesOf(this.#latencies.subarray(0, this.#measured).toSorted()),
      generatorLateMs: percentilesOf(Float64Array.from(lateMs).sort()),
    };
  }
}

function percentilesOf(sorted: Float64Array): Record<string, number> {
  return Object.fromEntries(
    PERCENTILES.map((percent) => [percent === 100 ? "max" : `p${percent}`, percentileOf(sorted, percent)]),
  );
}

/** The figures as people read them. */
export function figureLines(figures: BenchFigures): string[] {
  const { viewers, subscriptions, subscribed, channels, samples, rate, seconds, bursts } = figures;
  const what = subscribed === undefined ? `all ${channels}` : `${subscribed} of ${channels}`;
  const perSecond = Math.round(rate * channels * samples).toLocaleString("en");
  const row = (name: string, values: Readonly<Record<string, number>>) =>
    [
      name.padEnd(14),
      ...Object.values(values).map((ms) => (Number.isNaN(ms) ? "-" : ms.toFixed(1)).padStart(9)),
    ].join("");
  const closed =
    figures.closedWith.length > 0 ? `; closed by the service: ${figures.closedWith.join(", ")}` : "";
  return [
    `${countText(viewers, "viewer")}, ${countText(subscriptions, "subscription")} of ${what} channels; ${rate} bursts and ${perSecond} samples a second`,
    ["ms".padEnd(14), ...Object.keys(figures.latencyMs).map((name) => name.padStart(9))].join(""),
    row("latency", figures.latencyMs),
    row("of that, load", figures.generatorLateMs),
    `deliveries    ${figures.deliveries.toLocaleString("en")} of ${(viewers * bursts).toLocaleString("en")}; ${figures.lost} lost, ${figures.twice} twice${closed}`,
    `bytes         ${bytesText(figures.bytes)} in ${figures.messages.toLocaleString("en")} messages; ${bytesText(figures.bytes / viewers / seconds)} a second for each viewer`,
  ];
}
