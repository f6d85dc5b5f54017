import type { Catalogue, Parameter, SampleRun } from "../client/index.ts";
import { byId } from "./dom.ts";
import { LeadingEdge } from "./leading-edge.ts";
import { Pane, TIME_AXIS_PX } from "./pane.ts";

/** Each plot keeps its samples and is drawn anew for every frame. */
export const MAX_PANES = 12;
const TRACE_COLORS = 8;
const NS_PER_S = 1e9;
/** What the page and the time axis take of the window's height; the plots share the rest. */
const PAGE_PX = 116 + TIME_AXIS_PX;
const PANE_HEAD_PX = 24;
const MIN_PANE_PX = 76;
const MAX_PANE_PX = 180;

/** What the plots ask of the page. */
export interface PaneActions {
  /** A plot has been added or removed. */
  changed(): void;
  /** Somebody wants this plot gone. */
  dismiss(parameter: Parameter): void;
}

/** The plots: one below the other, with one time axis that moves with the data. */
export class Panes {
  readonly #root = byId("plots", HTMLElement);
  readonly #note = byId("plots-note", HTMLElement);
  readonly #edge = new LeadingEdge();
  readonly #actions: PaneActions;
  #panes: Pane[] = [];
  #widthPx = 0;

  constructor(actions: PaneActions) {
    this.#actions = actions;
    new ResizeObserver(() => {
      if (this.#root.clientWidth !== this.#widthPx) this.#restyle();
    }).observe(this.#root);
    addEventListener("resize", () => this.#restyle());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#restyle());
  }

  get parameters(): Parameter[] {
    return this.#panes.map((pane) => pane.parameter);
  }

  /** Seconds since 1970 of the newest sample of all; NaN before the first. */
  get newest(): number {
    return this.#edge.newest;
  }

  has(parameter: Parameter): boolean {
    return this.#panes.some((pane) => pane.parameter.id === parameter.id);
  }

  /** Adds the plot of a parameter; false when there are too many. */
  add(parameter: Parameter, catalogue: Catalogue): boolean {
    if (this.#panes.length >= MAX_PANES) return false;
    const intervals = parameter.channels.map((channel) => catalogue.channels.get(channel)?.intervalNs ?? 0);
    const intervalNs = intervals.length === 1 ? (intervals[0] ?? 0) : 0;
    const pane = new Pane(parameter, intervalNs, () => this.#actions.dismiss(parameter));
    this.#panes.push(pane);
    this.#root.append(pane.root);
    this.#arrange();
    return true;
  }

  remove(parameter: Parameter): void {
    for (const pane of this.#panes) if (pane.parameter.id === parameter.id) pane.destroy();
    this.#panes = this.#panes.filter((pane) => pane.parameter.id !== parameter.id);
    this.#arrange();
  }

  take(run: SampleRun, nowMs: number): void {
    const newestNs = run.timesNs.reduce((newest, ns) => (ns > newest ? ns : newest), run.timesNs[0] ?? 0n);
    this.#edge.arrived(Number(newestNs) / NS_PER_S, nowMs);
    for (const pane of this.#panes) if (pane.parameter.channels.includes(run.channel)) pane.take(run);
  }

  draw(nowMs: number): void {
    const edge = this.#edge.at(nowMs);
    if (Number.isNaN(edge)) return;
    for (const pane of this.#panes) pane.draw(edge);
  }

  drawValues(): void {
    for (const pane of this.#panes) pane.drawValue();
  }

  #arrange(): void {
    this.#note.hidden = this.#panes.length > 0;
    this.#restyle();
    this.#actions.changed();
  }

  #restyle(): void {
    this.#widthPx = this.#root.clientWidth;
    const styles = getComputedStyle(document.documentElement);
    const share = (innerHeight - PAGE_PX) / this.#panes.length - PANE_HEAD_PX;
    for (const [index, pane] of this.#panes.entries()) {
      pane.restyle({
        widthPx: this.#widthPx,
        heightPx: Math.min(Math.max(Math.floor(share), MIN_PANE_PX), MAX_PANE_PX),
        color: styles.getPropertyValue(`--trace-${(index % TRACE_COLORS) + 1}`),
        textColor: styles.getPropertyValue("--muted"),
        gridColor: styles.getPropertyValue("--grid"),
        hasTimeAxis: index === this.#panes.length - 1,
      });
    }
  }
}
