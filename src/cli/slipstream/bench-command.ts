import { buildCommand } from "@stricli/core";
import type { BenchFlags } from "./bench.ts";
import type { CliContext } from "./context.ts";
import { jsonFlag, positive, redisFlags, serviceFlags, wholeFrom } from "./flags.ts";

const whole = (least: number, most: number, preset: string, placeholder: string, brief: string) =>
  ({ kind: "parsed", parse: wholeFrom(least, most), default: preset, placeholder, brief }) as const;

export const benchCommand = buildCommand<BenchFlags, [], CliContext>({
  loader: async () => (await import("./bench.ts")).bench,
  parameters: {
    flags: {
      ...serviceFlags,
      redis: redisFlags.redis,
      viewers: whole(1, 5_000, "10", "count", "How many viewers follow at once"),
      subscriptions: whole(1, 5_000, "1", "count", "How many different subscriptions they have among them"),
      subscribed: {
        ...whole(1, 10_000, "1", "count", "Channels of each subscription; without: all of them"),
        default: undefined,
        optional: true,
      },
      channels: whole(1, 10_000, "50", "count", "Channels that the session has"),
      samples: whole(1, 10_000, "10", "count", "Samples of each channel in a burst"),
      rate: {
        kind: "parsed",
        parse: positive,
        default: "10",
        brief: "Bursts a second",
        placeholder: "bursts",
      },
      duration: {
        kind: "parsed",
        parse: positive,
        default: "10",
        brief: "How long, after two seconds that are not counted",
        placeholder: "seconds",
      },
      json: jsonFlag("Figures in JSON, on standard output"),
    },
  },
  docs: {
    brief: "Measure a service under a load of viewers and data",
    fullDescription: [
      "Writes a session of its own, bench-…, and follows it with many viewers. Open loop: bursts are due by the clock,",
      "whatever the service does, and latency counts from when a burst was due to when a viewer had it, so that a",
      "service that stalls cannot hide it. Says percentiles of all deliveries, bytes, and what was lost or came twice.",
      "The session is removed again. Viewers and load run on this machine, in one process: how late that was itself is",
      "said too. Exit code 1 when anything was lost.",
    ].join("\n"),
    customUsage: [
      { input: "", brief: "Ten viewers of all of a session, as the demo has it" },
      {
        input: "--viewers 200 --subscriptions 20 --subscribed 5 --duration 60",
        brief: "A crowd that looks at different things",
      },
      {
        input: "--rate 50 --channels 500 --samples 2 --json > figures.json",
        brief: "More data, for a program",
      },
    ],
  },
});
