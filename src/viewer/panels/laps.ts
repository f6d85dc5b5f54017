import type { Engine } from "../engine/engine.ts";
import { Told } from "../engine/told.ts";
import {
  isLapStart,
  type Lap,
  type LapLine,
  lapLabel,
  lapsAt,
  lapsBetween,
  lapsOfMarkers,
} from "../reading/laps.ts";

/** How often the running lap is looked at. */
const INTERVAL_MS = 250;

/**
 * The laps that may be seen: from the markers of the Session JSON, else between events that say that a lap begins.
 * Told when they change.
 */
export class Laps extends Told<{ readonly laps: readonly Lap[] }> {
  #ofMarkers: readonly Lap[] = [];
  #lines: LapLine[] = [];
  #untilNs: bigint | null = null;
  #toldAtMs = 0;
  #told = "";

  constructor(engine: Engine) {
    super();
    this.tell("laps", []);
    engine.on("session", ({ json }) => {
      this.#ofMarkers = lapsOfMarkers(json.markers);
      this.#update();
    });
    engine.on("events", ({ isFresh, added }) => {
      if (isFresh) this.#lines = [];
      const lines = added.filter(({ title }) => isLapStart(title));
      this.#lines.push(...lines.map(({ timeNs, detail }) => ({ timeNs, label: lapLabel(detail) })));
      if (isFresh || lines.length > 0) this.#update();
    });
    engine.on("drawn", ({ shownUntilNs }) => {
      this.#untilNs = shownUntilNs;
      if (performance.now() - this.#toldAtMs >= INTERVAL_MS) this.#update();
    });
  }

  #update(): void {
    this.#toldAtMs = performance.now();
    if (this.#untilNs === null) return;
    const all = this.#ofMarkers.length > 0 ? this.#ofMarkers : lapsBetween(this.#lines);
    const laps = lapsAt(all, this.#untilNs);
    const text = laps.map(({ label, startNs, endNs }) => `${label} ${startNs} ${endNs}`).join();
    if (text === this.#told) return;
    this.#told = text;
    this.tell("laps", laps);
  }
}
