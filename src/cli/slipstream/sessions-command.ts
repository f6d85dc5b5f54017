import { buildCommand } from "@stricli/core";
import type { CliContext } from "./context.ts";
import { jsonFlag, redisFlags } from "./flags.ts";
import type { SessionsFlags } from "./sessions.ts";

export const sessionsCommand = buildCommand<SessionsFlags, [], CliContext>({
  loader: async () => (await import("./sessions.ts")).sessions,
  parameters: {
    flags: {
      ...redisFlags,
      live: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Leave out sessions that are closed",
      },
      json: jsonFlag("One JSON object a line, one for each session"),
    },
  },
  docs: {
    brief: "List the sessions that Redis knows",
    fullDescription: [
      "Lists the sessions that Redis knows, the newest data first: state, when the last entry came, how many entries",
      "a second it writes now, and how many entries its stream holds, its own and those of others. Asks the gateway",
      "of `npm run demo` unless told otherwise.",
    ].join("\n"),
    customUsage: [
      { input: "", brief: "What the local demo has" },
      { input: "--redis redis://127.0.0.1:6379 --live", brief: "What is live in that Redis" },
      {
        input: "--redis https://eu1.upstash.io --token T --json | jq -r .identity",
        brief: "Identities, through an HTTP gateway",
      },
    ],
  },
});
