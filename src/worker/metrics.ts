import type { CounterName, Metrics } from "../session/ports.ts";

/** Those of the shell, and those of sessions. */
type Counter =
  | CounterName
  | "auth_refused_total"
  | "auth_authority_errors_total"
  | "object_starts_total"
  | "object_active_seconds_total";

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
  auth_authority_errors_total: "Times that the keys of the authority could not be had",
  object_starts_total: "Session objects made: for a first viewer, after hibernation or after a reset",
  object_active_seconds_total: "Time in which session objects polled, which keeps them from hibernation",
};

/** Upper bounds of the delivery histogram, in seconds. */
const DELIVERY_BOUNDS = [
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  30,
  Number.POSITIVE_INFINITY,
];
const DELIVERY_SUM = "delivery_seconds_sum";
const deliveryBucket = (bound: number): string => `delivery_seconds_bucket ${bound}`;

/**
 * Everything that only grows, by name: counters, buckets of the histogram (each for itself) and its sum. Absent: 0. By
 * name, since objects of two versions of this code meet in a report, and in what is stored.
 */
type Growing = Readonly<Record<string, number>>;

/** The figures of one object since it was made, or of all objects together. */
export interface Figures {
  readonly viewers: number;
  readonly liveSessions: number;
  readonly growing: Growing;
}

export const NO_FIGURES: Figures = { viewers: 0, liveSessions: 0, growing: {} };

export function addFigures(a: Figures, b: Figures): Figures {
  const growing = { ...a.growing };
  for (const [name, value] of Object.entries(b.growing)) growing[name] = (growing[name] ?? 0) + value;
  return { viewers: a.viewers + b.viewers, liveSessions: a.liveSessions + b.liveSessions, growing };
}

/** Counts what happens in one object or isolate. */
export class Collector implements Metrics {
  readonly #growing: Record<string, number> = {};

  add(name: Counter, count = 1): void {
    this.#grow(name, count);
  }

  /** For what is counted elsewhere. */
  set(name: Counter, total: number): void {
    this.#growing[name] = total;
  }

  observeDelivery(ms: number): void {
    const seconds = Math.max(0, ms / 1000);
    this.#grow(deliveryBucket(DELIVERY_BOUNDS.find((bound) => seconds <= bound)!), 1);
    this.#grow(DELIVERY_SUM, seconds);
  }

  #grow(name: string, by: number): void {
    this.#growing[name] = (this.#growing[name] ?? 0) + by;
  }

  figures(viewers: number, live: boolean): Figures {
    return { viewers, liveSessions: live ? 1 : 0, growing: { ...this.#growing } };
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
    ...Object.entries(COUNTERS).map(([name, help]) => single(name, "counter", help, growing[name] ?? 0)),
    metric(
      "delivery_seconds",
      "histogram",
      "From the id of a stream entry to its sending",
      deliverySamples(growing),
    ),
  ].join("");
}

function deliverySamples(growing: Growing): string[] {
  let count = 0;
  const buckets = DELIVERY_BOUNDS.map((bound) => {
    count += growing[deliveryBucket(bound)] ?? 0;
    return `slipstream_delivery_seconds_bucket{le="${bound === Number.POSITIVE_INFINITY ? "+Inf" : bound}"} ${count}`;
  });
  const sum = growing[DELIVERY_SUM] ?? 0;
  return [...buckets, `slipstream_delivery_seconds_sum ${sum}`, `slipstream_delivery_seconds_count ${count}`];
}
