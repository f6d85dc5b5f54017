import type { View } from "../view.ts";
import { movePane, moveTrace, splitTrace } from "./arrange.ts";

/** Less is a click that trembled. */
const START_PX = 6;
/** Upper and lower part of a pane where a trace gets a pane of its own. */
const EDGE = 0.22;

interface Dragged {
  readonly pane: string | null;
  readonly trace: string | null;
  readonly x: number;
  readonly y: number;
}

/** Where something that is dragged would go. */
interface Place {
  readonly pane: HTMLElement;
  readonly part: "before" | "into" | "after";
}

/** Moves panes by their handle, and traces by their name: into another pane, or between panes into one of their own. */
export class Dragging {
  readonly #root: HTMLElement;
  readonly #view: View;
  #dragged: Dragged | null = null;
  #isMoving = false;

  constructor(root: HTMLElement, view: View) {
    this.#root = root;
    this.#view = view;
    root.addEventListener("pointerdown", (event) => this.#down(event));
    root.addEventListener("pointermove", (event) => this.#move(event));
    root.addEventListener("pointerup", (event) => this.#up(event));
    root.addEventListener("pointercancel", () => this.#end());
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    const grip = event.target.closest<HTMLElement>("[data-drag-pane], [data-drag-trace]");
    if (grip === null) return;
    const { dragPane, dragTrace } = grip.dataset;
    this.#dragged = { pane: dragPane ?? null, trace: dragTrace ?? null, x: event.clientX, y: event.clientY };
    grip.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  #move(event: PointerEvent): void {
    if (this.#dragged === null) return;
    const { x, y } = this.#dragged;
    this.#isMoving ||= Math.hypot(event.clientX - x, event.clientY - y) > START_PX;
    if (this.#isMoving) this.#mark(this.#placeAt(event.clientY));
  }

  #up(event: PointerEvent): void {
    const dragged = this.#dragged;
    const place = dragged !== null && this.#isMoving ? this.#placeAt(event.clientY) : null;
    this.#end();
    if (dragged === null || place === null) return;
    const { panes } = this.#view.state;
    const target = place.pane.dataset.pane as string;
    const next = panes[panes.findIndex(({ id }) => id === target) + 1]?.id ?? null;
    const before = place.part === "after" ? next : target;
    if (dragged.pane !== null) this.#view.change({ panes: movePane(panes, dragged.pane, before) });
    else if (dragged.trace !== null) {
      this.#view.change({
        panes:
          place.part === "into"
            ? moveTrace(panes, dragged.trace, target)
            : splitTrace(panes, dragged.trace, before),
      });
    }
  }

  #end(): void {
    this.#dragged = null;
    this.#isMoving = false;
    this.#mark(null);
  }

  #placeAt(clientY: number): Place | null {
    const panes = [...this.#root.querySelectorAll<HTMLElement>("[data-pane]")];
    const pane = panes.find((each) => clientY < each.getBoundingClientRect().bottom) ?? panes.at(-1);
    if (pane === undefined) return null;
    const { top, height } = pane.getBoundingClientRect();
    const share = (clientY - top) / height;
    if (this.#dragged?.pane != null) return { pane, part: share < 0.5 ? "before" : "after" };
    if (share < EDGE) return { pane, part: "before" };
    return { pane, part: share > 1 - EDGE ? "after" : "into" };
  }

  #mark(place: Place | null): void {
    for (const marked of this.#root.querySelectorAll<HTMLElement>("[data-drop]")) delete marked.dataset.drop;
    if (place !== null) place.pane.dataset.drop = place.part;
  }
}
