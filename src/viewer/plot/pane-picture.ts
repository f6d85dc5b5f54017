import type { PaneSpec, ParameterInfo, Scale } from "../engine/messages.ts";
import { traceStyle } from "../look/palette.ts";
import { Columns } from "./columns.ts";
import { type Area, areaOf, type Frame, type Trace } from "./frame.ts";
import { countWithin, samplesWithin } from "./line.ts";
import { Raster, type Spans } from "./raster.ts";
import { scalesOf } from "./scale.ts";
import { valueTicks } from "./ticks.ts";
import { timeMarks } from "./time-marks.ts";

const LINE_PX = 1.5;
const DOT_RADIUS_PX = 2.5;
/** Samples that are farther apart than this are shown as dots, CSS pixels. */
const DOT_SPACING_PX = 10;
/** CSS pixels for a value on the axis. */
export const VALUE_SPACING_PX = 28;
const WARNING_ALPHA = 0.13;
const WARNING_LINE_ALPHA = 0.55;
const STATE_ALPHA = 0.14;
/** What rises less in a column may fall between two dashes, CSS pixels. */
const LEVEL_PX = 4;

/** The picture of one pane, kept from frame to frame so that nothing is allocated for each. */
export class PanePicture {
  readonly raster: Raster;
  readonly area: Area;
  readonly #columns: Columns[] = [];
  readonly #spans: Spans;
  readonly #floor: Float64Array;

  /** Draws into `bytes`, RGBA, of `width` times `height` device pixels. */
  constructor(width: number, height: number, pixelRatio: number, bytes?: ArrayBufferLike) {
    this.raster = new Raster(width, height, bytes);
    this.area = areaOf(width, height, pixelRatio);
    this.#spans = { top: new Float64Array(this.area.width), bottom: new Float64Array(this.area.width) };
    this.#floor = new Float64Array(this.area.width);
  }

  /** Draws the traces of a pane, as many as `pane` has; returns the scale of each. */
  draw(pane: PaneSpec, traces: readonly (Trace | null)[], frame: Frame): Scale[] {
    const slices = {
      startNs: frame.startNs,
      widthNs: (frame.endNs - frame.startNs) / this.area.width,
      untilNs: frame.untilNs,
    };
    for (const [index, trace] of traces.entries()) {
      const columns = this.#columnsAt(index);
      for (const line of trace?.lines ?? []) columns.add(line, slices);
    }
    const scales = scalesOf(
      pane,
      ({ parameter }) => traces.find((trace) => trace?.parameter.id === parameter)?.parameter,
      pane.traces.map((_, index) => this.#columns[index]!.extent()),
    );
    this.raster.fill(frame.theme.back);
    this.#drawGrid(traces, scales, frame);
    for (const [index, trace] of traces.entries()) {
      if (trace === null) continue;
      const color = frame.theme.traces[pane.traces[index]!.color % frame.theme.traces.length]!;
      this.#placeSpans(this.#columns[index]!, scales[index]!);
      this.#dash(pane.traces[index]!.color, frame);
      this.#drawTrace(trace, scales[index]!, color, frame);
    }
    return scales;
  }

  #columnsAt(index: number): Columns {
    const columns = this.#columns[index] ?? new Columns(this.area.width);
    this.#columns[index] = columns;
    columns.clear();
    return columns;
  }

