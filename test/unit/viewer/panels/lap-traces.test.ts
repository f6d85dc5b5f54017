import { expect, test } from "vitest";
import { LapTraces } from "../../../../src/viewer/panels/lap-traces.ts";
import type { Series } from "../../../../src/viewer/reading/series.ts";

const S = 1e9;
const START = 1_795_000_000_000_000_000n;

const series = (...points: readonly (readonly [s: number, value: number])[]): Series => ({
  times: Float64Array.from(points, ([s]) => s * S),
  values: Float64Array.from(points, ([, value]) => value),
});

/** 50 m/s from a second before the line at 1000 m, at 10 Hz. */
const inLap = series(
  ...Array.from({ length: 111 }, (_, index) => [index / 10 - 1, (950 + index * 5) % 1000] as const),
);
/** 50 m/s from this distance on, from `fromS` to 10 s, at 1 Hz. */
const steady = (fromS: number, distance: number) =>
  series(
    ...Array.from({ length: 11 - fromS }, (_, index) => [fromS + index, distance + 50 * index] as const),
  );
const speed = series([0, 1], [2, 2], [4, 3]);
const lap = { label: "Lap 2", startNs: START, endNs: null };

test("[W-05] a lap begins where the distance falls, even when its marker says a little else", () => {
  for (const offS of [-0.04, 0, 0.3]) {
    const shifted = { times: inLap.times.map((time) => time - offS * S), values: inLap.values };
    const traces = new LapTraces(lap, true, shifted, new Map([["v", speed]]));
    expect(traces.length).toBeCloseTo(500, 6);
    expect(traces.distanceAt(START + 2_000_000_000n)).toBeCloseTo(100 + offS * 50, 6);
    expect(traces.timeAt(100) / S).toBeCloseTo(2 - offS, 6);
    expect([...traces.trace("v").times].map((distance) => Math.round(distance - offS * 50))).toEqual([
      0, 100, 200,
    ]);
  }
});

test("a first lap that was joined on its way keeps the distance that the car tells", () => {
  const traces = new LapTraces(lap, true, steady(0, 2600), new Map([["v", speed]]));
  expect([...traces.trace("v").times]).toEqual([2600, 2700, 2800]);
  expect(traces.length).toBe(3100);
});

test("a distance that counts on is measured from the start of the lap", () => {
  const traces = new LapTraces(lap, false, steady(-1, 9950), new Map([["v", speed]]));
  expect([...traces.trace("v").times]).toEqual([0, 100, 200]);
  expect(traces.length).toBe(500);
  expect(traces.timeAt(501)).toBeNaN();
});

test("without samples a lap is empty", () => {
  const traces = new LapTraces(lap, true, series(), new Map());
  expect(traces.length).toBe(0);
  expect(traces.distanceAt(START)).toBeNaN();
  expect(traces.trace("v").times).toHaveLength(0);
});
