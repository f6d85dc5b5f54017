import type { PaneSpec, ParameterInfo, Scale } from "../engine/messages.ts";
import { type Theme, type TraceStyle, traceStyle } from "../look/palette.ts";
import { Columns } from "../plot/columns.ts";
import { GUTTER_PX, GUTTER_RIGHT_PX } from "../plot/frame.ts";
import type { Extent, Line } from "../plot/line.ts";
import { scalesOf } from "../plot/scale.ts";
import { valueTicks } from "../plot/ticks.ts";
import type { Series } from "../reading/series.ts";
import type { LapTraces } from "./lap-traces.ts";
import { numberText } from "./number-text.ts";
import { styleColor } from "./surface.ts";

export const AXIS_PX = 22;
const FONT = "11px system-ui, sans-serif";
const NAME_FONT = "600 12px system-ui, sans-serif";
/** CSS pixels between values on the axes. */
const VALUE_SPACING_PX = 30;
const DISTANCE_SPACING_PX = 90;
const PADDING_PX = 6;
const HEAD_PX = 16;

/** Everything that is drawn. */
export interface DistancePicture {
  readonly panes: readonly PaneSpec[];
  readonly laps: readonly LapTraces[];
  readonly parameters: ReadonlyMap<string, ParameterInfo>;
  /** Of the distance. */
  readonly unit: string;
  /** What is in view, in that unit. */
  readonly window: Scale;
  /** Distances of the cursors; NaN without. */
  readonly cursor: number;
  readonly second: number;
  readonly theme: Theme;
  /** The value of a trace in a lap at the cursor, as people read it; empty for none. */
  readonly textAt: (lap: number, parameter: string) => string;
}

/** A rectangle in CSS pixels. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where plots begin and end across a canvas of this width. */
export function plotAcross(width: number): { readonly left: number; readonly width: number } {
  return { left: GUTTER_PX, width: Math.max(width - GUTTER_PX - GUTTER_RIGHT_PX, 1) };
}

/** How a trace of a lap is drawn: laps by their colours, and by the trace's own where there is one lap alone. */
export function styleOf(laps: number, lap: number, color: number, trace: number, theme: Theme): TraceStyle {
  if (laps === 1) return traceStyle(color, theme);
  return { color: traceStyle(lap, theme).color, dash: traceStyle(8 * trace, theme).dash };
}

/** Draws the panes over distance, one under the other, and the distance axis. */
export function drawDistance(
  context: CanvasRenderingContext2D,
  size: { width: number; height: number },
  picture: DistancePicture,
): void {
  const { panes, window } = picture;
  const across = plotAcross(size.width);
  const room = size.height - AXIS_PX;
  const weights = panes.reduce((sum, { weight }) => sum + weight, 0);
  context.font = FONT;
  context.textBaseline = "middle";
  let top = 0;
  for (const pane of panes) {
    const height = (room * pane.weight) / weights;
    drawHead(context, pane, top + PADDING_PX + HEAD_PX / 2, picture);
    const plotTop = top + HEAD_PX + 2 * PADDING_PX;
    drawPane(
      context,
      pane,
      { ...across, top: plotTop, height: Math.max(top + height - PADDING_PX - plotTop, 1) },
      picture,
    );
    top += height;
    context.fillStyle = styleColor("--line");
    context.fillRect(0, Math.round(top) - 1, size.width, 1);
  }
  context.fillStyle = styleColor("--muted");
  context.textAlign = "center";
  const marks = valueTicks(window.min, window.max, across.width / DISTANCE_SPACING_PX);
  for (const [index, distance] of marks.entries()) {
    const text = index === 0 ? `${numberText(distance)} ${picture.unit}` : numberText(distance);
    context.fillText(text, toX(distance, window, across), room + AXIS_PX / 2);
  }
  drawCursor(context, toX(picture.cursor, window, across), room, false);
  drawCursor(context, toX(picture.second, window, across), room, true);
}

/** Names and units of the traces, and their values in each lap at the cursor. */
function drawHead(
  context: CanvasRenderingContext2D,
  pane: PaneSpec,
  y: number,
  picture: DistancePicture,
): void {
  const { laps, parameters, theme } = picture;
  context.textAlign = "left";
  let x = 12;
  const write = (text: string, color: string, font: string) => {
    if (text === "") return;
    context.font = font;
    context.fillStyle = color;
    context.fillText(text, x, y);
    x += context.measureText(text).width + 10;
  };
  for (const [trace, { parameter, color }] of pane.traces.entries()) {
    const info = parameters.get(parameter);
    write(
      info?.name ?? parameter,
      laps.length === 1 ? traceStyle(color, theme).color : styleColor("--text"),
      NAME_FONT,
    );
    for (const lap of laps.keys()) {
      write(picture.textAt(lap, parameter), styleOf(laps.length, lap, color, trace, theme).color, FONT);
    }
    write(info?.unit ?? "", styleColor("--muted"), FONT);
  }
  context.font = FONT;
}

