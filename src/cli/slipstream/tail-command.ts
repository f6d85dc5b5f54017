import { buildCommand } from "@stricli/core";
import { identityArgument } from "./arguments.ts";
import type { CliContext } from "./context.ts";
import { jsonFlag, positive, serviceFlags, wholeFrom, zeroOrMore } from "./flags.ts";
import type { TailFlags } from "./tail.ts";

export const tailCommand = buildCommand<TailFlags, [string], CliContext>({
  loader: async () => (await import("./tail.ts")).tail,
  parameters: {
    flags: {
      ...serviceFlags,
      parameter: {
        kind: "parsed",
        parse: String,
        placeholder: "name",
        variadic: true,
        optional: true,
        brief: "A parameter, by name or name:app; may be repeated. Without: all of them",
      },
      channel: {
        kind: "parsed",
        parse: wholeFrom(0, 0xffff_ffff),
        placeholder: "number",
        variadic: true,
        optional: true,
        brief: "A session channel; may be repeated",
      },
      noEvents: { kind: "boolean", optional: true, withNegated: false, brief: "Leave out events" },
      since: {
        kind: "parsed",
        parse: zeroOrMore,
        placeholder: "seconds",
        default: "0",
        brief: "Lines: begin so far behind the leading edge, as far as the service looks back",
      },
      duration: {
        kind: "parsed",
        parse: positive,
        placeholder: "seconds",
        optional: true,
        brief: "Stop after so many seconds",
      },
      wait: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Wait for a session, or a service, that is not there yet",
      },
      json: jsonFlag("One JSON object a line, for each sample and event; the default where nobody looks"),
      csv: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Lines of CSV, for each sample: time, channel, parameter, value, unit",
      },
    },
    positional: { kind: "tuple", parameters: [identityArgument] },
  },
  docs: {
    brief: "Follow a session: a live table, or lines for other programs",
    fullDescription: [
      "Follows a live session as any viewer does. On a terminal it shows the latest value of each parameter, and the",
      "latest events, until the session ends or Ctrl+C. Elsewhere, or with --json or --csv, it writes a line for each",
      "sample: values in the parameter's unit, times to the nanosecond. Lines are in the order in which they",
      "come; history, with --since, comes beside live data. Connections that break are made anew.",
    ].join("\n"),
    customUsage: [
      { input: "demo-1", brief: "All of the session, as a table" },
      {
        input: "demo-1 --parameter vCar --parameter gear --csv > lap.csv",
        brief: "Two parameters, into a file",
      },
      { input: "demo-1 --json | jq -c 'select(.event)'", brief: "Events only" },
      {
        input: "S-7 --url https://stream.example.com --token T --channel 1050",
        brief: "Of a service that asks for a token, by channel",
      },
    ],
  },
});
