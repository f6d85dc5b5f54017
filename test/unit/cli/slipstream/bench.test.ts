import { expect, test } from "vitest";
import { BenchLoad } from "../../../../src/cli/slipstream/bench-load.ts";
import { BenchTally, figureLines } from "../../../../src/cli/slipstream/bench-tally.ts";
import { percentileOf } from "../../../../src/cli/slipstream/percentiles.ts";
import type { ProducerSession } from "../../../../src/producer/index.ts";

const MEASURED = {
  ...{ viewers: 2, subscriptions: 1, channels: 5, samples: 10, rate: 10 },
  ...{ bytes: 4_000, messages: 6, closed: [1013], lateMs: [0, 2] },
};

test("[Q-08] lost and repeated bursts are counted apart, and the warm-up has no latencies", () => {
  const tally = new BenchTally(2, 4, 1);
  tally.count(0, 0, 500);
  for (const burst of [1, 2, 3]) tally.count(0, burst, burst);
  tally.count(0, 3, 99);
  tally.count(1, 1, 10);
  expect([tally.isComplete(4), tally.isComplete(2)]).toEqual([false, true]);
  const figures = tally.figures(4, MEASURED);
  expect(figures).toMatchObject({
    deliveries: 5,
    lost: 3,
    twice: 1,
    closedWith: [1013],
    bursts: 4,
    seconds: 0.4,
  });
  expect(figures.latencyMs).toEqual({ p50: 2, p90: 10, p99: 10, "p99.9": 10, max: 10 });
  expect(figureLines(figures).join("\n")).toContain("5 of 8; 3 lost, 1 twice; closed by the service: 1013");
});

test("nothing measured is said to be nothing", () => {
  const lines = figureLines(new BenchTally(1, 4, 1).figures(0, { ...MEASURED, closed: [], lateMs: [] }));
  expect(lines[2]).toMatch(/^latency( +-){5}$/);
});

test("a percentile is a value that was measured", () => {
  const sorted = Array.from({ length: 200 }, (_, index) => index + 1);
  expect([50, 90, 99, 99.9, 100].map((percent) => percentileOf(sorted, percent))).toEqual([
    100, 180, 198, 200, 200,
  ]);
  expect(percentileOf([7], 50)).toBe(7);
  expect(percentileOf([], 50)).toBeNaN();
});

test("[Q-08] bursts are written when they are due, whether or not the ones before have been taken", async () => {
  const written: Uint8Array[] = [];
  const session = {
    write: (burst: Uint8Array) => {
      written.push(burst);
      return new Promise(() => {});
    },
  } as unknown as ProducerSession;
  const startMs = performance.timeOrigin + performance.now() - 1_000;
  const stop = new AbortController().signal;
  const load = new BenchLoad({ channels: 2, samples: 3, rate: 7, bursts: 7, startMs, stop });
  expect(await load.run(session)).toBe(7);
  expect(written).toHaveLength(7);
  // Each was due before it could be written, and says so.
  expect(load.lateMs.every((ms, burst) => ms >= 1_000 - (burst * 1_000) / 7 - 1)).toBe(true);
  expect([0, 3, 6].map((burst) => load.burstAt(load.dueNs(burst)))).toEqual([0, 3, 6]);
  expect([load.burstAt(load.dueNs(3) + 1n), load.burstAt(load.dueNs(7))]).toEqual([-1, -1]);
});