  #drawGrid(traces: readonly (Trace | null)[], scales: readonly Scale[], frame: Frame): void {
    const { left, top, width, height } = this.area;
    const { raster } = this;
    const limited = traces.findIndex((trace) => trace !== null && hasWarnings(trace.parameter));
    if (limited >= 0) this.#drawWarnings(traces[limited]!.parameter, scales[limited]!, frame);
    const { grid } = frame.theme;
    const line = Math.max(Math.round(frame.pixelRatio), 1);
    const scale = scales[0];
    if (scale !== undefined) {
      for (const value of ticksOf(traces[0] ?? null, scale, height / frame.pixelRatio)) {
        const y = Math.round(rowOf(value, scale, this.area));
        raster.band(y, y + line, grid, 1, left, left + width);
      }
    }
    for (const { ns } of timeMarks(frame, width)) {
      const x = left + Math.round(((ns - frame.startNs) / (frame.endNs - frame.startNs)) * width);
      for (let each = 0; each < line; each++) raster.column(x + each, grid, 1);
    }
    raster.band(top + height, top + height + line, grid, 1, left, left + width);
  }

  #drawWarnings({ warnMin, warnMax, min, max }: ParameterInfo, scale: Scale, { theme }: Frame): void {
    const { left, top, width, height } = this.area;
    const rows = (value: number) => Math.min(Math.max(rowOf(value, scale, this.area), top), top + height);
    const right = left + width;
    if (warnMax < max || max <= min) {
      this.raster.band(top, rows(warnMax), theme.warning, WARNING_ALPHA, left, right);
      if (warnMax < scale.max)
        this.raster.band(rows(warnMax), rows(warnMax) + 1, theme.warning, WARNING_LINE_ALPHA, left, right);
    }
    if (warnMin > min || max <= min) {
      this.raster.band(rows(warnMin), top + height, theme.warning, WARNING_ALPHA, left, right);
      if (warnMin > scale.min)
        this.raster.band(rows(warnMin), rows(warnMin) + 1, theme.warning, WARNING_LINE_ALPHA, left, right);
    }
  }

  /** Which rows each column covers; nothing where that is out of view. */
  #placeSpans({ low, high }: Columns, scale: Scale): void {
    const { top, width, height } = this.area;
    const { top: spanTop, bottom: spanBottom } = this.#spans;
    const perValue = height / (scale.max - scale.min);
    const floor = top + height;
    for (let column = 0; column < width; column++) {
      const above = top + (scale.max - high[column]!) * perValue;
      const below = top + (scale.max - low[column]!) * perValue;
      const isVisible = above <= floor && below >= top;
      spanTop[column] = isVisible ? Math.max(above, top) : Number.NaN;
      spanBottom[column] = isVisible ? Math.min(below, floor) : Number.NaN;
    }
  }

  /** Lines beyond the first colours are dashed; dashes move with the data, and no peak falls between them. */
  #dash(color: number, { startNs, endNs, pixelRatio }: Frame): void {
    const { dash } = traceStyle(color, "dark");
    const [on = 0, off = 0] = dash.map((px) => px * pixelRatio);
    if (off === 0) return;
    const { top, bottom } = this.#spans;
    const first = Math.floor((startNs / (endNs - startNs)) * top.length) % (on + off);
    for (let column = 0; column < top.length; column++) {
      const isLevel = bottom[column]! - top[column]! < LEVEL_PX * pixelRatio;
      if (isLevel && (first + column + on + off) % (on + off) >= on) top[column] = Number.NaN;
    }
  }

  #drawTrace(trace: Trace, scale: Scale, color: number, frame: Frame): void {
    const { left, top, height } = this.area;
    const { bottom: spanBottom } = this.#spans;
    const floor = top + height;
    if (trace.parameter.isState) {
      this.raster.spans({ top: spanBottom, bottom: this.#floor.fill(floor) }, color, 0, left, STATE_ALPHA);
    }
    this.raster.line(this.#spans, color, LINE_PX * frame.pixelRatio, left);
    this.#drawDots(trace, scale, color, frame);
  }

  /** Where samples are few enough to be told apart, each is a dot. */
  #drawDots({ lines }: Trace, scale: Scale, color: number, frame: Frame): void {
    const { left, top, width, height } = this.area;
    const { startNs, endNs, pixelRatio } = frame;
    const untilNs = Math.min(endNs, frame.untilNs);
    for (const line of lines) {
      if (countWithin(line, startNs, untilNs) * DOT_SPACING_PX * pixelRatio > width) continue;
      for (const { timeNs, value } of samplesWithin(line, startNs, untilNs)) {
        if (timeNs < startNs) continue;
        const y = rowOf(value, scale, this.area);
        const x = left + ((timeNs - startNs) / (endNs - startNs)) * width;
        if (y >= top && y <= top + height) this.raster.dot(x, y, DOT_RADIUS_PX * pixelRatio, color);
      }
    }
  }
}

/** Row of pixels of a value, as a fraction. */
export function rowOf(value: number, { min, max }: Scale, { top, height }: Area): number {
  return top + ((max - value) / (max - min)) * height;
}

/** Values that the axis of a trace shows; states are whole numbers. */
export function ticksOf(trace: Trace | null, { min, max }: Scale, heightPx: number): number[] {
  const ticks = valueTicks(min, max, heightPx / VALUE_SPACING_PX);
  return trace?.parameter.isState ? [...new Set(ticks.map(Math.round))] : ticks;
}

function hasWarnings({ warnMin, warnMax, min, max }: ParameterInfo): boolean {
  return warnMin < warnMax && (warnMin > min || warnMax < max || max <= min);
}
