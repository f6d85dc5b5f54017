import { buildCommand } from "@stricli/core";
import { identityArgument } from "./arguments.ts";
import type { CliContext } from "./context.ts";
import { jsonFlag, positive, redisFlags } from "./flags.ts";
import type { RecordFlags } from "./record.ts";

export const recordCommand = buildCommand<RecordFlags, [string, string], CliContext>({
  loader: async () => (await import("./record.ts")).record,
  parameters: {
    flags: {
      ...redisFlags,
      start: {
        kind: "enum",
        values: ["beginning", "now"],
        default: "beginning",
        brief: "Begin with all that the stream still holds of the session, or with what comes",
      },
      follow: {
        kind: "boolean",
        default: true,
        brief: "Go on until the session is closed; --no-follow stops at the stream's end",
      },
      duration: {
        kind: "parsed",
        parse: positive,
        placeholder: "seconds",
        optional: true,
        brief: "Stop after so many seconds",
      },
      force: {
        kind: "boolean",
        brief: "Write over a file that is there",
        optional: true,
        withNegated: false,
      },
      json: jsonFlag("Say in JSON, on standard output, what was recorded"),
    },
    positional: {
      kind: "tuple",
      parameters: [
        identityArgument,
        { parse: String, placeholder: "file", brief: "Where to; - is standard output" },
      ],
    },
  },
  docs: {
    brief: "Record a session into one file, as it is in Redis",
    fullDescription: [
      "Records a session into one file, as it is in Redis: every entry of its stream, byte for byte, with its id,",
      "and what the session's hash says. First what the stream still holds, then what comes, until the session is",
      "closed or Ctrl+C. The file is lines of JSON (docs/RECORDING.md); one that was cut off by a crash can be",
      "replayed up to there. Exit code 1 when entries were trimmed before they could be recorded.",
    ].join("\n"),
    customUsage: [
      { input: "demo-1 lap.jsonl", brief: "From the session's beginning until it is closed" },
      {
        input: "demo-1 - --start now --duration 60 | gzip > minute.gz",
        brief: "The next minute, compressed",
      },
      {
        input: "demo-1 lap.jsonl --redis rediss://user@redis.example.com",
        brief: "From another Redis than the local one",
      },
    ],
  },
});
