import type { PaneSpec, Scale, TraceSpec } from "../engine/messages.ts";
import type { ViewState } from "../view.ts";

/** Written into every link; others are refused rather than guessed at. */
const VERSION = "1";
/** Browsers and messengers pass longer addresses on unreliably. */
const MAX_LENGTH = 8_000;
/** Far above what the page shows at once: a link cannot make it work for ever. */
const MAX_PANES = 64;
const MAX_TRACES = 256;
const MAX_LAPS = 16;
const MAX_DELAY_MS = 180_000;
const MAX_COLOR = 255;
const MAX_SPAN_NS = 7 * 24 * 3600 * 1e9;

/** What a fragment says. `bad`: it was meant as a view, but cannot be read; `why` is a clause. */
export type ReadView =
  | { readonly kind: "none" }
  | { readonly kind: "view"; readonly view: Partial<ViewState> }
  | { readonly kind: "bad"; readonly why: string };

/**
 * What is looked at, as the fragment of an address: `v=1&span=30&delay=2.5&pane=vCar:Car,0+nEngine:Car,1`. Readable,
 * in characters that messengers leave alone. Members that say nothing are left out. Times are ns since 1970.
 */
export function writeView(view: ViewState): string {
  const { spanNs, endNs, delayMs, cursorNs, secondCursorNs, axis, lapStartsNs, distance, panes } = view;
  const members = [
    ["v", VERSION],
    ["span", String(Math.round(spanNs) / 1e9)],
    ["end", endNs],
    ["delay", delayMs === 0 ? null : String(delayMs / 1000)],
    ["cursor", cursorNs],
    ["second", secondCursorNs],
    ["axis", axis === "time" ? null : axis],
    ["laps", lapStartsNs.length === 0 ? null : lapStartsNs.join("+")],
    ["distance", distance === null ? null : `${distance.min},${distance.max}`],
    ...panes.map((pane) => ["pane", writePane(pane)]),
  ];
  return members.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`])).join("&");
}

/** Reads a fragment, with or without its `#`. Members of other names are nobody's and are passed over. */
export function readView(fragment: string): ReadView {
  const text = fragment.replace(/^#/, "");
  const members = text.split("&").map((member) => {
    const [name = "", ...value] = member.split("=");
    return [name, value.join("=")] as const;
  });
  const version = members.find(([name]) => name === "v")?.[1];
  if (version === undefined) return { kind: "none" };
  if (version !== VERSION) return { kind: "bad", why: "it was made by another version of this page" };
  if (text.length > MAX_LENGTH) return { kind: "bad", why: "it is too long" };
  try {
    return { kind: "view", view: readMembers(members) };
  } catch (error) {
    return { kind: "bad", why: error instanceof BadMember ? error.message : "it is damaged" };
  }
}

class BadMember extends Error {}

function readMembers(members: readonly (readonly [name: string, value: string])[]): Partial<ViewState> {
  const view: { -readonly [K in keyof ViewState]?: ViewState[K] } = {};
  const panes: PaneSpec[] = [];
  for (const [name, value] of members) {
    switch (name) {
      case "span":
        view.spanNs = Math.round(readNumber(name, value, 0, MAX_SPAN_NS / 1e9) * 1e9);
        if (view.spanNs < 1) throw new BadMember(`its ${name} is not a number that can be`);
        break;
      case "end":
        view.endNs = readTime(name, value);
        break;
      case "delay":
        view.delayMs = Math.round(readNumber(name, value, 0, MAX_DELAY_MS / 1000) * 10) * 100;
        break;
      case "cursor":
        view.cursorNs = readTime(name, value);
        break;
      case "second":
        view.secondCursorNs = readTime(name, value);
        break;
      case "axis":
        if (value !== "distance") throw new BadMember("its axis is unknown");
        view.axis = value;
        break;
      case "laps":
        view.lapStartsNs = value.split("+", MAX_LAPS).map((start) => readTime(name, start));
        break;
      case "distance":
        view.distance = readRange(value.split(","));
        break;
      case "pane":
        panes.push(readPane(value, panes.length));
        break;
    }
  }
  if (panes.length > MAX_PANES) throw new BadMember("it has too many panes");
  if (panes.reduce((sum, { traces }) => sum + traces.length, 0) > MAX_TRACES)
    throw new BadMember("it has too many traces");
  return panes.length === 0 ? view : { ...view, panes };
}

/** `name:app,color`, with `,fit` or `,min,max` after it, for each trace, joined by `+`; then `!shared` and `!1.5` for the pane. */
function writePane({ traces, scale, weight }: PaneSpec): string {
  const written = traces.map(({ parameter, color, range }) =>
    [escaped(parameter), color, ...writtenRange(range)].join(","),
  );
  const traits = [scale === "own" ? "" : "!shared", weight === 1 ? "" : `!${weight}`];
  return written.join("+") + traits.join("");
}

function writtenRange(range: TraceSpec["range"]): readonly (string | number)[] {
  if (range === null) return [];
  return range === "fit" ? ["fit"] : [range.min, range.max];
}

function readPane(text: string, index: number): PaneSpec {
  const [traces = "", ...traits] = text.split("!");
  const weight = traits.find((trait) => trait !== "shared");
  return {
    id: `pane-${index + 1}`,
    traces: traces === "" ? [] : traces.split("+").map(readTrace),
    scale: traits.includes("shared") ? "shared" : "own",
    weight: weight === undefined ? 1 : readNumber("pane", weight, 0.01, 100),
  };
}

function readTrace(text: string): TraceSpec {
  const [parameter = "", color = "0", ...range] = text.split(",");
  if (parameter === "") throw new BadMember("it has a trace of no parameter");
  return {
    parameter: decodeURIComponent(parameter),
    color: readNumber("color", color, 0, MAX_COLOR),
    range: range.length === 0 ? null : range[0] === "fit" ? "fit" : readRange(range),
  };
}

function readRange([min = "", max = ""]: readonly string[]): Scale {
  const [low, high] = [min, max].map((text) =>
    readNumber("range", text, -Number.MAX_VALUE, Number.MAX_VALUE),
  );
  if (!((low as number) < (high as number))) throw new BadMember("its range is empty");
  return { min: low as number, max: high as number };
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const value = /^[-+.\de]{1,30}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new BadMember(`its ${name} is not a number that can be`);
  return value;
}

function readTime(name: string, text: string): bigint {
  if (!/^\d{1,19}$/.test(text)) throw new BadMember(`its ${name} is not a time`);
  return BigInt(text);
}

/** As in every address, but `:` stays readable, and what `encodeURIComponent` spares and we do not is escaped. */
function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("%3A", ":").replaceAll("!", "%21");
}
