import type { CounterName, Metrics } from "../session/ports.ts";

type Counter = CounterName | "auth_refused_total";

const COUNTERS: Readonly<Record<Counter, string>> = {
  entries_total: "Stream entries of followed sessions",
  frames_sent_total: "WebSocket messages sent to viewers",
  bytes_sent_total: "Bytes of WebSocket messages sent to viewers",
  redis_commands_total: "Redis commands sent through the gateway",
  redis_errors_total: "Requests to the gateway that failed",
  entries_rejected_total: "Stream entries that could not be read and were skipped",
  trim_gaps_total: "Times that entries were trimmed before they were read",
  slow_viewers_closed_total: "Viewers closed because they could not keep up",
  auth_refused_total: "Requests refused because of their token",
};
const COUNTER_NAMES = Object.keys(COUNTERS) as Counter[];

/** Upper bounds of the delivery histogram, in seconds. */
const DELIVERY_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const DELIVERY_SUM = DELIVERY_BOUNDS.length + 1;

/** Everything that only grows: counters by COUNTER_NAMES, then the histogram's buckets, last one +Inf, and sum. */
type Growing = readonly number[];
const GROWING_LENGTH = COUNTER_NAMES.length + DELIVERY_BOUNDS.length + 2;

/** The figures of one object since it was made, or of all objects together. */
export interface Figures {
  readonly viewers: number;
  readonly liveSessions: number;
  readonly growing: Growing;
}

export const NO_FIGURES: Figures = {
  viewers: 0,
  liveSessions: 0,
  growing: new Array<number>(GROWING_LENGTH).fill(0),
};

export function addFigures(a: Figures, b: Figures): Figures {
  return {
    viewers: a.viewers + b.viewers,
    liveSessions: a.liveSessions + b.liveSessions,
    growing: a.growing.map((value, i) => value + (b.growing[i] ?? 0)),
  };
}

/** Counts what happens in one object or isolate. */
export class Collector implements Metrics {
  readonly #growing = [...NO_FIGURES.growing];

  add(name: Counter, count = 1): void {
    this.#growing[COUNTER_NAMES.indexOf(name)]! += count;
  }

  observeDelivery(ms: number): void {
    const seconds = Math.max(0, ms / 1000);
    const found = DELIVERY_BOUNDS.findIndex((bound) => seconds <= bound);
    this.#growing[COUNTER_NAMES.length + (found < 0 ? DELIVERY_BOUNDS.length : found)]! += 1;
    this.#growing[COUNTER_NAMES.length + DELIVERY_SUM]! += seconds;
  }

  figures(viewers: number, live: boolean): Figures {
    return { viewers, liveSessions: live ? 1 : 0, growing: [...this.#growing] };
  }
}

/** A metric with its samples as lines, as Prometheus wants it. */
function metric(name: string, kind: string, help: string, samples: readonly string[]): string {
  return [`# HELP slipstream_${name} ${help}`, `# TYPE slipstream_${name} ${kind}`, ...samples, ""].join(
    "\n",
  );
}

/** A metric of one value. */
export function single(name: string, kind: "counter" | "gauge", help: string, value: number): string {
  return metric(name, kind, help, [`slipstream_${name} ${value}`]);
}

/** Prometheus text exposition, format 0.0.4. */
export function renderMetrics({ viewers, liveSessions, growing }: Figures, healthy: boolean): string {
  return [
    metric("health", "gauge", "1 when the check passes", [
      `slipstream_health{check="redis"} ${healthy ? 1 : 0}`,
    ]),
    single("viewers", "gauge", "Connected viewers", viewers),
    single("sessions_live", "gauge", "Sessions that are being followed", liveSessions),
    ...COUNTER_NAMES.map((name, i) => single(name, "counter", COUNTERS[name], growing[i] ?? 0)),
    metric(
      "delivery_seconds",
      "histogram",
      "From the id of a stream entry to its sending",
      deliverySamples(growing.slice(COUNTER_NAMES.length)),
    ),
  ].join("");
}

function deliverySamples(histogram: readonly number[]): string[] {
  let count = 0;
  const buckets = [...DELIVERY_BOUNDS, "+Inf"].map((bound, i) => {
    count += histogram[i] ?? 0;
    return `slipstream_delivery_seconds_bucket{le="${bound}"} ${count}`;
  });
  const sum = histogram[DELIVERY_SUM] ?? 0;
  return [...buckets, `slipstream_delivery_seconds_sum ${sum}`, `slipstream_delivery_seconds_count ${count}`];
}
