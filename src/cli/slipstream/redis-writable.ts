import { CommandError } from "../command-error.ts";
import { type CliContext, UsageError } from "./context.ts";
import { respUrl } from "./flags.ts";

/** The Redis of `--redis`, else of the environment. Throws UsageError when neither names one. */
export function writableUrl(flag: string | undefined, { process: { env } }: CliContext): string {
  if (flag !== undefined) return flag;
  if (!env.REDIS_URL) {
    throw new UsageError("this command writes to Redis: name it with --redis redis://…, or set REDIS_URL");
  }
  try {
    return respUrl(env.REDIS_URL);
  } catch (error) {
    throw new CommandError(`REDIS_URL ${(error as Error).message}`);
  }
}
