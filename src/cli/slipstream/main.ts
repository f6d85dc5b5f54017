import { proposeCompletions, run } from "@stricli/core";
import { buildCli } from "./application.ts";
import { COMPLETE } from "./completion.ts";
import { type CliContext, EXIT } from "./context.ts";

/** A signal that comes twice at once, from the terminal and from a parent, is one wish; later it is impatience. */
const IMPATIENT_AFTER_MS = 500;

// Node 20 has none of its own.
if (globalThis.WebSocket === undefined)
  Object.assign(globalThis, { WebSocket: (await import("ws")).WebSocket });

const [first, ...rest] = process.argv.slice(2);
const application = buildCli();
const context: CliContext = { process, stop: stopSignal() };
const { stdout, stderr, env } = process;
/** The parser's view of the process: it has exit codes of its own. */
const parser = { stdout, stderr, env, exitCode: null as string | number | null };
const surroundings = { process: parser, forCommand: () => context };
if (first === COMPLETE) {
  for (const { completion, brief } of await proposeCompletions(application, rest, surroundings)) {
    process.stdout.write(`${completion}\t${brief}\n`);
  }
} else {
  await run(application, process.argv.slice(2), surroundings);
  const code = Number(parser.exitCode);
  // Below zero: what it could not read.
  if (code !== EXIT.done) process.exitCode = code < 0 ? EXIT.usage : code;
}

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let stoppedMs: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (stoppedMs !== undefined && Date.now() - stoppedMs > IMPATIENT_AFTER_MS) process.exit(EXIT.failed);
      stoppedMs ??= Date.now();
      controller.abort();
    });
  }
  // `slipstream … | head` has seen enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    controller.abort();
  });
  return controller.signal;
}
