import type { PaneSpec, Scale } from "./engine/messages.ts";
import { Told } from "./engine/told.ts";

/** What is looked at: all of it can be put into a link, and kept for the next visit. */
export interface ViewState {
  /** From above. */
  readonly panes: readonly PaneSpec[];
  /** Seconds of time across the plots, as ns. */
  readonly spanNs: number;
  /** Time at the right edge; null: follows the leading edge. */
  readonly endNs: bigint | null;
  /** Broadcast delay: 0 to 180,000 ms in steps of 100. */
  readonly delayMs: number;
  /** The cursor that was set down, and the second one for differences. */
  readonly cursorNs: bigint | null;
  readonly secondCursorNs: bigint | null;
  /** What plots are over: time, or the distance in laps. */
  readonly axis: "time" | "distance";
  /** Laps drawn over one another on the distance axis, by their start; empty: the latest ones. */
  readonly lapStartsNs: readonly bigint[];
  /** What of the laps is in view, in the unit of the distance; null: all. */
  readonly distance: Scale | null;
}

export const INITIAL_VIEW: ViewState = {
  panes: [],
  spanNs: 30e9,
  endNs: null,
  delayMs: 0,
  cursorNs: null,
  secondCursorNs: null,
  axis: "time",
  lapStartsNs: [],
  distance: null,
};

interface ViewNews {
  readonly view: ViewState;
  /** The time under the pointer; null when it is elsewhere. */
  readonly pointer: bigint | null;
}

/** The one place that knows what is looked at. Changes go through `change`; whoever shows something listens. */
export class View extends Told<ViewNews> {
  #state: ViewState;

  constructor(state: ViewState = INITIAL_VIEW) {
    super();
    this.#state = state;
    this.tell("view", state);
  }

  get state(): ViewState {
    return this.#state;
  }

  change(changes: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...changes };
    this.tell("view", this.#state);
  }
}
