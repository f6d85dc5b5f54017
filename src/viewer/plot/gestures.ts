import { element } from "../dom.ts";
import { goLive, type Navigation, pan, showRange, zoom } from "../time/navigate.ts";
import { timeAt } from "./cursors.ts";

/** A wheel notch of 100 pixels zooms by about a quarter. */
const ZOOM_PER_WHEEL_PX = 0.0022;
/** Pixels that a pointer may move and still click. */
const CLICK_PX = 4;
/** Lines and pages of wheels that do not count in pixels. */
const WHEEL_UNIT_PX = [1, 16, 400];

interface Touch {
  readonly x: number;
  readonly y: number;
}

/** Wheel, drag, pinch and click on the plots. `area` covers the time axis from its left to its right edge. */
export class Gestures {
  readonly #navigation: Navigation;
  readonly #area: HTMLElement;
  readonly #selection = element("div", { class: "selection", hidden: "" });
  readonly #touches = new Map<number, Touch>();
  #movedPx = 0;
  /** Where a selection to zoom into began, as a share of the width. */
  #selectedFrom: number | null = null;

  constructor(surface: HTMLElement, area: HTMLElement, navigation: Navigation) {
    this.#area = area;
    this.#navigation = navigation;
    area.append(this.#selection);
    surface.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    surface.addEventListener("pointerdown", (event) => this.#down(event, surface));
    surface.addEventListener("pointermove", (event) => this.#move(event));
    surface.addEventListener("pointerup", (event) => this.#up(event));
    surface.addEventListener("pointercancel", (event) => this.#cancel(event));
    surface.addEventListener("pointerleave", () => navigation.view.tell("pointer", null));
    surface.addEventListener("dblclick", () => goLive(navigation));
  }

  #wheel(event: WheelEvent): void {
    // Over the headings the wheel scrolls, where panes have no room.
    if (event.target instanceof Element && event.target.closest(".pane-head")) return;
    event.preventDefault();
    const unit = WHEEL_UNIT_PX[event.deltaMode] ?? 1;
    const sideways = event.deltaX * unit || (event.shiftKey ? event.deltaY * unit : 0);
    if (sideways !== 0 && Math.abs(sideways) >= Math.abs(event.shiftKey ? 0 : event.deltaY * unit)) {
      this.#panPx(sideways);
    } else {
      zoom(this.#navigation, Math.exp(event.deltaY * unit * ZOOM_PER_WHEEL_PX), this.#timeAt(event.clientX));
    }
  }

  #down(event: PointerEvent, surface: HTMLElement): void {
    if (event.button !== 0 || isControl(event.target)) return;
    this.#touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.#movedPx = this.#touches.size > 1 ? Number.POSITIVE_INFINITY : 0;
    surface.setPointerCapture(event.pointerId);
    if (event.shiftKey) this.#selectedFrom = this.#shareAt(event.clientX);
  }

  #move(event: PointerEvent): void {
    this.#navigation.view.tell("pointer", this.#timeAt(event.clientX));
    const before = this.#touches.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.#touches].find(([id]) => id !== event.pointerId)?.[1];
    this.#touches.set(event.pointerId, now);
    this.#movedPx += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (other !== undefined) {
      const [was, is] = [distance(before, other), distance(now, other)];
      if (is > 0) zoom(this.#navigation, was / is, this.#timeAt((now.x + other.x) / 2));
      // The edges of a live picture stay where they are: fingers hardly ever go apart evenly.
      if (this.#navigation.view.state.endNs !== null) this.#panPx((before.x - now.x) / 2);
    } else if (this.#selectedFrom !== null) {
      this.#select(this.#selectedFrom, this.#shareAt(event.clientX));
    } else if (this.#movedPx > CLICK_PX) {
      this.#panPx(before.x - now.x);
    }
  }

  /** The browser takes the pointer for something else: nothing comes of what was begun. */
  #cancel({ pointerId }: PointerEvent): void {
    this.#touches.delete(pointerId);
    this.#selectedFrom = null;
    this.#selection.hidden = true;
  }

  #up(event: PointerEvent): void {
    if (!this.#touches.has(event.pointerId)) return;
    const from = this.#selectedFrom;
    this.#cancel(event);
    if (this.#movedPx <= CLICK_PX) this.#click(event);
    else if (from !== null) this.#zoomInto(from, this.#shareAt(event.clientX));
  }

  /** Sets the cursor down; with shift the second one. */
  #click(event: PointerEvent): void {
    const ns = this.#timeAt(event.clientX);
    if (ns !== null) this.#navigation.view.change(event.shiftKey ? { secondCursorNs: ns } : { cursorNs: ns });
  }

  #select(from: number, to: number): void {
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    this.#selection.hidden = false;
    this.#selection.style.left = `${left * 100}%`;
    this.#selection.style.width = `${(right - left) * 100}%`;
  }

  #zoomInto(from: number, to: number): void {
    const drawn = this.#navigation.engine.latest("drawn");
    if (drawn === undefined || from === to) return;
    showRange(this.#navigation, timeAt(Math.min(from, to), drawn), timeAt(Math.max(from, to), drawn));
  }

  #panPx(px: number): void {
    const { width } = this.#area.getBoundingClientRect();
    if (width > 0) pan(this.#navigation, (px / width) * this.#navigation.view.state.spanNs);
  }

  #shareAt(clientX: number): number {
    const { left, width } = this.#area.getBoundingClientRect();
    return Math.min(Math.max((clientX - left) / width, 0), 1);
  }

  #timeAt(clientX: number): bigint | null {
    const drawn = this.#navigation.engine.latest("drawn");
    return drawn === undefined ? null : timeAt(this.#shareAt(clientX), drawn);
  }
}

function distance(a: Touch, b: Touch): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("button, .pane-gutter, [data-drag-pane], [data-drag-trace]") !== null
  );
}
