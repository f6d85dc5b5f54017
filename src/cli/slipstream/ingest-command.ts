import { buildCommand } from "@stricli/core";
import type { CliContext } from "./context.ts";
import { TIME_UNITS } from "./csv-time.ts";
import { jsonFlag, positive, redisFlags, wholeFrom } from "./flags.ts";
import type { IngestFlags } from "./ingest.ts";
import { speedFrom } from "./replay-clock.ts";

export const ingestCommand = buildCommand<IngestFlags, [string?], CliContext>({
  loader: async () => (await import("./ingest.ts")).ingest,
  parameters: {
    flags: {
      ...redisFlags,
      identity: {
        kind: "parsed",
        parse: String,
        placeholder: "identity",
        optional: true,
        brief: "Identity of the session; else a new one",
      },
      stream: {
        kind: "parsed",
        parse: String,
        placeholder: "name",
        optional: true,
        brief: "Stream to write to, without stream: before it; else demo-car or csv",
      },
      rest: {
        kind: "parsed",
        parse: wholeFrom(0, 65_535),
        placeholder: "port",
        optional: true,
        brief: "Serve session and configuration by REST here, for RTA_ORIGIN of the Worker; 0: any port",
      },
      duration: {
        kind: "parsed",
        parse: positive,
        placeholder: "seconds",
        optional: true,
        brief: "Close the session after so many seconds",
      },
      speed: {
        kind: "parsed",
        parse: speedFrom,
        default: "1",
        brief: "CSV: times the pace of the time column; max: as fast as Redis takes it",
      },
      time: {
        kind: "parsed",
        parse: String,
        placeholder: "column",
        optional: true,
        brief: "CSV: the time column; else one called time, timestamp, t or date, else the first",
      },
      timeUnit: {
        kind: "enum",
        values: TIME_UNITS,
        default: "s",
        brief: "CSV: what the numbers of the time column count; dates are read as such",
      },
      now: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "CSV: let the first time be now; times that do not count from 1970 are always moved so",
      },
      delimiter: {
        kind: "parsed",
        parse: delimiterFrom,
        default: ",",
        brief: "CSV: what stands between cells; \\t is a tab",
      },
      json: jsonFlag("Say in JSON, on standard output, what session it is"),
    },
    positional: {
      kind: "tuple",
      parameters: [
        {
          parse: String,
          placeholder: "file",
          optional: true,
          brief: "A CSV file; - is standard input. Without: the demo car",
        },
      ],
    },
  },
  docs: {
    brief: "Write a live session: the demo car, or a CSV file",
    fullDescription: [
      "Writes a live session into Redis: a car on an invented circuit, until Ctrl+C, or the rows of a CSV file as",
      "their time comes. The first line of the file names its columns; each but the time column becomes a parameter",
      "(`speed [km/h]` gives it a unit), and a configuration that says so is made for it. Empty cells are no samples.",
      "The session's identity goes to standard output. Ctrl+C closes the session.",
    ].join("\n"),
    customUsage: [
      { input: "", brief: "A car that drives until Ctrl+C, through the gateway of `npm run dev`" },
      {
        input: "lap.csv --time elapsed --time-unit ms",
        brief: "A file whose column elapsed counts milliseconds",
      },
      { input: "lap.csv --speed max --identity lap-17", brief: "All of it at once" },
      {
        input: "lap.csv --rest 8090",
        brief: "With names: npm run dev -- --var RTA_ORIGIN:http://127.0.0.1:8090",
      },
    ],
  },
});

function delimiterFrom(text: string): string {
  const delimiter = text === "\\t" ? "\t" : text;
  if (delimiter.length !== 1 || /["\r\n\w.]/.test(delimiter)) {
    throw new SyntaxError("must be one character that is in no number, or \\t");
  }
  return delimiter;
}
