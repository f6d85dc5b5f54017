import { BurstError } from "../wire/burst.ts";
import { ProducerError } from "./errors.ts";
import { RedisFault } from "./script-runner.ts";

/** Does it, and throws whatever goes wrong as ProducerError, with the action in its message. */
export async function asProducerError<T>(action: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof ProducerError) throw error;
    const isMalformed = error instanceof BurstError;
    const isAway = error instanceof RedisFault && error.passing;
    const code = isMalformed ? "malformed-burst" : isAway ? "redis-unavailable" : "redis";
    throw new ProducerError(code, `Cannot ${action}: ${(error as Error).message}`, { cause: error });
  }
}
