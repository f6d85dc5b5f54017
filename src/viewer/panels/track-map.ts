import { element, setText } from "../dom.ts";
import type { Series } from "../engine/messages.ts";
import { recall, remember } from "../look/memory.ts";
import type { Themes } from "../look/theme.ts";
import { type Position, rolesOf } from "../parameters/roles.ts";
import type { Lap } from "../reading/laps.ts";
import {
  extentOf,
  type Passage,
  type Place,
  passagesOf,
  placeOfDegrees,
  projection,
} from "../reading/track-map.ts";
import type { Laps } from "./laps.ts";
import { latestOnly } from "./latest-only.ts";
import { Surface, styleColor } from "./surface.ts";
import type { Watches } from "./watches.ts";
import { whenChanged } from "./when-changed.ts";
import type { Workstation } from "./workstation.ts";

/** How often the way driven is read again. */
const INTERVAL_MS = 1_000;
/** Without laps, this much of the way is shown. */
const TRAIL_NS = 120_000_000_000n;
/** Points of a lap; more than pixels of the panel. */
const MOST_POINTS = 3_000;
/** Between fixes that are farther apart nobody knows where the car was. */
const GAP_NS = 2e9;
const MARGIN_PX = 14;

/** The way that the car has driven, and where it is: at the cursor, else now. */
export class TrackMap {
  readonly root: HTMLElement;
  readonly #station: Workstation;
  readonly #watches: Watches;
  readonly #surface: Surface;
  readonly #words = element("span", { class: "muted" });
  readonly #trail = latestOnly(() => this.#readTrail());
  readonly #car = latestOnly(() => this.#readCar());
  #position: Position | null = null;
  #origin = { longitude: 0, latitude: 0 };
  #laps: readonly Lap[] = [];
  #passages: readonly Passage[] = [];
  #place: Place | null = null;
  #isOpen = recall("map") !== "closed";

  constructor(station: Workstation, watches: Watches, laps: Laps, themes: Themes) {
    this.#station = station;
    this.#watches = watches;
    const canvas = element("canvas", { role: "img", "aria-label": "Track map" });
    this.#surface = new Surface(canvas, () => this.#draw());
    this.root = element("section", { class: "map", "aria-label": "Track map" }, canvas, this.#words);
    this.root.hidden = true;
    const { engine, view } = station;
    engine.on("catalogue", ({ parameters }) => {
      this.#position = rolesOf(parameters).position;
      this.#passages = [];
      this.#show();
    });
    laps.on("laps", (known) => {
      this.#laps = known;
      this.#trail();
    });
    engine.on("values", () => this.#car());
    whenChanged(view, ["cursorNs"], () => this.#car());
    view.on("pointer", () => this.#car());
    themes.on("theme", () => this.#draw());
    setInterval(() => this.#trail(), INTERVAL_MS);
  }

  /** Opens the map, or closes it. */
  toggle(): void {
    this.#isOpen = !this.#isOpen;
    remember("map", this.#isOpen ? "open" : "closed");
    this.#show();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  #show(): void {
    const position = this.#isOpen ? this.#position : null;
    this.root.hidden = position === null;
    this.#watches.set("map", position === null ? [] : [position.across.id, position.along.id]);
    this.#trail();
  }

  /** The lap before the one that is driven shows the whole circuit; the driven one is the way since. */
  async #readTrail(): Promise<void> {
    const { engine } = this.#station;
    const drawn = engine.latest("drawn");
    if (this.root.hidden || this.#position === null || drawn?.shownUntilNs == null) return;
    const { across, along, kind } = this.#position;
    const endNs = drawn.shownUntilNs;
    const startNs = this.#laps.at(-2)?.startNs ?? this.#laps.at(-1)?.startNs ?? endNs - TRAIL_NS;
    const parameters = [across.id, along.id];
    const [x, y] = await engine.ask("series", { parameters, startNs, endNs, most: MOST_POINTS });
    if (x === undefined || y === undefined) return;
    if (kind === "degrees" && this.#passages.length === 0) {
      this.#origin = { longitude: firstNumber(x), latitude: firstNumber(y) };
    }
    const shift = Number(y.originNs - x.originNs);
    const moved = shift === 0 ? y : { ...y, times: y.times.map((time) => time + shift) };
    this.#passages = passagesOf(x, moved, GAP_NS, (a, b) => this.#toPlace(a, b));
    this.#draw();
  }

  async #readCar(): Promise<void> {
    const { engine, view } = this.#station;
    if (this.root.hidden || this.#position === null) return;
    const { across, along } = this.#position;
    const atNs =
      view.latest("pointer") ?? view.state.cursorNs ?? engine.latest("drawn")?.shownUntilNs ?? null;
    if (atNs === null) return;
    const [x, y] = await engine.ask("readings", { parameters: [across.id, along.id], atNs });
    const isKnown = Number.isFinite(x?.value) && Number.isFinite(y?.value);
    this.#place = isKnown ? this.#toPlace(x?.value as number, y?.value as number) : null;
    setText(this.#words, isKnown ? "" : "no position here");
    this.#draw();
  }

  #toPlace(across: number, along: number): Place {
    if (this.#position?.kind === "degrees") return placeOfDegrees(across, along, this.#origin);
    return { eastM: across, northM: along };
  }

  #draw(): void {
    const { width, height } = this.#surface;
    const extent = extentOf(this.#passages.map(({ place }) => place));
    if (width === 0 || height === 0) return;
    const context = this.#surface.clear();
    if (extent === null) return;
    const toPixel = projection(extent, { width, height, margin: MARGIN_PX });
    context.lineWidth = 3;
    context.lineJoin = context.lineCap = "round";
    context.strokeStyle = styleColor("--track");
    context.beginPath();
    for (const [index, { time, place }] of this.#passages.entries()) {
      const { x, y } = toPixel(place);
      const before = this.#passages[index - 1];
      if (before === undefined || time - before.time > GAP_NS) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
    if (this.#place === null) return;
    const { x, y } = toPixel(this.#place);
    context.beginPath();
    context.arc(x, y, 5.5, 0, 2 * Math.PI);
    context.fillStyle = styleColor("--accent");
    context.strokeStyle = styleColor("--panel");
    context.lineWidth = 2;
    context.fill();
    context.stroke();
  }
}

function firstNumber({ values }: Series): number {
  return values.find((value) => !Number.isNaN(value)) ?? 0;
}
