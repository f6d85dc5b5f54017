import {
  type EventItem,
  eventText,
  type Following,
  type Parameter,
  parameterText,
  parameterValues,
  type SampleRun,
} from "../../client/index.ts";
import type { CliContext } from "./context.ts";
import { type Paint, paintFor } from "./paint.ts";
import { clipped, isoTime, printable } from "./printable.ts";
import { Screen } from "./screen.ts";
import { linkName, linkWords } from "./session-link.ts";
import type { TailFlags } from "./tail.ts";
import { Wanted } from "./tail-wanted.ts";
import { durationText } from "./units.ts";

const DRAW_MS = 200;
const EVENTS = 4;
/** Longer names are cut, so that more fit side by side. */
const MAX_NAME = 32;
/** Between blocks that stand side by side. */
const GAP = "   ";
/** A value that is older than this beside the newest is shown as old. */
const OLD_NS = 5_000_000_000n;

/** Shows a session as a table that is drawn in its place, until following ends. */
export async function showTable(context: CliContext, flags: TailFlags, following: Following): Promise<void> {
  const screen = new Screen(context);
  const table = new TailTable(new Wanted(flags), paintFor(context.process.stdout, context.process.env));
  const draw = () => screen.draw(table.lines(following, screen, Date.now()));
  const timer = setInterval(draw, DRAW_MS);
  try {
    for await (const update of following) {
      if (update.kind === "samples") table.samples(update.samples);
      else if (update.kind === "event") table.event(update.event);
      else if (update.kind === "catalogue") table.wanted.learn(update.catalogue);
      else if (update.kind === "problem") table.problem = update.problem.message;
    }
    draw();
  } finally {
    clearInterval(timer);
    screen.close(context);
  }
}

interface Latest {
  readonly type: SampleRun["type"];
  readonly timeNs: bigint;
  readonly raw: number;
}

/** The latest of a session, and how it is laid out. */
export class TailTable {
  readonly wanted: Wanted;
  problem = "";
  readonly #paint: Paint;
  readonly #latest = new Map<number, Latest>();
  #events: EventItem[] = [];
  #edgeNs: bigint | undefined;
  #samples = 0;
  #rate = 0;
  #rateMs = 0;

  constructor(wanted: Wanted, paint: Paint) {
    this.wanted = wanted;
    this.#paint = paint;
  }