function drawPane(
  context: CanvasRenderingContext2D,
  pane: PaneSpec,
  area: Area,
  picture: DistancePicture,
): void {
  const { laps, window, parameters, theme } = picture;
  const columns = pane.traces.map(({ parameter }) =>
    laps.map((lap) =>
      columnsOf(lap, parameter, parameters.get(parameter)?.isState ?? false, window, area.width),
    ),
  );
  const extents = columns.map((ofLaps) => union(ofLaps.map((each) => each.extent())));
  const scales = scalesOf(pane, ({ parameter }) => parameters.get(parameter), extents);
  drawGrid(context, area, scales[0], window);
  context.save();
  context.beginPath();
  context.rect(area.left, area.top - PADDING_PX, area.width, area.height + 2 * PADDING_PX);
  context.clip();
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  for (const [trace, ofLaps] of columns.entries()) {
    for (const [lap, each] of ofLaps.entries()) {
      const style = styleOf(laps.length, lap, pane.traces[trace]?.color ?? 0, trace, theme);
      context.strokeStyle = style.color;
      context.setLineDash([...style.dash]);
      context.stroke(pathOf(each, scales[trace] as Scale, area));
    }
  }
  context.restore();
}

function drawGrid(
  context: CanvasRenderingContext2D,
  area: Area,
  scale: Scale | undefined,
  window: Scale,
): void {
  context.fillStyle = styleColor("--grid");
  for (const distance of valueTicks(window.min, window.max, area.width / DISTANCE_SPACING_PX)) {
    context.fillRect(
      Math.round(toX(distance, window, area)),
      area.top - PADDING_PX,
      1,
      area.height + 2 * PADDING_PX,
    );
  }
  if (scale === undefined) return;
  context.textAlign = "right";
  for (const value of valueTicks(scale.min, scale.max, area.height / VALUE_SPACING_PX)) {
    const y = Math.round(toY(value, scale, area));
    context.fillStyle = styleColor("--grid");
    context.fillRect(area.left, y, area.width, 1);
    context.fillStyle = styleColor("--muted");
    context.fillText(numberText(value), area.left - 6, y);
  }
}

function drawCursor(context: CanvasRenderingContext2D, x: number, height: number, isSecond: boolean): void {
  if (Number.isNaN(x)) return;
  context.save();
  context.strokeStyle = styleColor("--text");
  context.setLineDash(isSecond ? [4, 3] : []);
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, 0);
  context.lineTo(Math.round(x) + 0.5, height);
  context.stroke();
  context.restore();
}

/** What the trace covers in each column of pixels, with no peak left out, as far as the lap has been driven. */
function columnsOf(lap: LapTraces, id: string, isState: boolean, window: Scale, width: number): Columns {
  const columns = new Columns(Math.round(width));
  const series = lap.trace(id);
  if (series.times.length === 0) return columns;
  const widthNs = (window.max - window.min) / columns.low.length;
  columns.add(lineOf(series, isState), {
    startNs: window.min,
    widthNs,
    untilNs: Math.min(window.max, lap.length),
  });
  return columns;
}

/** A series over distance as the plots' own line over time: distances stand where ns do. */
function lineOf({ times, values }: Series, isStep: boolean): Line {
  const widen = (extent: Extent, from: number, to: number): void => {
    for (const value of values.subarray(from, to)) {
      if (value < extent.min) extent.min = value;
      if (value > extent.max) extent.max = value;
    }
  };
  const piece = { shiftNs: 0, offsetsNs: times, values, afterHole: false, widen };
  return { pieces: [piece], gapNs: Number.POSITIVE_INFINITY, isStep };
}

/** Through the columns from left to right, up and down in each. */
function pathOf({ low, high }: Columns, scale: Scale, area: Area): Path2D {
  const path = new Path2D();
  let isApart = true;
  let last = 0;
  for (let column = 0; column < low.length; column++) {
    const [bottom, top] = [low[column] as number, high[column] as number];
    if (Number.isNaN(bottom)) {
      isApart = true;
      continue;
    }
    const [first, second] = Math.abs(last - bottom) < Math.abs(last - top) ? [bottom, top] : [top, bottom];
    const x = area.left + column + 0.5;
    if (isApart) path.moveTo(x, toY(first, scale, area));
    else path.lineTo(x, toY(first, scale, area));
    if (first !== second || isApart) path.lineTo(x, toY(second, scale, area));
    isApart = false;
    last = second;
  }
  return path;
}

function union(extents: readonly Extent[]): Extent {
  return {
    min: Math.min(...extents.map(({ min }) => min)),
    max: Math.max(...extents.map(({ max }) => max)),
  };
}

export function toX(
  distance: number,
  window: Scale,
  { left, width }: { readonly left: number; readonly width: number },
): number {
  return left + ((distance - window.min) / (window.max - window.min)) * width;
}

function toY(value: number, scale: Scale, { top, height }: Area): number {
  return top + ((scale.max - value) / (scale.max - scale.min)) * height;
}
