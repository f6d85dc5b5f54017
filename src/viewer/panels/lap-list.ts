import { element, setText } from "../dom.ts";
import { durationNs, fastestLap, type Lap, lapTimeText } from "../reading/laps.ts";
import { showRange } from "../time/navigate.ts";
import type { Laps } from "./laps.ts";
import { whenChanged } from "./when-changed.ts";
import type { Workstation } from "./workstation.ts";

/** More laps over one another cannot be told apart. */
export const MAX_OVERLAID = 4;

/** The laps with their times: choosing one shows it, its box lays it over others. */
export class LapList {
  readonly root: HTMLElement;
  readonly #station: Workstation;
  readonly #body = element("tbody");
  readonly #note = element(
    "p",
    { class: "empty" },
    "No laps yet. They come from the session's markers or events.",
  );
  readonly #running = element("td", { class: "number" });
  #laps: readonly Lap[] = [];

  constructor(station: Workstation, laps: Laps) {
    this.#station = station;
    const head = ["Overlay", "Lap", "Time", "Gap"].map((title) => element("th", { scope: "col" }, title));
    const table = element(
      "table",
      { class: "laps" },
      element("thead", {}, element("tr", {}, ...head)),
      this.#body,
    );
    this.root = element("section", { class: "lap-panel" }, this.#note, table);
    laps.on("laps", (known) => {
      this.#laps = known;
      this.#show();
    });
    whenChanged(station.view, ["lapStartsNs"], () => this.#mark());
    station.engine.on("drawn", ({ shownUntilNs }) => {
      const last = this.#laps.at(-1);
      if (last?.endNs !== null || shownUntilNs === null || this.root.hidden) return;
      setText(this.#running, lapTimeText(shownUntilNs - last.startNs).slice(0, -2));
    });
  }

  #show(): void {
    this.#note.hidden = this.#laps.length > 0;
    const best = fastestLap(this.#laps);
    const bestNs = best < 0 ? null : durationNs(this.#laps[best] as Lap);
    const rows = this.#laps.map((lap, index) => this.#row(lap, index === best, bestNs));
    this.#body.replaceChildren(...rows.reverse());
    this.#mark();
  }

  #row(lap: Lap, isFastest: boolean, bestNs: bigint | null): HTMLTableRowElement {
    const timeNs = durationNs(lap);
    const box = element("input", { type: "checkbox", "aria-label": `Lay ${lap.label} over others` });
    box.addEventListener("change", () => this.#toggle(lap.startNs, box.checked));
    const show = element("button", { type: "button", class: "plain" }, lap.label);
    show.addEventListener("click", () => {
      const untilNs = lap.endNs ?? this.#station.engine.latest("drawn")?.shownUntilNs ?? null;
      if (untilNs !== null) showRange(this.#station, lap.startNs, untilNs);
    });
    const time = timeNs === null ? this.#running : element("td", { class: "number" }, lapTimeText(timeNs));
    const row = element(
      "tr",
      { "data-start": String(lap.startNs) },
      element("td", {}, box),
      element("th", { scope: "row" }, show),
      time,
      element("td", { class: "number muted" }, gapText(timeNs, bestNs, isFastest)),
    );
    row.classList.toggle("fastest", isFastest);
    row.classList.toggle("running", timeNs === null);
    return row;
  }

  /** Ticks the boxes of the laps that are overlaid. */
  #mark(): void {
    const chosen = this.#station.view.state.lapStartsNs.map(String);
    for (const row of this.#body.rows) {
      const box = row.querySelector("input") as HTMLInputElement;
      box.checked = chosen.includes(row.dataset.start ?? "");
      box.disabled = !box.checked && chosen.length >= MAX_OVERLAID;
    }
  }

  #toggle(startNs: bigint, isChosen: boolean): void {
    const { view } = this.#station;
    const others = view.state.lapStartsNs.filter((each) => each !== startNs);
    view.change({ lapStartsNs: isChosen ? [...others, startNs].sort(byTime) : others });
  }
}

function byTime(a: bigint, b: bigint): number {
  return a < b ? -1 : 1;
}

function gapText(timeNs: bigint | null, bestNs: bigint | null, isFastest: boolean): string {
  if (timeNs === null || bestNs === null) return "";
  return isFastest ? "fastest" : `+${(Number(timeNs - bestNs) / 1e9).toFixed(3)}`;
}
