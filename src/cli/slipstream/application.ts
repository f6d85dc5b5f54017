import {
  type Application,
  ArgumentParseError,
  buildApplication,
  buildRouteMap,
  text_en,
} from "@stricli/core";
import { benchCommand } from "./bench-command.ts";
import { completionCommand } from "./completion.ts";
import { type CliContext, EXIT, UsageError } from "./context.ts";
import { doctorCommand } from "./doctor-command.ts";
import { ingestCommand } from "./ingest-command.ts";
import { recordCommand } from "./record-command.ts";
import { replayCommand } from "./replay-command.ts";
import { sessionsCommand } from "./sessions-command.ts";
import { tailCommand } from "./tail-command.ts";
import { VERSION } from "./version.ts";

const NAME = "slipstream";

/** The command line as a whole: what there is, and how it speaks of errors. */
export function buildCli(): Application<CliContext> {
  const root = buildRouteMap({
    routes: {
      tail: tailCommand,
      sessions: sessionsCommand,
      record: recordCommand,
      replay: replayCommand,
      ingest: ingestCommand,
      doctor: doctorCommand,
      bench: benchCommand,
      completion: completionCommand,
    },
    docs: {
      brief: "Live telemetry sessions as easy to handle as log files",
      fullDescription: [
        "Slipstream: live telemetry sessions as easy to handle as log files.",
        "",
        "Start with `npm run demo` in another terminal, then",
        `  ${NAME} sessions          what there is`,
        `  ${NAME} tail IDENTITY     what it says now`,
        `  ${NAME} doctor            whether all is well, and what to do if not`,
        "",
        `Every command explains itself: ${NAME} COMMAND --help. Results go to standard output, progress and`,
        "messages to standard error. Exit code 0: done, 1: failed, 2: wrong usage.",
      ].join("\n"),
    },
  });
  return buildApplication(root, {
    name: NAME,
    versionInfo: { currentVersion: VERSION },
    scanner: { caseStyle: "allow-kebab-for-camel" },
    documentation: { caseStyle: "convert-camel-to-kebab", onlyRequiredInUsageLine: true },
    localization: {
      text: {
        ...text_en,
        exceptionWhileParsingArguments(error, color) {
          const text =
            error instanceof ArgumentParseError
              ? parseTrouble(error)
              : text_en.exceptionWhileParsingArguments.call(this, error, color);
          return `${NAME}: ${text}\nsee ${NAME} COMMAND --help`;
        },
        noCommandRegisteredForInput(args) {
          return `${NAME}: ${text_en.noCommandRegisteredForInput(args)}\nsee ${NAME} --help`;
        },
        exceptionWhileRunningCommand: (error) =>
          `${NAME}: ${error instanceof Error ? error.message : String(error)}`,
      },
    },
    determineExitCode: (error) => (error instanceof UsageError ? EXIT.usage : EXIT.failed),
  });
}

/** Flags whose values may hold a password: they are not quoted. */
const SECRET = ["redis", "token", "url"];

function parseTrouble({ externalFlagNameOrPlaceholder: name, input, exception }: ArgumentParseError): string {
  const quoted = SECRET.includes(name) ? "" : `, not "${input}"`;
  return `${name} ${exception instanceof Error ? exception.message : String(exception)}${quoted}`;
}
