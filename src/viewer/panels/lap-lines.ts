import { element } from "../dom.ts";
import type { DrawnNews } from "../engine/messages.ts";
import type { Lap } from "../reading/laps.ts";
import type { Laps } from "./laps.ts";
import type { Workstation } from "./workstation.ts";

/** More in view than this are closer together than can be seen. */
const MOST = 60;

/** A line over the plots wherever a lap begins. */
export class LapLines {
  readonly #root = element("div", { class: "lap-lines", "aria-hidden": "true" });
  #laps: readonly Lap[] = [];

  constructor({ engine, stack }: Workstation, laps: Laps) {
    stack.overlay.prepend(this.#root);
    laps.on("laps", (known) => {
      this.#laps = known;
    });
    engine.on("drawn", (drawn) => this.#draw(drawn));
  }

  #draw({ startNs, endNs }: DrawnNews): void {
    const span = Number(endNs - startNs);
    const inView = this.#laps.filter((lap) => lap.startNs >= startNs && lap.startNs <= endNs);
    const lines = inView.length > MOST ? [] : inView;
    while (this.#root.childElementCount > lines.length) this.#root.lastElementChild?.remove();
    for (const [index, lap] of lines.entries()) {
      const line = (this.#root.children[index] ?? this.#add()) as HTMLElement;
      line.style.left = `${(Number(lap.startNs - startNs) / span) * 100}%`;
    }
  }

  #add(): HTMLElement {
    const line = element("div", { class: "lap-line" });
    this.#root.append(line);
    return line;
  }
}
