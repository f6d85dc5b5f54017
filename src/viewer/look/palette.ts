export type Theme = "dark" | "light";

/** Behind the plots; as in the style sheet. */
export const PLOT_BACKGROUND: Readonly<Record<Theme, string>> = { dark: "#11161d", light: "#ffffff" };

/**
 * Colours of traces. Searched by machine: each reads as text on its background, and any two stay apart for all kinds
 * of colour vision; `palette.test.ts` holds them to it.
 */
const TRACE_COLORS: Readonly<Record<Theme, readonly string[]>> = {
  dark: ["#4db2ff", "#ffcf92", "#e031af", "#a3b900", "#8570ff", "#f18aa5", "#31eeff", "#9e7b15"],
  light: ["#0b6fc2", "#897300", "#c14c7a", "#071ed4", "#9e0700", "#40007f", "#7f3778", "#5b0e2f"],
};

/** Dashes in pixels; a second way to tell traces apart, and the only one beyond the first eight. */
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3]];

/** How a trace is drawn. */
export interface TraceStyle {
  readonly color: string;
  /** As `setLineDash` takes it; empty for a solid line. */
  readonly dash: readonly number[];
}

export const COLOR_COUNT = TRACE_COLORS.dark.length;

/** The style of trace number `index`, from 0; styles repeat after 24. */
export function traceStyle(index: number, theme: Theme): TraceStyle {
  return {
    color: TRACE_COLORS[theme][index % COLOR_COUNT] as string,
    dash: DASHES[Math.floor(index / COLOR_COUNT) % DASHES.length] as readonly number[],
  };
}
