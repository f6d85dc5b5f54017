import { buildCommand } from "@stricli/core";
import type { CliContext } from "./context.ts";
import { jsonFlag, writableRedisFlag } from "./flags.ts";
import type { ReplayFlags } from "./replay.ts";
import { speedFrom } from "./replay-clock.ts";

export const replayCommand = buildCommand<ReplayFlags, [string], CliContext>({
  loader: async () => (await import("./replay.ts")).replay,
  parameters: {
    flags: {
      redis: writableRedisFlag,
      speed: {
        kind: "parsed",
        parse: speedFrom,
        default: "1",
        brief: "Times the recorded pace; max: as fast as Redis takes it, under the recorded ids where it can",
      },
      identity: {
        kind: "parsed",
        parse: String,
        placeholder: "identity",
        optional: true,
        brief:
          "Identity of the replayed session, which then gets a stream session id of its own; else the recorded one",
      },
      stream: {
        kind: "parsed",
        parse: String,
        placeholder: "name",
        optional: true,
        brief: "Stream to write to, without stream: before it; else the recorded one",
      },
      replace: {
        kind: "boolean",
        brief: "Take the place of a session of that identity",
        optional: true,
        withNegated: false,
      },
      json: jsonFlag("Say in JSON, on standard output, what was replayed"),
    },
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, placeholder: "file", brief: "A recording; - is standard input" }],
    },
  },
  docs: {
    brief: "Write a recording into Redis, with its own timing",
    fullDescription: [
      "Writes a recording into Redis as its producer did: the same fields and the same bytes, as far apart as they",
      "were, so that viewers see the session live again. Entries get ids of now, as far apart as the recorded ones;",
      "with --speed max the recorded ids themselves, if the stream holds nothing newer.",
    ].join("\n"),
    customUsage: [
      { input: "lap.jsonl --redis redis://127.0.0.1:6379", brief: "As it was, in its own time" },
      { input: "lap.jsonl --identity again --speed 4", brief: "Beside the original, four times as fast" },
      { input: "lap.jsonl --speed max", brief: "All at once, to restore a session that Redis lost" },
    ],
  },
});
