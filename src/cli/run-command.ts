import type { Log } from "./child.ts";
import { CommandError } from "./command-error.ts";

/** All stopping together may take this long; what is left then is killed. The contract allows 10 s. */
const STOP_TIMEOUT_MS = 8000;

export interface CommandScope {
  /** Prints a line. Silent once the command is stopping. */
  readonly log: Log;
  /** Registers what to undo at the end: the last one first, each awaited. */
  cleanUp(stop: () => Promise<void>): void;
  /** Ends the command, as failed, when `ended` resolves while it should not. */
  endWith(ended: Promise<void>, name: string): void;
}

/**
 * Runs a command that lasts until SIGINT or SIGTERM: `start` brings its parts up, then they are left running. The
 * process exits with 0 after a signal and with 1 when `start` throws or a part ends by itself. A signal counts at
 * any time, also during `start`: children that are not registered yet die with this process (see `startChild`).
 */
export async function runCommand(start: (scope: CommandScope) => Promise<void>): Promise<void> {
  const stops: (() => Promise<void>)[] = [];
  let stopping = false;
  const end = async (exitCode: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(exitCode), STOP_TIMEOUT_MS).unref();
    for (const stop of stops.reverse()) await stop().catch(fail);
    process.exit(exitCode);
  };
  const fail = (error: unknown) =>
    console.error(`slipstream: ${error instanceof Error ? error.message : String(error)}`);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(0));
  try {
    await start({
      log(line) {
        if (!stopping) console.log(line);
      },
      cleanUp: (stop) => void stops.push(stop),
      endWith(ended, name) {
        void ended.then(() => {
          if (!stopping) fail(new CommandError(`${name} has ended by itself`));
          return end(1);
        });
      },
    });
  } catch (error) {
    if (!stopping) fail(error);
    await end(1);
  }
}
