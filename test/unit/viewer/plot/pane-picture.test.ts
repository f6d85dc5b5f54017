import { describe, expect, test } from "vitest";
import type { PaneSpec, ParameterInfo } from "../../../../src/viewer/engine/messages.ts";
import type { Frame, Trace } from "../../../../src/viewer/plot/frame.ts";
import type { Piece } from "../../../../src/viewer/plot/line.ts";
import { PanePicture, rowOf } from "../../../../src/viewer/plot/pane-picture.ts";

const THEME = { back: 0, grid: 0x111111, text: 0x888888, warning: 0xff0000, traces: [0x00ff00, 0x0000ff] };
const [WIDTH, HEIGHT] = [470, 112];
const SPAN_NS = 400e9;

const frame: Frame = {
  ...{ originNs: 0n, startNs: 0, endNs: SPAN_NS, untilNs: SPAN_NS, pixelRatio: 1 },
  theme: THEME,
};

function traceOf(values: readonly number[], parameter: Partial<ParameterInfo> = {}): Trace {
  const piece: Piece = {
    shiftNs: 0,
    offsetsNs: Float64Array.from(values, (_, index) => (index * SPAN_NS) / values.length),
    values: Float64Array.from(values),
    afterHole: false,
    widen(extent, from, to) {
      for (let at = from; at < to; at++) {
        extent.min = Math.min(extent.min, values[at]!);
        extent.max = Math.max(extent.max, values[at]!);
      }
    },
  };
  const limits = { min: 0, max: 100, warnMin: 0, warnMax: 100 };
  return {
    parameter: { id: "p", isState: false, ...limits, ...parameter } as ParameterInfo,
    lines: [{ pieces: [piece], gapNs: Number.POSITIVE_INFINITY, isStep: false }],
    textOf: String,
    version: 0,
  };
}

function draw(trace: Trace, color = 0) {
  const picture = new PanePicture(WIDTH, HEIGHT, 1);
  const pane: PaneSpec = {
    ...{ id: "pane-1", scale: "own", weight: 1 },
    traces: [{ parameter: "p", color, range: { min: 0, max: 100 } }],
  };
  const [scale] = picture.draw(pane, [trace], frame);
  const { left, width } = picture.area;
  const at = (column: number, value: number) =>
    picture.raster.pixels[Math.floor(rowOf(value, scale!, picture.area)) * WIDTH + left + column]!;
  return { at, width };
}

describe("the picture of a pane", () => {
  test("shades what is beyond the warning limits, and only that", () => {
    const { at } = draw(traceOf([50, 50], { warnMin: 10, warnMax: 80 }));
    const isRed = (value: number) => (at(7, value) & 0xff) > 0x18 && (at(7, value) & 0xff00) >> 8 < 0x18;
    expect([95, 85, 75, 25, 15, 5].map(isRed)).toEqual([true, true, false, false, false, true]);
  });

  test("has the colour of the trace where its samples are", () => {
    const values = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 20 : 80));
    const { at, width } = draw(traceOf(values));
    for (const [index, value] of values.entries()) {
      expect((at(Math.floor((index * width) / 40), value) & 0xff00) >> 8).toBeGreaterThan(0x80);
    }
  });

  test("fills below states", () => {
    const { at } = draw(traceOf([60, 60], { isState: true }));
    expect([(at(9, 30) & 0xff00) >> 8, (at(9, 90) & 0xff00) >> 8]).toEqual([0x23, 0]);
  });

  test("dashes lines beyond the first colours, but never a peak", () => {
    const values = Array.from({ length: 400 }, (_, index) => (index === 203 || index === 307 ? 90 : 20));
    const { at, width } = draw(traceOf(values), 9);
    const isBlue = (column: number, value: number) => ((at(column, value) >>> 16) & 0xff) > 0x80;
    const drawn = Array.from({ length: width }, (_, column) => isBlue(column, 20));
    expect(drawn.filter(Boolean).length).toBeGreaterThan(width / 3);
    expect(drawn.filter(Boolean).length).toBeLessThan((width * 5) / 6);
    for (const peak of [203, 307]) expect(isBlue(peak, 90)).toBe(true);
  });
});
