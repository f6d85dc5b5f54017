import { byId, setText } from "../dom.ts";
import { goLive, type Navigation, setDelay, togglePause, zoom } from "./navigate.ts";
import { behindText, spanText } from "./time-text.ts";

/** Factor of one press of the zoom buttons. */
const ZOOM_STEP = 2;

/** Live or paused, the span of time in view, and the broadcast delay. */
export class TimeBar {
  readonly #navigation: Navigation;
  readonly #live = byId("live", HTMLButtonElement);
  readonly #pause = byId("pause", HTMLButtonElement);
  readonly #position = byId("position", HTMLElement);
  readonly #span = byId("span", HTMLElement);
  readonly #delay = byId("broadcast-delay", HTMLInputElement);

  constructor(navigation: Navigation) {
    this.#navigation = navigation;
    this.#live.addEventListener("click", () => goLive(navigation));
    this.#pause.addEventListener("click", () => togglePause(navigation));
    byId("zoom-in", HTMLButtonElement).addEventListener("click", () => zoom(navigation, 1 / ZOOM_STEP));
    byId("zoom-out", HTMLButtonElement).addEventListener("click", () => zoom(navigation, ZOOM_STEP));
    this.#delay.addEventListener("change", () => this.#setDelay());
    navigation.view.on("view", () => this.#draw());
    navigation.engine.on("drawn", () => this.#drawPosition());
  }

  #setDelay(): void {
    const { view } = this.#navigation;
    setDelay(this.#navigation, this.#delay.valueAsNumber * 1000);
    this.#delay.value = delayText(view.state.delayMs);
  }

  #draw(): void {
    const { endNs, spanNs, delayMs } = this.#navigation.view.state;
    const isLive = endNs === null;
    this.#live.setAttribute("aria-pressed", String(isLive));
    setText(this.#pause, isLive ? "Pause" : "Go on");
    setText(this.#live, delayMs === 0 ? "Live" : `Live −${delayText(delayMs)} s`);
    setText(this.#span, spanText(spanNs));
    if (document.activeElement !== this.#delay) this.#delay.value = delayText(delayMs);
    this.#delay.classList.toggle("is-delayed", delayMs > 0);
  }

  #drawPosition(): void {
    const { engine, view } = this.#navigation;
    const drawn = engine.latest("drawn");
    const { endNs } = view.state;
    const isLive = endNs === null || drawn === undefined || drawn.shownUntilNs === null;
    setText(this.#position, isLive ? "" : behindText(Number(drawn.shownUntilNs - endNs)));
  }
}

function delayText(delayMs: number): string {
  return (delayMs / 1000).toFixed(1);
}
