import type { PaneSpec, ParameterInfo, Scale, TraceSpec } from "../engine/messages.ts";
import type { Extent } from "./line.ts";
import { niceStep } from "./ticks.ts";

/** What a fitted range leaves free above and below. */
const MARGIN = 0.05;
/** A fitted range ends at multiples of this share of it, so that it does not follow each sample. */
const ROUNDING = 0.1;
const NOTHING: Scale = { min: 0, max: 1 };

/** The scale of each trace of a pane, given what its samples in view span. */
export function scalesOf(
  pane: PaneSpec,
  parameterOf: (trace: TraceSpec) => ParameterInfo | undefined,
  extents: readonly Extent[],
): Scale[] {
  const own = pane.traces.map((trace, index) => scaleOf(trace, parameterOf(trace), extents[index]!));
  if (pane.scale === "own" || own.length === 0) return own;
  const shared = {
    min: Math.min(...own.map(({ min }) => min)),
    max: Math.max(...own.map(({ max }) => max)),
  };
  return own.map(() => shared);
}

function scaleOf({ range }: TraceSpec, parameter: ParameterInfo | undefined, seen: Extent): Scale {
  if (typeof range === "object" && range !== null) return range;
  if (range === "fit" || parameter === undefined || !(parameter.min < parameter.max)) return fitted(seen);
  const min = Math.min(parameter.min, seen.min);
  const max = Math.max(parameter.max, seen.max);
  return widened(min, max);
}

function fitted({ min, max }: Extent): Scale {
  if (!(min <= max)) return NOTHING;
  if (min === max) return widened(min, max);
  const step = niceStep((max - min) * ROUNDING);
  return { min: Math.floor(min / step - MARGIN) * step, max: Math.ceil(max / step + MARGIN) * step };
}

function widened(min: number, max: number): Scale {
  const margin = (max - min) * MARGIN || Math.abs(max) * MARGIN || 1;
  return { min: min - margin, max: max + margin };
}
