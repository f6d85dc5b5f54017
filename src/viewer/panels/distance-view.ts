import { element } from "../dom.ts";
import type { ParameterInfo, Scale } from "../engine/messages.ts";
import { traceStyle } from "../look/palette.ts";
import type { Themes } from "../look/theme.ts";
import type { Distance } from "../parameters/roles.ts";
import { durationNs, lapTimeText } from "../reading/laps.ts";
import { firstAtOrAbove } from "../reading/series.ts";
import type { DistanceData } from "./distance-data.ts";
import { bindGestures } from "./distance-gestures.ts";
import { drawDistance, plotAcross } from "./distance-plot.ts";
import type { LapTraces } from "./lap-traces.ts";
import { likeReading, numberText } from "./number-text.ts";
import { Surface } from "./surface.ts";
import type { Workstation } from "./workstation.ts";

/** Less than this share of a lap is never in view: some metres. */
const CLOSEST = 0.002;

/** The panes over the distance in laps, several laps over one another. Takes the place of the plots over time. */
export class DistanceView {
  readonly root: HTMLElement;
  readonly #station: Workstation;
  readonly #themes: Themes;
  readonly #surface: Surface;
  readonly #legend = element("div", { class: "lap-legend" });
  readonly #note = element("p", { class: "empty" }, "No lap to show yet.");
  #parameters: ReadonlyMap<string, ParameterInfo> = new Map();
  #distance: Distance | null = null;
  #laps: readonly LapTraces[] = [];
  readonly #stateTexts = new Map<string, string>();
  /** Distance under the pointer; NaN when it is elsewhere. */
  #pointed = Number.NaN;

  constructor(station: Workstation, data: DistanceData, themes: Themes) {
    this.#station = station;
    this.#themes = themes;
    const canvas = element("canvas", {
      role: "img",
      "aria-label": "Traces over the distance in the lap",
      tabindex: "0",
    });
    this.#surface = new Surface(canvas, () => this.#draw());
    this.root = element(
      "section",
      { id: "distance", class: "distance", "aria-label": "Traces over distance" },
      this.#legend,
      this.#note,
      canvas,
    );
    this.root.hidden = true;
    this.#bindGestures(canvas);
    station.engine.on("catalogue", ({ parameters }) => {
      this.#parameters = new Map(parameters.map((parameter) => [parameter.id, parameter]));
    });
    data.on("distance", (distance) => {
      this.#distance = distance;
      this.#draw();
    });
    data.on("traces", (laps) => {
      this.#laps = laps;
      this.#draw();
    });
    station.view.on("view", () => this.#draw());
    themes.on("theme", () => this.#draw());
  }

  /** Zooms by a factor around the middle of what is in view. */
  zoom(factor: number): void {
    const { min, max } = this.#window();
    this.#show(scaled({ min, max }, factor, (min + max) / 2));
  }

  /** Moves by a share of what is in view. */
  pan(share: number): void {
    const { min, max } = this.#window();
    const by = (max - min) * share;
    this.#show({ min: min + by, max: max + by });
  }

  #window(): Scale {
    return this.#station.view.state.distance ?? { min: 0, max: this.#length() };
  }

  /** Of the longest lap. */
  #length(): number {
    return Math.max(...this.#laps.map(({ length }) => length), 1);
  }

  #show(wanted: Scale): void {
    const whole = this.#length();
    const size = Math.min(Math.max(wanted.max - wanted.min, whole * CLOSEST), whole);
    const min = Math.min(Math.max(wanted.min, 0), whole - size);
    this.#station.view.change({ distance: size >= whole ? null : { min, max: min + size } });
  }