  samples({ channel, type, timesNs, values }: SampleRun): void {
    this.#samples += timesNs.length;
    for (const [index, timeNs] of timesNs.entries()) {
      if (timeNs < (this.#latest.get(channel)?.timeNs ?? timeNs)) continue;
      this.#latest.set(channel, { type, timeNs, raw: values[index]! });
      if (this.#edgeNs === undefined || timeNs > this.#edgeNs) this.#edgeNs = timeNs;
    }
  }

  event(event: EventItem): void {
    this.#events.push(event);
    this.#events.sort((a, b) => (a.timeNs < b.timeNs ? -1 : 1));
    this.#events = this.#events.slice(-EVENTS);
  }

  /** No wider and no more than the terminal has room for. */
  lines(following: Following, { columns, rows }: { columns: number; rows: number }, nowMs: number): string[] {
    const foot = this.#footLines(following, columns).slice(0, Math.floor(rows / 4));
    const around = foot.length > 0 ? foot.length + 3 : 2;
    return [
      this.#headLine(following, columns, nowMs),
      "",
      ...this.#blocks(columns, Math.max(rows - around, 1)),
      ...(foot.length > 0 ? ["", ...foot] : []),
    ].slice(0, rows);
  }

  #footLines(following: Following, columns: number): string[] {
    const events = this.#events.map((event) => this.#eventLine(event, following, columns));
    return this.problem
      ? [this.#paint("yellow", clipped(printable(this.problem), columns)), ...events]
      : events;
  }

  #headLine({ session, link }: Following, columns: number, nowMs: number): string {
    if (nowMs - this.#rateMs >= 1000) {
      this.#rate = this.#rateMs === 0 ? 0 : (this.#samples * 1000) / (nowMs - this.#rateMs);
      this.#samples = 0;
      this.#rateMs = nowMs;
    }
    const words = "cause" in link ? `${linkName(link)}: ${linkWords(link.cause)}` : linkName(link);
    const behind =
      this.#edgeNs === undefined ? "" : `${durationText(nowMs - Number(this.#edgeNs / 1_000_000n))} behind`;
    const rate = this.#rate > 0 ? `${Math.round(this.#rate).toLocaleString("en")} samples/s` : "";
    const rest = clipped([session.state, words, behind, rate].filter(Boolean).join("  "), columns);
    const name = clipped(printable(session.identifier), Math.max(columns - rest.length - 2, 0));
    const isWell = link.state === "live";
    return `${this.#paint("bold", name)}${name && "  "}${this.#paint(isWell ? "green" : "yellow", rest)}`;
  }

  /** Parameters in columns, read downwards. */
  #blocks(columns: number, room: number): string[] {
    const cells = this.wanted.parameters.map((parameter) => this.#cellOf(parameter));
    if (cells.length === 0) return [this.#paint("dim", clipped("no parameter yet", columns))];
    const width = (name: "name" | "value" | "unit") => Math.max(...cells.map((cell) => cell[name].length));
    const [valueWidth, unitWidth] = [width("value"), width("unit")];
    const nameWidth = Math.min(width("name"), MAX_NAME, Math.max(columns - valueWidth - 2, 1));
    const blockWidth = nameWidth + valueWidth + unitWidth + 2;
    const blocks = Math.max(1, Math.floor((columns + GAP.length) / (blockWidth + GAP.length)));
    const needed = Math.ceil(cells.length / blocks);
    const height = needed > room ? Math.max(room - 1, 1) : needed;
    const lines = Array.from({ length: height }, (_, row) =>
      Array.from({ length: blocks }, (_, block) => cells[block * height + row])
        .filter((cell) => cell !== undefined)
        .map((cell) => {
          const name = clipped(cell.name, nameWidth).padEnd(nameWidth);
          const rest = clipped(
            `${cell.value.padStart(valueWidth)} ${cell.unit.padEnd(unitWidth)}`,
            Math.max(columns - nameWidth - 1, 0),
          );
          return `${this.#paint("dim", name)} ${cell.style ? this.#paint(cell.style, rest) : rest}`;
        })
        .join(GAP),
    );
    const hidden = cells.length - height * blocks;
    return hidden > 0
      ? [...lines, this.#paint("dim", clipped(`and ${hidden} more: --parameter chooses`, columns))]
      : lines;
  }

  #cellOf(parameter: Parameter) {
    const name = printable(parameter.name);
    const unit = printable(parameter.unit);
    const latest = parameter.channels
      .map((channel) => this.#latest.get(channel))
      .reduce((a, b) => (a && b ? (a.timeNs > b.timeNs ? a : b) : (a ?? b)), undefined);
    if (latest === undefined) return { name, unit, value: "-", style: "dim" } as const;
    const [value] = parameterValues(parameter, latest.type, [latest.raw]);
    const isOutside =
      parameter.warnMin < parameter.warnMax && (value! < parameter.warnMin || value! > parameter.warnMax);
    const isOld = this.#edgeNs! - latest.timeNs > OLD_NS;
    const style = isOutside ? ("red" as const) : isOld ? ("dim" as const) : undefined;
    return { name, unit, value: printable(parameterText(parameter, value!)), style };
  }

  #eventLine(event: EventItem, { catalogue }: Following, columns: number): string {
    const { title, detail, priority } = eventText(event, catalogue);
    const time = isoTime(event.timeNs).slice(11, 23);
    const text = clipped(printable([time, title, detail].filter(Boolean).join("  ")), columns);
    return priority === "high" ? this.#paint("magenta", text) : text;
  }
}
