import type { CommandContext } from "@stricli/core";
import { CommandError } from "../command-error.ts";

/** What a command has to do with: the process around it, and when to stop. */
export interface CliContext extends CommandContext {
  readonly process: NodeJS.Process;
  /** Aborted by Ctrl+C, SIGTERM, SIGHUP, and when nobody reads standard output any more. */
  readonly stop: AbortSignal;
}

/** Exit codes: 0 done, 1 failed, 2 wrong usage. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Arguments that are right one by one and wrong together: exit code 2. */
export class UsageError extends CommandError {}

/** Writes a line to standard output; resolves when there is room for the next. */
export async function print(context: CliContext, line: string): Promise<void> {
  const { stdout } = context.process;
  if (stdout.write(`${line}\n`) || context.stop.aborted) return;
  await new Promise<void>((resolve) => {
    stdout.once("drain", resolve);
    context.stop.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Writes a line for the person, beside the results. */
export function note(context: CliContext, line: string): void {
  context.process.stderr.write(`${line}\n`);
}

/** Resolves after `ms`, or as soon as the command is to stop. */
export function pause(context: CliContext, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (context.stop.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      context.stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    context.stop.addEventListener("abort", end, { once: true });
  });
}
