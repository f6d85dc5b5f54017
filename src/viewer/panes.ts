import type { Catalogue, Parameter, SampleRun } from "../client/index.ts";
import { byId } from "./dom.ts";
import { LeadingEdge } from "./leading-edge.ts";
import { Pane } from "./pane.ts";

/** Each plot keeps its samples and is drawn anew for every frame. */
export const MAX_PANES = 12;
const TRACE_COLORS = 8;
const NS_PER_S = 1e9;

/** The plots: one below the other, with one time axis that moves with the data. */
export class Panes {
  readonly #root = byId("plots", HTMLElement);
  readonly #note = byId("plots-note", HTMLElement);
  readonly #edge = new LeadingEdge();
  readonly #changed: () => void;
  readonly #abort = new AbortController();
  #panes: Pane[] = [];
  #widthPx = 0;

  /** `changed` is called when a pane has been added or removed. */
  constructor(changed: () => void) {
    this.#changed = changed;
    const { signal } = this.#abort;
    const observer = new ResizeObserver(() => {
      if (this.#root.clientWidth !== this.#widthPx) this.#restyle();
    });
    observer.observe(this.#root);
    signal.addEventListener("abort", () => observer.disconnect());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#restyle(), { signal });
    this.#arrange();
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
    const pane = new Pane(parameter, intervalNs, () => this.remove(parameter));
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
    for (const ns of run.timesNs) this.#edge.arrived(Number(ns) / NS_PER_S, nowMs);
    for (const pane of this.#panes) if (pane.parameter.channels.includes(run.channel)) pane.take(run);
  }

  draw(nowMs: number): void {
    const edge = this.#edge.at(nowMs);
    if (Number.isNaN(edge)) return;
    for (const pane of this.#panes) pane.draw(edge);
  }

  /** Takes all plots off the page. */
  destroy(): void {
    this.#abort.abort();
    for (const pane of this.#panes) pane.destroy();
  }

  #arrange(): void {
    this.#note.hidden = this.#panes.length > 0;
    this.#restyle();
    this.#changed();
  }

  #restyle(): void {
    this.#widthPx = this.#root.clientWidth;
    const styles = getComputedStyle(document.documentElement);
    for (const [index, pane] of this.#panes.entries()) {
      pane.restyle({
        widthPx: this.#widthPx,
        color: styles.getPropertyValue(`--trace-${(index % TRACE_COLORS) + 1}`),
        textColor: styles.getPropertyValue("--muted"),
        gridColor: styles.getPropertyValue("--grid"),
        hasTimeAxis: index === this.#panes.length - 1,
      });
    }
  }
}
