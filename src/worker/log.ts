import type { Log } from "../session/ports.ts";

/** One JSON line: what happened, never a payload, a token or a stack trace. */
export const log: Log = (event, details = {}) => {
  console.log(JSON.stringify({ event, ...details }));
};
