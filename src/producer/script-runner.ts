/** What a script is given beside its keys. */
export type ScriptArgument = string | Uint8Array;

/** All that this room asks of a Redis, over whatever it is reached: one script, run atomically, bytes exact. */
export interface ScriptRunner {
  /**
   * Runs a Lua script made by `script` (scripts.ts) and returns its reply, integers as numbers and strings as text.
   * Tries once. Rejects with RedisFault.
   */
  runScript(lua: string, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown>;
}

/** A script that did not succeed. */
export class RedisFault extends Error {
  override readonly name = "RedisFault";
  /** Later it may succeed; whether it has run already is not known. Otherwise it was refused. */
  readonly passing: boolean;

  constructor(passing: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.passing = passing;
  }
}

/** Refusals that end by themselves: a restart, a failover, a full memory that trimming empties. */
const PASSING = new Set(["LOADING", "BUSY", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "OOM"]);
/** Enough for what Redis says; the rest could quote arguments. */
const MAX_REASON_LENGTH = 200;

/**
 * What went wrong, from the error's text. An error of Redis itself begins with a code in capitals, which no error of
 * a connection does.
 */
export function faultOf(reason: string, cause?: unknown): RedisFault {
  const code = /^[A-Z]{2,}(?=[ :]|$)/.exec(reason)?.[0];
  return new RedisFault(code === undefined || PASSING.has(code), reason.slice(0, MAX_REASON_LENGTH), {
    cause,
  });
}

/** Arguments as scripts.ts unpacks them: their lengths, and all of them in one piece. */
export function packArguments(args: readonly ScriptArgument[]): { lengths: string; body: Uint8Array } {
  const parts = args.map((arg) => (typeof arg === "string" ? new TextEncoder().encode(arg) : arg));
  const body = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return { lengths: parts.map((part) => part.length).join(","), body };
}
