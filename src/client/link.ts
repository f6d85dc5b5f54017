/** Why a session cannot be followed at the moment, or why following has ended. */
export type LinkCause =
  /** No WebSocket came about: server down, network away, or an upgrade refused. */
  | "unreachable"
  /** The server has nothing to stream for this session. */
  | "not-available"
  /** REST does not know the session. */
  | "no-such-session"
  /** REST knows the session; it has not been opened yet. */
  | "not-open"
  /** The connection broke. */
  | "dropped"
  /** The server is going down or restarting in an orderly way. */
  | "restarting"
  /** The server has too many viewers, or this one was too slow. */
  | "overloaded"
  /** The server failed inside; most often it cannot reach Redis. */
  | "server-error"
  /** A token is missing, expired or insufficient. */
  | "refused"
  /** This browser or runtime has no WebSocket. */
  | "no-websocket"
  /** The session is closed; there is nothing more to come. */
  | "ended"
  /** `close` was called. */
  | "by-client";

/** The connection as people should see it. Times are milliseconds of the clock in `Runtime`. */
export type Link =
  | { readonly state: "connecting" }
  | { readonly state: "live" }
  /** Connected, but nothing has arrived since `sinceMs`. */
  | { readonly state: "stale"; readonly sinceMs: number }
  /** Was live, broke, will be tried again at `retryAtMs`. */
  | { readonly state: "reconnecting"; readonly cause: LinkCause; readonly retryAtMs: number }
  /** Has not become live, will be tried again at `retryAtMs`. */
  | { readonly state: "unavailable"; readonly cause: LinkCause; readonly retryAtMs: number }
  /** Final: nothing will be tried. */
  | { readonly state: "closed"; readonly cause: LinkCause };

/** WebSocket close codes of the Stream Service; any other is a broken connection. */
const CAUSE_OF_CODE: Readonly<Record<number, LinkCause>> = {
  1000: "not-available",
  1001: "restarting",
  1008: "refused",
  1011: "server-error",
  1012: "restarting",
  1013: "overloaded",
};

/** What a close code means; `opened` tells whether the handshake had succeeded. */
export function causeOfClose(code: number, opened: boolean): LinkCause {
  return CAUSE_OF_CODE[code] ?? (opened ? "dropped" : "unreachable");
}
