import { element, setText } from "../dom.ts";
import type { PaneSize, PaneSpec, ParameterInfo, Reading } from "../engine/messages.ts";
import type { Navigation } from "../time/navigate.ts";
import { ValueGestures } from "./value-gestures.ts";

/** What the button for the range says, and what it does. */
const RANGES = {
  free: ["fit", "Fit the values in view"],
  fit: ["fitted", "Use the limits of the configuration"],
  fixed: ["fixed", "Use the limits of the configuration"],
} as const;

/** What people can do to a pane. */
export interface PaneActions {
  remove(parameter: string): void;
  toggleScale(pane: string): void;
  toggleFit(pane: string): void;
}

interface Chip {
  readonly root: HTMLElement;
  readonly value: HTMLElement;
  readonly name: HTMLElement;
  readonly remove: HTMLElement;
  readonly parameter: string;
}

/** A pane on the page: its heading, and the canvas that the worker draws on. */
export class PaneView {
  readonly root: HTMLElement;
  readonly canvas = element("canvas", { class: "pane-canvas" });
  readonly #id: string;
  readonly #actions: PaneActions;
  readonly #chips = element("div", { class: "pane-chips" });
  readonly #scale: HTMLButtonElement;
  readonly #fit: HTMLButtonElement;
  readonly #sizes: ResizeObserver;
  #shown: Chip[] = [];
  #spec: PaneSpec | null = null;
  #size: PaneSize;
  #isInView = true;

  constructor(id: string, navigation: Navigation, actions: PaneActions) {
    this.#id = id;
    this.#actions = actions;
    this.#size = { id, widthPx: 0, heightPx: 0 };
    const handle = element(
      "span",
      { class: "pane-handle", "data-drag-pane": id, title: "Drag to move this pane" },
      "⠿",
    );
    this.#scale = button("pane-tool", () => actions.toggleScale(id));
    this.#fit = button("pane-tool", () => actions.toggleFit(id));
    const head = element("div", { class: "pane-head" }, handle, this.#chips, this.#scale, this.#fit);
    const holder = element(
      "div",
      { class: "pane-plot" },
      this.canvas,
      new ValueGestures(id, navigation).root,
    );
    this.root = element("section", { class: "pane", "data-pane": id, tabindex: "0" }, head, holder);
    this.#sizes = new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.#size = { id, ...deviceSize(entry) };
    });
    this.#sizes.observe(this.canvas);
    const canvas = this.canvas.transferControlToOffscreen();
    navigation.engine.command({ kind: "canvas", pane: id, canvas }, [canvas]);
  }

  /** Its size when it is to be drawn, else null. */
  get size(): PaneSize | null {
    return this.#isInView && this.#size.widthPx > 0 ? this.#size : null;
  }

  set isInView(isInView: boolean) {
    this.#isInView = isInView;
  }

  show(
    spec: PaneSpec,
    parameterOf: (id: string) => ParameterInfo | undefined,
    colors: readonly string[],
  ): void {
    const isSame = this.#spec !== null && idsOf(this.#spec).join() === idsOf(spec).join();
    this.#spec = spec;
    this.root.style.flexGrow = String(spec.weight);
    if (!isSame) {
      this.#shown = spec.traces.map(({ parameter }) => this.#chip(parameter));
      this.#chips.replaceChildren(...this.#shown.map(({ root }) => root));
    }
    for (const [index, { parameter, name, root, remove }] of this.#shown.entries()) {
      const info = parameterOf(parameter);
      setText(name, info?.name ?? parameter);
      remove.title = `Remove ${name.textContent} from the plots`;
      remove.setAttribute("aria-label", remove.title);
      root.title = [info?.description, info?.unit, parameter].filter(Boolean).join(" · ");
      root.style.setProperty("--trace", colors[(spec.traces[index]?.color ?? 0) % colors.length] ?? "");
    }
    const names = this.#shown.map(({ name }) => name.textContent).join(", ");
    this.root.setAttribute("aria-label", `Plot of ${names}`);
    setText(this.#scale, spec.scale === "own" ? "own scales" : "one scale");
    this.#scale.hidden = spec.traces.length < 2;
    this.#scale.setAttribute("aria-pressed", String(spec.scale === "shared"));
    const [text, words] = RANGES[rangeKind(spec)];
    setText(this.#fit, text);
    this.#fit.title = words;
    this.#fit.setAttribute("aria-pressed", String(rangeKind(spec) !== "free"));
  }

  /** Shows readings beside the names. */
  drawValues(
    readingOf: (parameter: string) => Reading | undefined,
    unitOf: (parameter: string) => string,
  ): void {
    for (const { value, parameter } of this.#shown) {
      const reading = readingOf(parameter);
      setText(
        value,
        reading === undefined || reading.text === "" ? "–" : `${reading.text} ${unitOf(parameter)}`,
      );
      value.classList.toggle("outside", reading?.isOutside ?? false);
    }
  }

  destroy(): void {
    this.#sizes.disconnect();
    this.root.remove();
  }

  #chip(parameter: string): Chip {
    const name = element("span", { class: "pane-name" });
    const value = element("span", { class: "pane-value" });
    const remove = button("pane-remove", () => this.#actions.remove(parameter));
    setText(remove, "×");
    const grip = element("span", { class: "pane-grip", "data-drag-trace": parameter }, name);
    const root = element("span", { class: "pane-chip", "data-pane-of": this.#id }, grip, value, remove);
    return { root, value, name, remove, parameter };
  }
}

function button(className: string, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", class: className });
  made.addEventListener("click", act);
  return made;
}

export function rangeKind({ traces }: PaneSpec): keyof typeof RANGES {
  if (traces.every(({ range }) => range === null)) return "free";
  return traces.every(({ range }) => range === "fit") ? "fit" : "fixed";
}

function idsOf({ traces }: PaneSpec): string[] {
  return traces.map(({ parameter }) => parameter);
}

/** Device pixels: exact where the browser tells it, so that nothing is interpolated; emulated screens tell CSS pixels. */
export function deviceSize(entry: ResizeObserverEntry): { widthPx: number; heightPx: number } {
  const exact = entry.devicePixelContentBoxSize?.[0];
  const widthPx = Math.round(entry.contentRect.width * devicePixelRatio);
  const heightPx = Math.round(entry.contentRect.height * devicePixelRatio);
  const isExact = exact !== undefined && Math.abs(exact.inlineSize - widthPx) <= 1;
  return isExact ? { widthPx: exact.inlineSize, heightPx: exact.blockSize } : { widthPx, heightPx };
}