  #draw(): void {
    const { view } = this.#station;
    this.root.hidden = view.state.axis !== "distance";
    if (this.root.hidden || this.#surface.width === 0) return;
    const hasNothing = this.#distance === null || this.#laps.length === 0;
    this.#note.hidden = !hasNothing;
    const context = this.#surface.clear();
    if (hasNothing) {
      this.#legend.replaceChildren();
      return;
    }
    const cursor = this.#cursor();
    const second = this.#distanceOf(view.state.secondCursorNs);
    drawDistance(context, this.#surface, {
      panes: view.state.panes,
      laps: this.#laps,
      parameters: this.#parameters,
      unit: this.#distance?.parameter.unit ?? "",
      window: this.#window(),
      cursor,
      second,
      theme: this.#themes.theme,
      textAt: (lap, parameter) => this.#valueText(this.#laps[lap] as LapTraces, parameter, cursor),
    });
    this.#drawLegend(cursor);
  }

  #cursor(): number {
    return Number.isNaN(this.#pointed) ? this.#distanceOf(this.#station.view.state.cursorNs) : this.#pointed;
  }

  /** Where the car was at an instant, in the lap that holds it. */
  #distanceOf(timeNs: bigint | null): number {
    const holder = this.#laps.find(
      ({ lap }) => timeNs !== null && lap.startNs <= timeNs && (lap.endNs === null || timeNs < lap.endNs),
    );
    return timeNs === null || holder === undefined ? Number.NaN : holder.distanceAt(timeNs);
  }

  /** Each lap with its time, how far it is behind the first at the cursor, and its values there. */
  #drawLegend(cursor: number): void {
    const unit = this.#distance?.parameter.unit ?? "";
    const place = Number.isNaN(cursor)
      ? "Point at the plots to compare"
      : `${numberText(Math.round(cursor * 10) / 10)} ${unit}`;
    const laps = this.#laps.map((traces, index) => this.#lapLegend(traces, index, cursor));
    this.#legend.replaceChildren(element("span", { class: "place" }, place), ...laps);
  }

  #lapLegend(traces: LapTraces, index: number, cursor: number): HTMLElement {
    const { lap } = traces;
    const timeNs = durationNs(lap);
    const mark = element("span", { class: "row-mark", "aria-hidden": "true" });
    if (this.#laps.length > 1) mark.style.background = traceStyle(index, this.#themes.theme).color;
    const reference = this.#laps[0] as LapTraces;
    const behindS = (traces.timeAt(cursor) - reference.timeAt(cursor)) / 1e9;
    const behind =
      index === 0 || Number.isNaN(behindS) ? "" : `Δ ${behindS >= 0 ? "+" : ""}${behindS.toFixed(3)} s`;
    return element(
      "span",
      { class: "lap" },
      mark,
      element("strong", {}, lap.label),
      element("span", { class: "number" }, timeNs === null ? "running" : lapTimeText(timeNs)),
      element("span", { class: "number" }, behind),
    );
  }

  #valueText(traces: LapTraces, id: string, cursor: number): string {
    const parameter = this.#parameters.get(id);
    if (Number.isNaN(cursor) || parameter === undefined) return "";
    const { times, values } = traces.trace(id);
    const after = firstAtOrAbove(times, cursor);
    const value = (times[after] === cursor ? values[after] : values[after - 1]) ?? Number.NaN;
    if (Number.isNaN(value) || cursor > traces.length) return "";
    if (parameter.isState) return this.#stateText(id, value);
    return likeReading(value, this.#station.engine.latest("values")?.get(id)?.text ?? "");
  }

  /** Names of states are the worker's to know: each is asked for once. */
  #stateText(parameter: string, value: number): string {
    const key = `${parameter} ${value}`;
    const known = this.#stateTexts.get(key);
    if (known !== undefined) return known;
    this.#stateTexts.set(key, "");
    void this.#station.engine.ask("texts", { parameter, values: Float64Array.of(value) }).then(([text]) => {
      this.#stateTexts.set(key, text ?? "");
      this.#draw();
    });
    return "";
  }

  #bindGestures(canvas: HTMLCanvasElement): void {
    const { view } = this.#station;
    bindGestures(canvas, {
      zoom: (factor, aroundPx) => this.#show(scaled(this.#window(), factor, this.#distanceAt(aroundPx))),
      pan: (byPx) => {
        const { min, max } = this.#window();
        const by = (byPx / plotAcross(this.#surface.width).width) * (max - min);
        this.#show({ min: min + by, max: max + by });
      },
      point: (atPx) => this.#point(atPx === null ? Number.NaN : this.#distanceAt(atPx)),
      click: (atPx, isSecond) => {
        const timeNs = this.#timeOf(this.#distanceAt(atPx));
        if (timeNs !== null) view.change(isSecond ? { secondCursorNs: timeNs } : { cursorNs: timeNs });
      },
      reset: () => view.change({ distance: null }),
    });
  }

  #distanceAt(px: number): number {
    const { left, width } = plotAcross(this.#surface.width);
    const { min, max } = this.#window();
    return min + ((px - left) / width) * (max - min);
  }

  /** The pointer in the first lap stands for all of them. */
  #point(distance: number): void {
    this.#pointed = distance >= 0 ? distance : Number.NaN;
    this.#station.view.tell("pointer", this.#timeOf(this.#pointed));
    this.#draw();
  }

  #timeOf(distance: number): bigint | null {
    const [reference] = this.#laps;
    const afterNs = reference?.timeAt(distance) ?? Number.NaN;
    return reference === undefined || Number.isNaN(afterNs)
      ? null
      : reference.lap.startNs + BigInt(Math.round(afterNs));
  }
}

/** Makes a range `factor` times as wide around one of its places. */
function scaled({ min, max }: Scale, factor: number, around: number): Scale {
  return { min: around - (around - min) * factor, max: around + (max - around) * factor };
}
