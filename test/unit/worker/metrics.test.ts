import { describe, expect, test } from "vitest";
import { addFigures, Collector, NO_FIGURES, renderMetrics } from "../../../src/worker/metrics.ts";

interface Metric {
  type: string;
  help: string;
  /** By name and labels as written. */
  samples: Map<string, number>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const SAMPLE = new RegExp(
  `^(${NAME})(\\{[a-zA-Z_]\\w*="[^"\\\\\\n]*"\\})? (\\+Inf|-?[0-9.]+(?:e[+-]?[0-9]+)?)$`,
);
const SUFFIXES: Record<string, RegExp> = { histogram: /_(?:bucket|sum|count)$/ };

/** The text exposition format 0.0.4, strictly: HELP, TYPE, then the samples of that metric. */
function parse(text: string): Map<string, Metric> {
  expect(text.endsWith("\n")).toBe(true);
  const metrics = new Map<string, Metric>();
  let name = "";
  let metric: Metric | undefined;
  for (const line of text.slice(0, -1).split("\n")) {
    const help = new RegExp(`^# HELP (${NAME}) (.+)$`).exec(line);
    const type = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`).exec(line);
    const sample = SAMPLE.exec(line);
    if (help) {
      name = help[1]!;
      if (metrics.has(name)) throw new Error(`${name} comes twice`);
      metric = { type: "", help: help[2]!, samples: new Map() };
      metrics.set(name, metric);
    } else if (type && type[1] === name && metric?.type === "") {
      metric.type = type[2]!;
    } else if (sample && metric?.type) {
      const [, sampleName, labels = "", value] = sample;
      if (sampleName!.replace(SUFFIXES[metric.type] ?? /^$/, "") !== name) throw new Error(`stray ${line}`);
      if (metric.samples.has(sampleName! + labels)) throw new Error(`twice ${line}`);
      metric.samples.set(sampleName! + labels, Number(value));
    } else {
      throw new Error(`not Prometheus text: ${JSON.stringify(line)}`);
    }
  }
  return metrics;
}

const sampleOf = (metrics: Map<string, Metric>, name: string): number | undefined =>
  metrics.get(name)?.samples.get(name);

const COUNTERS = [
  "entries_total",
  "frames_sent_total",
  "bytes_sent_total",
  "redis_commands_total",
  "redis_errors_total",
  "entries_rejected_total",
  "trim_gaps_total",
  "slow_viewers_closed_total",
  "auth_refused_total",
  "auth_authority_errors_total",
  "object_starts_total",
  "object_active_seconds_total",
] as const;

describe("[V-03] Prometheus text", () => {
  test("has the promised metrics, and those alone", () => {
    const metrics = parse(renderMetrics(NO_FIGURES, true));
    const names = ["health", "viewers", "sessions_live", ...COUNTERS, "delivery_seconds"];
    expect([...metrics.keys()].sort()).toEqual(names.map((name) => `slipstream_${name}`).sort());
    for (const [name, { type, help }] of metrics) {
      expect(type).toBe(
        name.endsWith("_total") ? "counter" : name.endsWith("_seconds") ? "histogram" : "gauge",
      );
      expect(help.length).toBeGreaterThan(5);
    }
  });

  test.each([
    [true, 1],
    [false, 0],
  ])("health %s", (healthy, expected) => {
    const metrics = parse(renderMetrics(NO_FIGURES, healthy));
    expect(metrics.get("slipstream_health")!.samples).toEqual(
      new Map([['slipstream_health{check="redis"}', expected]]),
    );
  });

  test("each counter shows what was counted under its own name", () => {
    const collector = new Collector();
    for (const [i, name] of COUNTERS.entries()) for (let n = 0; n <= i; n++) collector.add(name, 10);
    collector.add("bytes_sent_total");
    const metrics = parse(renderMetrics(collector.figures(3, true), true));
    expect(COUNTERS.map((name) => sampleOf(metrics, `slipstream_${name}`))).toEqual([
      10, 20, 31, 40, 50, 60, 70, 80, 90, 100, 110, 120,
    ]);
    expect(sampleOf(metrics, "slipstream_viewers")).toBe(3);
    expect(sampleOf(metrics, "slipstream_sessions_live")).toBe(1);
  });

  test("large numbers and fractions are numbers of the format", () => {
    const collector = new Collector();
    collector.add("bytes_sent_total", 1e21);
    collector.observeDelivery(0.0001);
    const metrics = parse(renderMetrics(collector.figures(0, false), true));
    expect(sampleOf(metrics, "slipstream_bytes_sent_total")).toBe(1e21);
  });
});

describe("the delivery histogram", () => {
  const samples = (...delays: number[]): Map<string, number> => {
    const collector = new Collector();
    for (const ms of delays) collector.observeDelivery(ms);
    return parse(renderMetrics(collector.figures(0, false), true)).get("slipstream_delivery_seconds")!
      .samples;
  };
  const bucket = (all: Map<string, number>, bound: string): number | undefined =>
    all.get(`slipstream_delivery_seconds_bucket{le="${bound}"}`);

  test("has rising bounds, the last one +Inf, and counts that never fall", () => {
    const all = samples(1, 3, 7, 80, 400, 9_000, 60_000);
    const buckets = [...all].filter(([name]) => name.includes("_bucket"));
    const bounds = buckets.map(([name]) =>
      Number(/le="\+?([^"]+)"/.exec(name)![1]!.replace("Inf", "Infinity")),
    );
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
    expect(new Set(bounds).size).toBe(bounds.length);
    expect(bounds.at(-1)).toBe(Number.POSITIVE_INFINITY);
    const counts = buckets.map(([, count]) => count);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBe(7);
    expect(all.get("slipstream_delivery_seconds_count")).toBe(7);
    expect(all.get("slipstream_delivery_seconds_sum")).toBeCloseTo(69.491);
  });

  test("a bound belongs to its bucket; clocks that disagree count as no delay", () => {
    const all = samples(5, 5.1, -400);
    expect(bucket(all, "0.005")).toBe(2);
    expect(bucket(all, "0.01")).toBe(3);
    expect(all.get("slipstream_delivery_seconds_sum")).toBeCloseTo(0.0101);
  });
});

test("figures of another version are added by name, and what this one does not know is kept", () => {
  const collector = new Collector();
  collector.add("entries_total", 2);
  const other = { viewers: 1, liveSessions: 1, growing: { novelties_total: 5, entries_total: 1 } };
  const { growing } = addFigures(addFigures(NO_FIGURES, other), collector.figures(0, false));
  expect(growing).toEqual({ novelties_total: 5, entries_total: 3 });
});

test("figures add up, and do not change afterwards", () => {
  const collector = new Collector();
  collector.add("entries_total", 2);
  const before = collector.figures(1, true);
  collector.add("entries_total", 3);
  collector.observeDelivery(1);
  const metrics = parse(renderMetrics(addFigures(before, collector.figures(4, true)), true));
  expect(sampleOf(metrics, "slipstream_entries_total")).toBe(7);
  expect(sampleOf(metrics, "slipstream_viewers")).toBe(5);
  expect(sampleOf(metrics, "slipstream_sessions_live")).toBe(2);
});
