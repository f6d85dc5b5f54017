import uPlot from "uplot";
import { type Parameter, parameterText, parameterValues, type SampleRun } from "../client/index.ts";
import { element, setText } from "./dom.ts";
import { clockText } from "./time-text.ts";
import { Trace, WINDOW_S } from "./trace.ts";

export const TIME_AXIS_PX = 26;
const VALUE_AXIS_PX = 62;
/** Samples farther apart than this many intervals of a periodic channel have a gap between them. */
const GAP_INTERVALS = 2.5;
const NS_PER_S = 1e9;
/** The cursor stands at the same time in all panes. */
const CURSOR = uPlot.sync("time");

/** How a pane looks; changes make a new pane plot. */
export interface PaneStyle {
  readonly widthPx: number;
  /** Without the time axis. */
  readonly heightPx: number;
  readonly color: string;
  readonly textColor: string;
  readonly gridColor: string;
  /** True for the lowest pane. */
  readonly hasTimeAxis: boolean;
}

/** One plotted parameter: its samples, its heading and its plot. */
export class Pane {
  readonly parameter: Parameter;
  readonly root: HTMLElement;
  readonly #trace = new Trace();
  readonly #intervalS: number;
  readonly #value = element("span", { class: "pane-value" });
  readonly #name = element("span", { class: "pane-name" });
  readonly #canvas = element("div");
  #plot: uPlot | null = null;

  /** `intervalNs` is that of a periodic channel, else 0. */
  constructor(parameter: Parameter, intervalNs: number, remove: () => void) {
    this.parameter = parameter;
    this.#intervalS = intervalNs / NS_PER_S;
    const title = `Remove ${parameter.name} from the plots`;
    const button = element(
      "button",
      { class: "pane-remove", type: "button", title, "aria-label": title },
      "×",
    );
    button.addEventListener("click", remove);
    setText(this.#name, parameter.name);
    const head = element(
      "div",
      { class: "pane-head" },
      this.#name,
      element("span", { class: "pane-description" }, parameter.description),
      this.#value,
      button,
    );
    this.root = element("div", { class: "pane" }, head, this.#canvas);
  }

  /** Takes samples of one of the parameter's channels. */
  take(run: SampleRun): void {
    const times = Float64Array.from(run.timesNs, (ns) => Number(ns) / NS_PER_S);
    const values = parameterValues(this.parameter, run.type, run.values);
    if (isAscending(times)) {
      this.#trace.add(times, values);
    } else {
      const order = [...times.keys()].sort((a, b) => (times[a] as number) - (times[b] as number));
      const pick = (from: Float64Array) => Float64Array.from(order, (index) => from[index] as number);
      this.#trace.add(pick(times), pick(values));
    }
  }

  restyle(style: PaneStyle): void {
    this.#plot?.destroy();
    this.#name.style.color = style.color;
    this.#plot = new uPlot(this.#options(style), [[], []], this.#canvas);
  }

  /** Draws the window that ends at `edge`, seconds since 1970. */
  draw(edge: number): void {
    const plot = this.#plot;
    if (plot === null) return;
    const { times, values } = this.#trace.between(edge - WINDOW_S, edge);
    plot.batch(() => {
      plot.setData([times, values], false);
      plot.setScale("x", { min: edge - WINDOW_S, max: edge });
    });
  }

  /** Shows the value at the cursor, or the latest one. */
  drawValue(): void {
    const atCursor = this.#plot?.cursor.idx;
    const value = typeof atCursor === "number" ? this.#plot?.data[1]?.[atCursor] : this.#trace.value;
    const isKnown = typeof value === "number" && !Number.isNaN(value);
    setText(this.#value, isKnown ? `${parameterText(this.parameter, value)} ${this.parameter.unit}` : "");
  }

  destroy(): void {
    this.#plot?.destroy();
    this.root.remove();
  }

  #options({ widthPx, heightPx, color, textColor, gridColor, hasTimeAxis }: PaneStyle): uPlot.Options {
    const axis = { stroke: textColor, grid: { stroke: gridColor, width: 1 }, ticks: { show: false } };
    const { toText } = this.parameter.conversion;
    return {
      width: widthPx,
      height: heightPx + (hasTimeAxis ? TIME_AXIS_PX : 0),
      pxAlign: 0,
      padding: [6, 20, hasTimeAxis ? 0 : 6, 0],
      legend: { show: false },
      cursor: { sync: { key: CURSOR.key }, drag: { x: false, y: false }, y: false },
      scales: { x: { time: false }, y: { range: (_plot, min, max) => this.#range(min, max) } },
      axes: [
        {
          ...axis,
          size: hasTimeAxis ? TIME_AXIS_PX : 0,
          incrs: [5, 10, 15],
          values: (_plot, times) => times.map((time) => (hasTimeAxis ? clockText(time) : "")),
        },
        {
          ...axis,
          size: VALUE_AXIS_PX,
          space: 20,
          ...(toText && {
            incrs: [1, 2, 5, 10, 20, 50, 100],
            values: (_plot: uPlot, values: number[]) => values.map(toText),
          }),
        },
      ],
      series: [
        {},
        {
          stroke: color,
          width: 1.5,
          points: { show: false },
          ...(toText && { paths: uPlot.paths.stepped?.({ align: 1 }) as uPlot.Series.PathBuilder }),
          gaps: (plot, _series, from, to, gaps) => (this.#intervalS > 0 ? this.#gaps(plot, from, to) : gaps),
        },
      ],
    };
  }

  /** The limits of the configuration, wider where samples go beyond. */
  #range(dataMin: number | null, dataMax: number | null): [number, number] {
    const { min, max } = this.parameter;
    const limits = min < max ? [min, max] : [];
    const all = [...limits, dataMin, dataMax].filter(
      (value) => value !== null && Number.isFinite(value),
    ) as number[];
    if (all.length === 0) return [0, 1];
    const low = Math.min(...all);
    const high = Math.max(...all);
    const margin = (high - low || Math.abs(high) || 1) * 0.05;
    return [low - margin, high + margin];
  }

  #gaps(plot: uPlot, from: number, to: number): uPlot.Series.Gap[] {
    const times = plot.data[0] as ArrayLike<number>;
    const gaps: uPlot.Series.Gap[] = [];
    for (let index = from + 1; index <= to; index++) {
      const before = times[index - 1] as number;
      const after = times[index] as number;
      if (after - before > GAP_INTERVALS * this.#intervalS) {
        gaps.push([plot.valToPos(before, "x", true), plot.valToPos(after, "x", true)]);
      }
    }
    return gaps;
  }
}

function isAscending(times: Float64Array): boolean {
  for (let index = 1; index < times.length; index++) {
    if ((times[index] as number) < (times[index - 1] as number)) return false;
  }
  return true;
}
