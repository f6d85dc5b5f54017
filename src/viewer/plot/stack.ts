import { byId } from "../dom.ts";
import {
  type PaneSize,
  type PaneSpec,
  type ParameterInfo,
  type Reading,
  TIME_AXIS,
} from "../engine/messages.ts";
import type { Theme } from "../look/palette.ts";
import type { Navigation } from "../time/navigate.ts";
import { removeTrace, setRange, toggleScale } from "./arrange.ts";
import { Cursors } from "./cursors.ts";
import { Dragging } from "./dragging.ts";
import { GUTTER_PX, GUTTER_RIGHT_PX } from "./frame.ts";
import { Gestures } from "./gestures.ts";
import { deviceSize, PaneView, rangeKind } from "./pane-view.ts";
import { plotTheme, traceColors } from "./theme.ts";

/** After a picture that failed. */
const RETRY_MS = 1_000;

/** The panes, one below the other, over one time axis. */
export class Stack {
  /** Covers the plots from the left to the right end of the time axis. */
  readonly overlay = byId("over", HTMLElement);
  readonly #navigation: Navigation;
  readonly #root = byId("plots", HTMLElement);
  readonly #axis = byId("time-axis", HTMLCanvasElement);
  readonly #panes = new Map<string, PaneView>();
  readonly #cursors: Cursors;
  readonly #inView: IntersectionObserver;
  #axisSize: PaneSize = { id: TIME_AXIS, widthPx: 0, heightPx: 0 };
  #parameters = new Map<string, ParameterInfo>();
  #theme: Theme;
  #isDrawing = false;
  #atCursor: ReadonlyMap<string, Reading> | null = null;
  #isAsking = false;

  constructor(navigation: Navigation, theme: Theme) {
    const { engine, view } = navigation;
    this.#navigation = navigation;
    this.#theme = theme;
    const surface = byId("stack", HTMLElement);
    surface.style.setProperty("--gutter", `${GUTTER_PX}px`);
    surface.style.setProperty("--gutter-right", `${GUTTER_RIGHT_PX}px`);
    this.#cursors = new Cursors(this.overlay);
    new Gestures(surface, this.overlay, navigation);
    new Dragging(this.#root, view);
    this.#inView = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const pane = this.#panes.get((target as HTMLElement).dataset.pane ?? "");
        if (pane !== undefined) pane.isInView = isIntersecting;
      }
    });
    new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.#axisSize = { id: TIME_AXIS, ...deviceSize(entry) };
    }).observe(this.#axis);
    const axis = this.#axis.transferControlToOffscreen();
    engine.command({ kind: "canvas", pane: TIME_AXIS, canvas: axis }, [axis]);
    engine.on("catalogue", ({ parameters }) => {
      this.#parameters = new Map(parameters.map((parameter) => [parameter.id, parameter]));
      this.#arrange(view.state.panes);
    });
    view.on("view", ({ panes }) => this.#arrange(panes));
    engine.on("drawn", () => this.#drawn());
    engine.on("values", () => this.#drawValues());
    // A picture that failed is not answered.
    engine.on("failed", () => window.setTimeout(() => this.#drawn(), RETRY_MS));
    this.setTheme(theme);
  }

  /** Draws whenever the screen is refreshed and the worker has dealt with the last request. */
  start(): void {
    const next = () => {
      if (!this.#isDrawing) this.#request();
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    this.#navigation.engine.command({ kind: "theme", theme: plotTheme(theme) });
    this.#arrange(this.#navigation.view.state.panes);
  }

  /** What is drawn now, for pictures to take away. */
  get canvases(): readonly { readonly pane: string; readonly canvas: HTMLCanvasElement }[] {
    const panes = [...this.#panes].map(([pane, { canvas }]) => ({ pane, canvas }));
    return [...panes, { pane: TIME_AXIS, canvas: this.#axis }];
  }

  #request(): void {
    const { engine, view } = this.#navigation;
    const panes = [this.#axisSize, ...[...this.#panes.values()].map(({ size }) => size)].filter(
      (size) => size !== null && size.widthPx > 0,
    ) as PaneSize[];
    const { spanNs, endNs } = view.state;
    this.#isDrawing = true;
    engine.command({
      kind: "frame",
      request: { nowMs: Date.now(), spanNs, endNs, panes, pixelRatio: devicePixelRatio },
    });
  }

  #drawn(): void {
    this.#isDrawing = false;
    const { engine, view } = this.#navigation;
    const drawn = engine.latest("drawn");
    if (drawn === undefined) return;
    const pointer = view.latest("pointer") ?? null;
    this.#cursors.draw("pointer", pointer, drawn);
    this.#cursors.draw("first", view.state.cursorNs, drawn);
    this.#cursors.draw("second", view.state.secondCursorNs, drawn);
    this.#readCursor(pointer ?? view.state.cursorNs);
  }

  /** Values at the cursor, asked for one after the other. */
  #readCursor(atNs: bigint | null): void {
    if (atNs === null) {
      this.#atCursor = null;
      return;
    }
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { engine, view } = this.#navigation;
    const parameters = view.state.panes.flatMap(({ traces }) => traces.map(({ parameter }) => parameter));
    void engine.ask("readings", { parameters, atNs }).then((readings) => {
      this.#isAsking = false;
      this.#atCursor = new Map(parameters.map((id, index) => [id, readings[index] as Reading]));
      this.#drawValues();
    });
  }

  #drawValues(): void {
    const { engine } = this.#navigation;
    const readings = this.#atCursor ?? engine.latest("values");
    const unitOf = (id: string) => this.#parameters.get(id)?.unit ?? "";
    for (const pane of this.#panes.values()) pane.drawValues((id) => readings?.get(id), unitOf);
  }

  #arrange(specs: readonly PaneSpec[]): void {
    const { view } = this.#navigation;
    const wanted = new Set(specs.map(({ id }) => id));
    for (const [id, pane] of this.#panes) {
      if (wanted.has(id)) continue;
      this.#inView.unobserve(pane.root);
      pane.destroy();
      this.#panes.delete(id);
    }
    const change = (panes: readonly PaneSpec[]) => view.change({ panes });
    const ordered = specs.map((spec) => {
      const pane =
        this.#panes.get(spec.id) ??
        new PaneView(spec.id, this.#navigation, {
          remove: (parameter) => change(removeTrace(view.state.panes, parameter)),
          toggleScale: (id) => change(toggleScale(view.state.panes, id)),
          toggleFit: (id) => {
            const pane = view.state.panes.find((each) => each.id === id);
            const range = pane !== undefined && rangeKind(pane) === "free" ? "fit" : null;
            change(setRange(view.state.panes, id, range));
          },
        });
      this.#panes.set(spec.id, pane);
      this.#inView.observe(pane.root);
      pane.show(spec, (id) => this.#parameters.get(id), traceColors(this.#theme));
      return pane.root;
    });
    const isInOrder = ordered.every((root, index) => this.#root.children[index] === root);
    if (!isInOrder) this.#root.replaceChildren(...ordered);
    this.#drawValues();
  }
}
