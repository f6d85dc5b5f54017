import type { PaneSpec, TraceSpec } from "../engine/messages.ts";

/** Every pane is drawn anew for each picture. */
export const MAX_PANES = 16;
/** More lines than this in one pane cannot be told apart. */
export const MAX_TRACES_PER_PANE = 12;

type Panes = readonly PaneSpec[];

/** True when the parameter is in any pane. */
export function isPlotted(panes: Panes, parameter: string): boolean {
  return panes.some((pane) => hasTrace(pane, parameter));
}

/** Adds a parameter in a pane of its own, below the others; where there are too many, in the one with most room. */
export function addTrace(panes: Panes, parameter: string): Panes {
  if (isPlotted(panes, parameter)) return panes;
  const trace: TraceSpec = { parameter, color: freeColor(panes), range: null };
  if (panes.length < MAX_PANES) return [...panes, newPane(panes, trace)];
  const least = Math.min(...panes.map(({ traces }) => traces.length));
  const roomy = panes.find(({ traces }) => traces.length === least);
  if (roomy === undefined || least >= MAX_TRACES_PER_PANE) return panes;
  return replaced(panes, { ...roomy, traces: [...roomy.traces, trace] });
}

/** Takes a parameter away, and its pane with the last of its traces. */
export function removeTrace(panes: Panes, parameter: string): Panes {
  return panes
    .map((pane) => ({ ...pane, traces: pane.traces.filter((trace) => trace.parameter !== parameter) }))
    .filter((pane) => pane.traces.length > 0);
}

/** Moves a trace into another pane. */
export function moveTrace(panes: Panes, parameter: string, target: string): Panes {
  const trace = traceOf(panes, parameter);
  const pane = panes.find(({ id }) => id === target);
  if (trace === undefined || pane === undefined || hasTrace(pane, parameter)) return panes;
  if (pane.traces.length >= MAX_TRACES_PER_PANE) return panes;
  return replaced(removeTrace(panes, parameter), { ...pane, traces: [...pane.traces, trace] });
}

/** Moves a trace into a new pane, before the pane `before`; null: at the end. */
export function splitTrace(panes: Panes, parameter: string, before: string | null): Panes {
  const trace = traceOf(panes, parameter);
  if (trace === undefined || panes.length >= MAX_PANES) return panes;
  const pane = newPane(panes, trace);
  const at = placeOf(panes, before);
  const without = [...panes.slice(0, at), pane, ...panes.slice(at)].map((each) =>
    each === pane ? each : { ...each, traces: each.traces.filter((other) => other.parameter !== parameter) },
  );
  return without.filter(({ traces }) => traces.length > 0);
}

/** Moves a pane before another; null: to the end. */
export function movePane(panes: Panes, id: string, before: string | null): Panes {
  const pane = panes.find((each) => each.id === id);
  if (pane === undefined || id === before) return panes;
  const others = panes.filter((each) => each !== pane);
  const at = placeOf(others, before);
  return [...others.slice(0, at), pane, ...others.slice(at)];
}

/** Moves a pane up (-1) or down (1). */
export function shiftPane(panes: Panes, id: string, by: -1 | 1): Panes {
  const at = panes.findIndex((pane) => pane.id === id);
  if (at < 0) return panes;
  const before = by < 0 ? panes[at - 1] : panes[at + 2];
  return by < 0 && before === undefined ? panes : movePane(panes, id, before?.id ?? null);
}

/** Switches between one scale for all traces of a pane, and one for each. */
export function toggleScale(panes: Panes, id: string): Panes {
  return panes.map((pane) =>
    pane.id === id ? { ...pane, scale: pane.scale === "own" ? "shared" : "own" } : pane,
  );
}

/** Sets the range of every trace of a pane. */
export function setRange(panes: Panes, id: string, range: TraceSpec["range"]): Panes {
  return panes.map((pane) => (pane.id === id ? withRanges(pane, () => range) : pane));
}

/** Sets the range of each trace of a pane. */
export function setRanges(panes: Panes, id: string, ranges: readonly TraceSpec["range"][]): Panes {
  return panes.map((pane) => (pane.id === id ? withRanges(pane, (index) => ranges[index] ?? null) : pane));
}

/** Makes a pane larger or smaller than the others. */
export function setWeight(panes: Panes, id: string, weight: number): Panes {
  return panes.map((pane) => (pane.id === id ? { ...pane, weight } : pane));
}

function withRanges(pane: PaneSpec, rangeOf: (index: number) => TraceSpec["range"]): PaneSpec {
  return { ...pane, traces: pane.traces.map((trace, index) => ({ ...trace, range: rangeOf(index) })) };
}

function hasTrace({ traces }: PaneSpec, parameter: string): boolean {
  return traces.some((trace) => trace.parameter === parameter);
}

function traceOf(panes: Panes, parameter: string): TraceSpec | undefined {
  return panes.flatMap(({ traces }) => traces).find((trace) => trace.parameter === parameter);
}

function replaced(panes: Panes, pane: PaneSpec): Panes {
  return panes.map((each) => (each.id === pane.id ? pane : each));
}

function placeOf(panes: Panes, id: string | null): number {
  const at = panes.findIndex((pane) => pane.id === id);
  return at < 0 ? panes.length : at;
}

function newPane(panes: Panes, trace: TraceSpec): PaneSpec {
  const numbers = panes.map(({ id }) => Number(id.replace(/^pane-/, "")) || 0);
  return { id: `pane-${Math.max(...numbers, 0) + 1}`, traces: [trace], scale: "own", weight: 1 };
}

/** The first colour that no trace has. */
function freeColor(panes: Panes): number {
  const taken = new Set(panes.flatMap(({ traces }) => traces.map(({ color }) => color)));
  let color = 0;
  while (taken.has(color)) color++;
  return color;
}
