import { element } from "../dom.ts";
import type { Scale } from "../engine/messages.ts";
import type { Navigation } from "../time/navigate.ts";
import { setRange, setRanges } from "./arrange.ts";

/** A wheel notch of 100 pixels changes the scale by about a quarter. */
const SCALE_PER_WHEEL_PX = 0.0022;

/** The value axis of a pane: wheel and drag make its scales fixed ones, a double click undoes that. */
export class ValueGestures {
  readonly root = element("div", {
    class: "pane-gutter",
    title: "Wheel and drag fix the scale, a double click sets it free",
  });
  readonly #pane: string;
  readonly #navigation: Navigation;
  #draggedY: number | null = null;

  constructor(pane: string, navigation: Navigation) {
    this.#pane = pane;
    this.#navigation = navigation;
    const { root } = this;
    root.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    root.addEventListener("pointerdown", (event) => this.#down(event));
    root.addEventListener("pointermove", (event) => this.#move(event));
    root.addEventListener("pointerup", () => this.#end());
    root.addEventListener("pointercancel", () => this.#end());
    root.addEventListener("dblclick", (event) => this.#reset(event));
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const { top, height } = this.root.getBoundingClientRect();
    const share = (event.clientY - top) / height;
    const factor = Math.exp(event.deltaY * SCALE_PER_WHEEL_PX);
    this.#change((scale) => scaledAround(scale, share, factor));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#draggedY = event.clientY;
    this.root.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    if (this.#draggedY === null) return;
    const share = (event.clientY - this.#draggedY) / this.root.getBoundingClientRect().height;
    this.#draggedY = event.clientY;
    this.#change(({ min, max }) => {
      const by = share * (max - min);
      return { min: min + by, max: max + by };
    });
  }

  #end(): void {
    this.#draggedY = null;
  }

  #reset(event: MouseEvent): void {
    event.stopPropagation();
    const { view } = this.#navigation;
    view.change({ panes: setRange(view.state.panes, this.#pane, null) });
  }

  #change(next: (scale: Scale) => Scale): void {
    const { engine, view } = this.#navigation;
    const drawn = engine.latest("drawn")?.scales.get(this.#pane);
    const pane = view.state.panes.find(({ id }) => id === this.#pane);
    if (drawn === undefined || pane === undefined) return;
    // Pointers move more often than pictures are drawn: what has been fixed counts, not what was drawn.
    const scales = drawn.map((scale, index) => {
      const range = pane.traces[index]?.range ?? "fit";
      return range === "fit" ? scale : range;
    });
    view.change({ panes: setRanges(view.state.panes, this.#pane, scales.map(next)) });
  }
}

/** The scale made `factor` times as wide; what is at `share` of the height, from above, stays there. */
export function scaledAround({ min, max }: Scale, share: number, factor: number): Scale {
  const fixed = max - share * (max - min);
  return { min: fixed - (fixed - min) * factor, max: fixed + (max - fixed) * factor };
}
