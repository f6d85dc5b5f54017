import {
  type Catalogue,
  type EventItem,
  eventText,
  type Following,
  type Parameter,
  parameterText,
  parameterValues,
  type SampleRun,
} from "../../client/index.ts";
import { type CliContext, note, print } from "./context.ts";
import { isoTime } from "./printable.ts";
import type { TailFlags } from "./tail.ts";
import { Wanted } from "./tail-wanted.ts";

const NS_PER_S = 1_000_000_000;

/** Writes what comes as lines, no faster than they are read. */
export class TailLines {
  readonly #context: CliContext;
  readonly #flags: TailFlags;
  /** What lies before is history that nobody asked for; undefined until the leading edge is known. */
  #fromNs: bigint | undefined;
  #wanted: Wanted;

  constructor(context: CliContext, flags: TailFlags) {
    this.#context = context;
    this.#flags = flags;
    this.#wanted = new Wanted(flags);
  }

  async write(following: Following): Promise<void> {
    if (this.#flags.csv) await print(this.#context, "time,channel,parameter,value,unit");
    for await (const update of following) {
      switch (update.kind) {
        case "timeRange":
          this.#fromNs ??= update.timeRange.endNs - BigInt(Math.round(this.#flags.since * NS_PER_S));
          break;
        case "catalogue":
          this.#wanted.learn(update.catalogue);
          break;
        case "samples":
          await this.#samples(update.samples);
          break;
        case "event":
          await this.#event(update.event, following.catalogue);
          break;
        case "hole":
          note(
            this.#context,
            `samples of channel ${update.hole.channel} are missing before ${isoTime(update.hole.endNs)}`,
          );
          break;
        case "dropped": {
          const { samples, events } = update.dropped;
          note(this.#context, `read too slowly: ${samples} samples and ${events} events were left out`);
        }
      }
    }
  }

  async #samples(run: SampleRun): Promise<void> {
    const lines = this.#wanted.of(run.channel).flatMap((parameter) => this.#linesOf(run, parameter));
    if (lines.length > 0) await print(this.#context, lines.join("\n"));
  }

  #linesOf({ channel, type, timesNs, values }: SampleRun, parameter: Parameter | undefined): string[] {
    const numbers = parameter ? parameterValues(parameter, type, values) : Float64Array.from(values);
    const lines: string[] = [];
    for (const [index, value] of numbers.entries()) {
      const timeNs = timesNs[index]!;
      if (this.#fromNs !== undefined && timeNs < this.#fromNs) continue;
      lines.push(
        this.#flags.csv
          ? csvLine([
              isoTime(timeNs),
              `${channel}`,
              parameter?.id ?? "",
              textOf(value, parameter) ?? `${value}`,
              parameter?.unit ?? "",
            ])
          : sampleJson(timeNs, channel, value, parameter),
      );
    }
    return lines;
  }

  async #event(event: EventItem, catalogue: Catalogue): Promise<void> {
    if (this.#flags.csv || (this.#fromNs !== undefined && event.timeNs < this.#fromNs)) return;
    const { title, detail, priority } = eventText(event, catalogue);
    const { timeNs } = event;
    await print(
      this.#context,
      JSON.stringify({ time: isoTime(timeNs), timeNs: `${timeNs}`, event: title, detail, priority }),
    );
  }
}

/** Numbers that JSON has no words for become null; times keep all digits as text. */
function sampleJson(
  timeNs: bigint,
  channel: number,
  value: number,
  parameter: Parameter | undefined,
): string {
  const text = textOf(value, parameter);
  return JSON.stringify({
    time: isoTime(timeNs),
    timeNs: `${timeNs}`,
    channel,
    ...(parameter && { parameter: parameter.id, unit: parameter.unit }),
    value,
    ...(text !== undefined && { text }),
  });
}

/** What the parameter calls the value, such as a gear; undefined when it is a number. */
function textOf(value: number, parameter: Parameter | undefined): string | undefined {
  return parameter?.conversion.toText ? parameterText(parameter, value) : undefined;
}

function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");
}
