import { buildCommand } from "@stricli/core";
import type { CliContext } from "./context.ts";
import type { DoctorFlags } from "./doctor.ts";
import { jsonFlag, redisFlags, serviceFlags, wholeFrom, zeroOrMore } from "./flags.ts";

export const doctorCommand = buildCommand<DoctorFlags, [string?], CliContext>({
  loader: async () => (await import("./doctor.ts")).doctor,
  parameters: {
    flags: {
      ...serviceFlags,
      redis: redisFlags.redis,
      targetLength: {
        kind: "parsed",
        parse: wholeFrom(1, 100_000_000),
        placeholder: "entries",
        default: "10000",
        brief: "RTA_TRIMMER__TARGETSTREAMLENGTH of the service",
      },
      backscan: {
        kind: "parsed",
        parse: zeroOrMore,
        placeholder: "seconds",
        default: "300",
        brief: "RTA_BACKSCAN__SECONDS of the service",
      },
      json: jsonFlag("One JSON object a line, one for each finding"),
    },
    positional: {
      kind: "tuple",
      parameters: [
        {
          parse: String,
          placeholder: "identity",
          optional: true,
          brief: "Look at this session; else the one with the newest data",
        },
      ],
    },
  },
  docs: {
    brief: "Check a service and its Redis, and say what to do",
    fullDescription: [
      "Checks a Stream Service and the Redis behind it, one finding a line, each with what to do about it: whether both",
      "answer, how far their clocks are off, whether bytes come through the gateway as they are, where a session's",
      "entry is and what it lacks, how far back each stream will reach under the trimmer, and whether a viewer of a",
      "session of its own sees what was written, and how soon. That session, doctor-…, is removed again. Where Redis",
      "cannot be written to, the viewer follows the newest session instead. A token for the gateway comes from",
      "UPSTASH_REDIS_REST_TOKEN or GATEWAY_TOKEN. Exit code 1 when something is wrong.",
    ].join("\n"),
    customUsage: [
      { input: "", brief: "Of what `npm run demo` or `npm run dev` started" },
      {
        input: "S-7 --url https://stream.example.com --token T --redis https://eu1.upstash.io",
        brief: "Deployed",
      },
      { input: "--json | jq 'select(.status == \"fail\")'", brief: "What is wrong, for a program" },
    ],
  },
});
