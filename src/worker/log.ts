import type { Log } from "../session/ports.ts";
import { RateLimit } from "../session/rate-limit.ts";

/** Lines of one event: a fault that lasts is seen to begin, and then to go on. */
const RATE = { burst: 10, perSecond: 0.1 };

/**
 * Prints one JSON line for each event: what happened, never a payload, a token or a stack trace. What happens again and
 * again is sampled; `leftOut` says how many lines of the event did not come since the last one. `now` is in ms.
 */
export function createLog(print: (line: string) => void, now: () => number): Log {
  const events = new Map<string, { readonly limit: RateLimit; leftOut: number }>();
  return (event, details = {}) => {
    const state = events.get(event) ?? { limit: new RateLimit(RATE), leftOut: 0 };
    events.set(event, state);
    if (!state.limit.allows(now())) {
      state.leftOut++;
      return;
    }
    print(JSON.stringify({ event, ...details, ...(state.leftOut > 0 && { leftOut: state.leftOut }) }));
    state.leftOut = 0;
  };
}

/** A log that samples for itself. */
export const newLog = (): Log => createLog((line) => console.log(line), Date.now);

/** The one of this isolate. */
export const log = newLog();
