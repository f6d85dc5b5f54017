import { describe, expect, test } from "vitest";
import type { PaneSpec, ParameterInfo, TraceSpec } from "../../../../src/viewer/engine/messages.ts";
import { scalesOf } from "../../../../src/viewer/plot/scale.ts";
import { niceStep, timeStep, valueTicks } from "../../../../src/viewer/plot/ticks.ts";
import { timeMarks } from "../../../../src/viewer/plot/time-marks.ts";
import { scaledAround } from "../../../../src/viewer/plot/value-gestures.ts";

const S = 1e9;

test.each([
  [0.7, 1],
  [1, 1],
  [1.01, 2],
  [3, 5],
  [7, 10],
  [0.0021, 0.005],
  [400, 500],
])("the nice step from %d on is %d", (least, step) => {
  expect(niceStep(least)).toBeCloseTo(step, 12);
});

test("values have ticks at multiples of a nice step, within the range", () => {
  expect(valueTicks(-17, 367, 4)).toEqual([0, 100, 200, 300]);
  expect(valueTicks(0.1, 0.3, 4).map((tick) => tick.toFixed(2))).toEqual([
    "0.10",
    "0.15",
    "0.20",
    "0.25",
    "0.30",
  ]);
  expect(valueTicks(5, 5, 4)).toEqual([]);
});

test("time has marks that clocks have: whole seconds, quarters of a minute, hours; decimals below", () => {
  expect([3 * S, 12 * S, 40 * S, 3700 * S].map((least) => timeStep(least) / S)).toEqual([5, 15, 60, 7200]);
  expect(timeStep(30_000)).toBe(50_000);
  expect(timeStep(3)).toBe(5);
});

describe("marks of the time axis", () => {
  const frame = (startNs: number, spanNs: number) => ({
    originNs: 1_795_424_400_000_000_000n,
    startNs,
    endNs: startNs + spanNs,
    untilNs: startNs + spanNs,
    pixelRatio: 1,
    theme: { back: 0, grid: 0, text: 0, warning: 0, traces: [0] },
  });

  test("are even, within the plot, and as many as have room", () => {
    const marks = timeMarks(frame(1.3 * S, 30 * S), 900);
    expect(marks.map(({ ns }) => ns / S)).toEqual([5, 10, 15, 20, 25, 30]);
    expect(marks[0]!.label).toMatch(/:00:05$/);
  });

  test("go down to single ns, with as many decimals as that takes", () => {
    const marks = timeMarks(frame(1.3 * S, 20), 900);
    expect(marks.map(({ ns }) => ns - 1.3 * S)).toEqual([0, 5, 10, 15, 20]);
    expect(marks[1]!.label).toMatch(/:01\.300000005$/);
  });
});

test("a scale changes around what is under the pointer", () => {
  expect(scaledAround({ min: 0, max: 100 }, 0.25, 0.5)).toEqual({ min: 37.5, max: 87.5 });
});

describe("scales", () => {
  const trace = (range: TraceSpec["range"]): TraceSpec => ({ parameter: "p", color: 0, range });
  const pane = (scale: PaneSpec["scale"], ...ranges: TraceSpec["range"][]): PaneSpec => ({
    ...{ id: "pane-1", weight: 1, scale },
    traces: ranges.map(trace),
  });
  const limits = { min: 0, max: 100 } as ParameterInfo;
  const scales = (spec: PaneSpec, ...seen: { min: number; max: number }[]) =>
    scalesOf(spec, () => limits, seen);

  test("are the limits of the configuration, wider where samples go beyond", () => {
    expect(scales(pane("own", null), { min: 20, max: 30 })).toEqual([{ min: -5, max: 105 }]);
    const [wide] = scales(pane("own", null), { min: 20, max: 300 });
    expect(wide!.max).toBeGreaterThan(300);
    expect(wide!.min).toBeLessThan(0);
  });

  test("fit what is seen, and stay as they are while it changes a little", () => {
    const first = scales(pane("own", "fit"), { min: 20.2, max: 29.9 });
    expect(first[0]!.min).toBeLessThan(20.2);
    expect(first[0]!.max).toBeGreaterThan(29.9);
    expect(first[0]!.max - first[0]!.min).toBeLessThan(13);
    expect(scales(pane("own", "fit"), { min: 20.3, max: 29.7 })).toEqual(first);
    expect(scales(pane("own", "fit"), { min: 5, max: 5 })).toEqual([{ min: 4.75, max: 5.25 }]);
    const nothing = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
    expect(scales(pane("own", "fit"), nothing)).toEqual([{ min: 0, max: 1 }]);
  });

  test("stay fixed where somebody fixed them", () => {
    expect(scales(pane("own", { min: 1, max: 2 }), { min: 0, max: 9 })).toEqual([{ min: 1, max: 2 }]);
  });

  test("are one for all traces that share", () => {
    const seen = { min: 0, max: 1 };
    expect(scales(pane("shared", { min: 1, max: 2 }, { min: -3, max: 0 }), seen, seen)).toEqual([
      { min: -3, max: 2 },
      { min: -3, max: 2 },
    ]);
  });
});
