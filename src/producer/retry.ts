import { RedisFault } from "./script-runner.ts";

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

export interface Patience {
  /** How long passing faults are met with another attempt, ms; 0: never, Infinity: for ever. */
  retryForMs: number;
  /** Ends the trying: the fault of the last attempt, or the next, counts. */
  signal?: AbortSignal | undefined;
  /** Told of each fault that another attempt follows. */
  onRetry?: ((fault: RedisFault) => void) | undefined;
}

/** Tries until it succeeds, is refused, or patience ends. What is tried must be the same when done twice. */
export async function persist<T>(
  attempt: () => Promise<T>,
  { retryForMs, signal, onRetry }: Patience,
): Promise<T> {
  const start = performance.now();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await unlessGivenUp(attempt(), signal);
    } catch (error) {
      const isOver = performance.now() - start + pauseMs > retryForMs || signal?.aborted;
      if (!(error instanceof RedisFault && error.passing) || isOver) throw error;
      onRetry?.(error);
      // Half of it random: producers that lost the same Redis do not come back as one.
      await pause(pauseMs * (0.5 + Math.random() / 2), signal);
    }
  }
}

/** An attempt may take long to fail; who gives up does not wait for it. */
async function unlessGivenUp<T>(attempt: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  let giveUp = (): void => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = () => reject(new RedisFault(true, "no answer until it was given up"));
  });
  signal?.addEventListener("abort", giveUp);
  try {
    return await Promise.race([attempt, givenUp]);
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}

/** Resolves after that time, or when the signal comes. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted) done();
    signal?.addEventListener("abort", done);
  });
}
