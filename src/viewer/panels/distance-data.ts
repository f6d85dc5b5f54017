import { Told } from "../engine/told.ts";
import { type Distance, rolesOf } from "../parameters/roles.ts";
import type { Lap } from "../reading/laps.ts";
import type { Interval } from "./export.ts";
import { LapTraces } from "./lap-traces.ts";
import type { Laps } from "./laps.ts";
import { latestOnly } from "./latest-only.ts";
import type { Watches } from "./watches.ts";
import { whenChanged } from "./when-changed.ts";
import type { Workstation } from "./workstation.ts";

/** A lap that is driven grows, and samples of a finished one may come late. */
const INTERVAL_MS = 1_000;

interface DistanceNews {
  /** Null when the session has no distance parameter. */
  readonly distance: Distance | null;
  /** The laps that are laid over one another, in order; the first is the one that others are compared with. */
  readonly traces: readonly LapTraces[];
}

/** Reads the chosen laps for the distance axis, while that is what is looked at. */
export class DistanceData extends Told<DistanceNews> {
  readonly #station: Workstation;
  readonly #watches: Watches;
  readonly #read = latestOnly(() => this.#readLaps());
  #distance: Distance | null = null;
  #laps: readonly Lap[] = [];

  constructor(station: Workstation, watches: Watches, laps: Laps) {
    super();
    this.#station = station;
    this.#watches = watches;
    this.tell("distance", null);
    this.tell("traces", []);
    station.engine.on("catalogue", ({ origin, parameters }) => {
      this.#distance = rolesOf(parameters).distance;
      // The layout of another session must not leave this one without plots.
      if (origin !== "pending" && this.#distance === null) station.view.change({ axis: "time" });
      this.tell("distance", this.#distance);
      this.#watch();
    });
    laps.on("laps", (known) => {
      this.#laps = known;
      this.#read();
    });
    whenChanged(station.view, ["axis", "panes", "lapStartsNs"], () => {
      this.#watch();
      this.#read();
    });
    setInterval(() => this.#read(), INTERVAL_MS);
  }

  /** The laps that were chosen; else the fastest way to compare: the last finished one and the one that is driven. */
  chosen(): readonly Lap[] {
    const { lapStartsNs } = this.#station.view.state;
    const chosen = this.#laps.filter(({ startNs }) => lapStartsNs.includes(startNs));
    if (chosen.length > 0) return chosen;
    if (this.#laps.length > 0) return this.#laps.slice(-2);
    const drawn = this.#station.engine.latest("drawn");
    return drawn?.oldestNs == null ? [] : [{ label: "So far", startNs: drawn.oldestNs, endNs: null }];
  }

  /** From the first of the chosen laps to the last; null without any. */
  interval(): Interval | null {
    const laps = this.chosen();
    const [first, last] = [laps[0], laps.at(-1)];
    const endNs = last?.endNs ?? this.#station.engine.latest("drawn")?.shownUntilNs ?? null;
    return first === undefined || endNs === null ? null : { startNs: first.startNs, endNs };
  }

  #watch(): void {
    const isWanted = this.#distance !== null && this.#station.view.state.axis === "distance";
    this.#watches.set("distance", isWanted ? [(this.#distance as Distance).parameter.id] : []);
  }

  async #readLaps(): Promise<void> {
    const { engine, view } = this.#station;
    const untilNs = engine.latest("drawn")?.shownUntilNs ?? null;
    const distance = this.#distance;
    if (view.state.axis !== "distance" || distance === null || untilNs === null) return;
    const ids = view.state.panes.flatMap(({ traces }) => traces.map(({ parameter }) => parameter));
    const laps = this.chosen();
    const traces = await Promise.all(laps.map((lap) => LapTraces.read(engine, lap, distance, ids, untilNs)));
    this.tell("traces", traces);
  }
}
