import type { PaneSpec, Scale } from "../engine/messages.ts";
import { type Area, areaOf, type Frame, type Trace } from "./frame.ts";
import { countWithin, type Line, samplesWithin } from "./line.ts";
import { rowOf, ticksOf } from "./pane-picture.ts";
import { timeMarks } from "./time-marks.ts";

const FONT = "11px system-ui, sans-serif";
const FONT_PX = 11;
/** Between a label and what it labels, CSS pixels. */
const SPACE_PX = 6;
/** Between the line of a state and the far side of its name, CSS pixels. */
const NAME_PX = 15;
/** States that change more often than this in view have no room for their names. */
const MAX_NAMED_SAMPLES = 20_000;

type Context = OffscreenCanvasRenderingContext2D;

/** Writes the values beside a pane, and the names of states on its traces. */
export function labelPane(
  context: Context,
  area: Area,
  pane: PaneSpec,
  traces: readonly (Trace | null)[],
  scales: readonly Scale[],
  frame: Frame,
): void {
  const { pixelRatio, theme } = frame;
  context.font = FONT.replace(`${FONT_PX}`, `${FONT_PX * pixelRatio}`);
  context.textBaseline = "middle";
  context.textAlign = "right";
  const [trace, scale] = [traces[0] ?? null, scales[0]];
  if (scale !== undefined) {
    const hasOwnColor = pane.scale === "own" && pane.traces.length > 1;
    context.fillStyle = css(hasOwnColor ? colorOf(pane, 0, frame) : theme.text);
    const ticks = ticksOf(trace, scale, area.height / pixelRatio);
    const text = tickText(trace, ticks);
    for (const value of ticks) {
      const y = Math.min(Math.max(rowOf(value, scale, area), area.top + SPACE_PX), area.top + area.height);
      context.fillText(text(value), area.left - SPACE_PX * pixelRatio, y);
    }
  }
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const [index, each] of traces.entries()) {
    if (!each?.parameter.isState) continue;
    context.fillStyle = css(colorOf(pane, index, frame));
    for (const line of each.lines) nameStates(context, area, line, each.textOf, scales[index]!, frame);
  }
}

/** Draws the time axis: it is as wide as the panes, and as high as one line of text. */
export function drawTimeAxis(context: Context, width: number, height: number, frame: Frame): void {
  const { pixelRatio, theme } = frame;
  const area = areaOf(width, height, pixelRatio);
  context.fillStyle = css(theme.back);
  context.fillRect(0, 0, width, height);
  context.font = FONT.replace(`${FONT_PX}`, `${FONT_PX * pixelRatio}`);
  context.fillStyle = css(theme.text);
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { ns, label } of timeMarks(frame, area.width)) {
    const x = area.left + ((ns - frame.startNs) / (frame.endNs - frame.startNs)) * area.width;
    context.fillText(label, x, height / 2);
  }
}

/** Writes the name of each state over its stretch, where there is room. */
function nameStates(
  context: Context,
  area: Area,
  line: Line,
  textOf: (value: number) => string,
  scale: Scale,
  { startNs, endNs, untilNs, pixelRatio }: Frame,
): void {
  const seenUntil = Math.min(endNs, untilNs);
  if (countWithin(line, startNs, seenUntil) > MAX_NAMED_SAMPLES) return;
  const x = (ns: number) => area.left + ((Math.max(ns, startNs) - startNs) / (endNs - startNs)) * area.width;
  const name = (value: number, fromNs: number, toNs: number): void => {
    const text = textOf(value);
    const [from, to] = [x(fromNs), x(toNs)];
    if (text === "" || context.measureText(text).width + 2 * SPACE_PX * pixelRatio > to - from) return;
    const row = rowOf(value, scale, area);
    const isAbove = row - NAME_PX * pixelRatio >= area.top;
    context.fillText(text, (from + to) / 2, isAbove ? row - 3 * pixelRatio : row + NAME_PX * pixelRatio);
  };
  let state = { value: Number.NaN, fromNs: startNs, toNs: startNs };
  for (const { timeNs, value, isApart } of samplesWithin(line, startNs, seenUntil)) {
    if (isApart || value !== state.value) {
      name(state.value, state.fromNs, isApart ? state.toNs : timeNs);
      state = { value, fromNs: timeNs, toNs: timeNs };
    }
    state.toNs = timeNs;
  }
  name(state.value, state.fromNs, seenUntil - state.toNs <= line.gapNs ? seenUntil : state.toNs);
}

/** Values of an axis with as many decimals as their distance needs; states by name. */
function tickText(trace: Trace | null, ticks: readonly number[]): (value: number) => string {
  if (trace?.parameter.isState) return trace.textOf;
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0));
  const digits = Math.min(Math.max(-Math.floor(Math.log10(step || 1) + 1e-9), 0), 9);
  return (value) => {
    const size = Math.abs(value);
    return size >= 1e6 || (size > 0 && size < 1e-6) ? value.toExponential(2) : value.toFixed(digits);
  };
}

function colorOf(pane: PaneSpec, index: number, { theme }: Frame): number {
  return theme.traces[pane.traces[index]!.color % theme.traces.length]!;
}

function css(color: number): string {
  return `#${color.toString(16).padStart(6, "0")}`;
}
