import { type CliContext, UsageError } from "./context.ts";
import { respUrl, variable } from "./flags.ts";

/** The Redis of `--redis`, else of the environment. Throws UsageError when neither names one. */
export function writableUrl(flag: string | undefined, { process: { env } }: CliContext): string {
  const url = flag ?? variable(env, ["REDIS_URL"], respUrl);
  if (url !== undefined) return url;
  throw new UsageError("this command writes to Redis: name it with --redis redis://…, or set REDIS_URL");
}
