import type { ParameterInfo, PlotTheme } from "../engine/messages.ts";
import type { Line } from "./line.ts";

/** CSS pixels left of the plots, for values; style.css knows it as --gutter. */
export const GUTTER_PX = 58;
/** CSS pixels right of them; style.css knows it as --gutter-right. */
export const GUTTER_RIGHT_PX = 12;
/** CSS pixels above and below the traces of a pane. */
const PADDING_PX = 6;

/** What all panes of one picture have in common. Times are ns after the origin. */
export interface Frame {
  readonly originNs: bigint;
  readonly startNs: number;
  readonly endNs: number;
  readonly untilNs: number;
  readonly pixelRatio: number;
  readonly theme: PlotTheme;
}

/** A parameter and the samples that its channels hold. */
export interface Trace {
  readonly parameter: ParameterInfo;
  readonly lines: readonly Line[];
  readonly textOf: (value: number) => string;
  /** Changes with the samples. */
  readonly version: number;
}

/** Where the traces go in the picture of a pane, in device pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function areaOf(widthPx: number, heightPx: number, pixelRatio: number): Area {
  const left = Math.round(GUTTER_PX * pixelRatio);
  const top = Math.round(PADDING_PX * pixelRatio);
  return {
    left,
    top,
    width: Math.max(widthPx - left - Math.round(GUTTER_RIGHT_PX * pixelRatio), 1),
    height: Math.max(heightPx - 2 * top, 1),
  };
}
