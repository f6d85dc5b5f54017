import { element } from "../dom.ts";
import type { PlotTheme } from "../engine/messages.ts";
import { COLOR_COUNT, type Theme, traceStyle } from "../look/palette.ts";

/** Colours of the traces, as the style sheet has them. */
export function traceColors(theme: Theme): string[] {
  return Array.from({ length: COLOR_COUNT }, (_, index) => traceStyle(index, theme).color);
}

/** The colours that the page has at the moment, for the worker. */
export function plotTheme(theme: Theme): PlotTheme {
  const probe = document.body.appendChild(element("span"));
  const named = (name: string): number => {
    probe.style.color = `var(${name})`;
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
    return (red << 16) | (green << 8) | blue;
  };
  const colors = {
    back: named("--plot"),
    grid: named("--grid"),
    text: named("--muted"),
    warning: named("--warn"),
  };
  probe.remove();
  return { ...colors, traces: traceColors(theme).map((color) => Number.parseInt(color.slice(1), 16)) };
}
