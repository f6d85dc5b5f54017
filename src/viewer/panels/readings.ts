import { element, setText } from "../dom.ts";
import type { ParameterInfo, Reading, TraceSpec } from "../engine/messages.ts";
import type { Statistics } from "../reading/statistics.ts";
import { timeText } from "../time/time-text.ts";
import { latestOnly } from "./latest-only.ts";
import { likeReading, signed, spanText } from "./number-text.ts";
import { whenChanged } from "./when-changed.ts";
import type { Workstation } from "./workstation.ts";

/** Without cursors the newest values are read this often. */
const INTERVAL_MS = 200;

/** What is read of a trace. */
interface TraceReading {
  readonly first: Reading | undefined;
  readonly second: Reading | undefined;
  readonly statistics: Statistics | undefined;
}

/** Each trace with value and unit at the cursor; with a second cursor the difference, and what is between the two. */
export class Readings {
  readonly root: HTMLElement;
  readonly #station: Workstation;
  readonly #colorOf: (trace: TraceSpec) => string;
  readonly #at = element("span", {});
  readonly #second = element("span", {});
  readonly #between = element("strong", {});
  readonly #list = element("ul", { class: "readings" });
  readonly #note = element("p", { class: "empty" }, "No trace yet: choose parameters to plot.");
  readonly #rows = new Map<string, ReadingRow>();
  readonly #ask = latestOnly(() => this.#read());
  #parameters: ReadonlyMap<string, ParameterInfo> = new Map();
  #askedAtMs = 0;

  constructor(station: Workstation, colorOf: (trace: TraceSpec) => string) {
    this.#station = station;
    this.#colorOf = colorOf;
    const head = element("div", { class: "reading-head" }, this.#at, this.#second, this.#between);
    this.root = element("section", { class: "reading-panel" }, head, this.#note, this.#list);
    const { engine, view } = station;
    engine.on("catalogue", ({ parameters }) => {
      this.#parameters = new Map(parameters.map((parameter) => [parameter.id, parameter]));
      this.refresh();
    });
    whenChanged(view, ["panes"], () => this.refresh());
    whenChanged(view, ["cursorNs", "secondCursorNs"], () => this.#ask());
    view.on("pointer", () => this.#ask());
    engine.on("drawn", () => {
      if (performance.now() - this.#askedAtMs >= INTERVAL_MS) this.#ask();
    });
  }

  refresh(): void {
    const traces = this.#traces();
    this.#note.hidden = traces.length > 0;
    const known = new Set(traces.map(({ parameter }) => parameter));
    for (const [id, row] of this.#rows) {
      if (known.has(id)) continue;
      row.root.remove();
      this.#rows.delete(id);
    }
    for (const trace of traces) {
      const row = this.#rows.get(trace.parameter) ?? new ReadingRow();
      this.#rows.set(trace.parameter, row);
      row.name(this.#parameters.get(trace.parameter), trace.parameter, this.#colorOf(trace));
    }
    this.#list.replaceChildren(...[...this.#rows.values()].map(({ root }) => root));
    this.#ask();
  }

  #traces(): readonly TraceSpec[] {
    return this.#station.view.state.panes.flatMap(({ traces }) => traces);
  }

  async #read(): Promise<void> {
    if (this.root.hidden) return;
    this.#askedAtMs = performance.now();
    const { engine, view } = this.#station;
    const { cursorNs, secondCursorNs } = view.state;
    const until = engine.latest("drawn")?.shownUntilNs ?? null;
    // Two cursors that were set down are read as they stand; else the pointer may look elsewhere.
    const areSet = cursorNs !== null && secondCursorNs !== null;
    const atNs = areSet ? cursorNs : (view.latest("pointer") ?? cursorNs ?? until);
    this.#head(atNs, cursorNs, secondCursorNs);
    const parameters = this.#traces().map(({ parameter }) => parameter);
    if (atNs === null || parameters.length === 0) return;
    const [first, second, statistics] = await Promise.all([
      engine.ask("readings", { parameters, atNs }),
      secondCursorNs === null ? [] : engine.ask("readings", { parameters, atNs: secondCursorNs }),
      secondCursorNs === null
        ? []
        : engine.ask("statistics", { parameters, ...between(atNs, secondCursorNs) }),
    ]);
    for (const [index, parameter] of parameters.entries()) {
      const reading = { first: first[index], second: second[index], statistics: statistics[index] };
      this.#rows.get(parameter)?.show(reading, this.#parameters.get(parameter)?.isState ?? false);
    }
  }

  #head(atNs: bigint | null, cursorNs: bigint | null, secondNs: bigint | null): void {
    const isLatest = this.#station.view.latest("pointer") == null && cursorNs === null;
    setText(
      this.#at,
      atNs === null ? "No samples yet" : `${isLatest ? "Latest" : "Cursor"} ${timeText(atNs, 3)}`,
    );
    setText(this.#second, secondNs === null ? "" : `Second ${timeText(secondNs, 3)}`);
    setText(this.#between, secondNs === null || atNs === null ? "" : `Δt ${spanText(secondNs - atNs)}`);
  }
}

function between(a: bigint, b: bigint): { startNs: bigint; endNs: bigint } {
  return a <= b ? { startNs: a, endNs: b } : { startNs: b, endNs: a };
}

/** The words of one trace. */
class ReadingRow {
  readonly root: HTMLLIElement;
  readonly #mark = element("span", { class: "row-mark", "aria-hidden": "true" });
  readonly #name = element("span", { class: "row-name" });
  readonly #value = element("span", { class: "row-value" });
  readonly #second = element("span", { class: "row-value second" });
  readonly #unit = element("span", { class: "row-unit" });
  readonly #figures = element("dl", { class: "reading-figures" });
  readonly #figure = new Map<string, HTMLElement>();

  constructor() {
    const line = element(
      "div",
      { class: "reading" },
      this.#mark,
      this.#name,
      this.#value,
      this.#second,
      this.#unit,
    );
    for (const name of ["Δ", "min", "max", "mean", "dev", "n"]) {
      const value = element("dd");
      this.#figure.set(name, value);
      this.#figures.append(element("div", {}, element("dt", {}, name), value));
    }
    this.root = element("li", {}, line, this.#figures);
  }

  name(parameter: ParameterInfo | undefined, id: string, color: string): void {
    setText(this.#name, parameter?.name ?? id);
    setText(this.#unit, parameter?.unit ?? "");
    this.root.title = parameter?.description ?? "";
    this.#mark.style.background = color;
  }

  show({ first, second, statistics }: TraceReading, isState: boolean): void {
    setText(this.#value, first?.text || "–");
    this.#value.classList.toggle("outside", first?.isOutside ?? false);
    this.#figures.hidden = statistics === undefined;
    setText(this.#second, statistics === undefined ? "" : second?.text || "–");
    if (statistics === undefined) return;
    const figure = (name: string, text: string) => setText(this.#figure.get(name) as HTMLElement, text);
    const text = (value: number, more = 0) => (isState ? "–" : likeReading(value, first?.text ?? "", more));
    figure("Δ", signed(text((second?.value ?? Number.NaN) - (first?.value ?? Number.NaN))));
    figure("min", text(statistics.min));
    figure("max", text(statistics.max));
    figure("mean", text(statistics.mean, 1));
    figure("dev", text(statistics.deviation, 1));
    figure("n", String(statistics.count));
  }
}
