import type { Redis } from "@upstash/redis/cloudflare";

/** What a session needs from outside; the worker room adapts the platform to these. */

/** One viewer's WebSocket. */
export interface Socket {
  /** Queues a binary message; may throw when the socket is closing. */
  send(message: Uint8Array): void;
  /** Starts the close handshake; a second call does nothing. */
  close(code: number, reason: string): void;
  /** Bytes sent that are not yet on their way; null where the platform does not tell. */
  bufferedBytes(): number | null;
  /** Keeps a small value with the socket through hibernation. Costs no storage. */
  keep(value: unknown): void;
}

/** Storage of the object; writes do not delay what was sent before them. */
export interface Store {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  delete(key: string): void;
  /** Deletes everything. */
  clear(): void;
}

export type CounterName =
  | "entries_total"
  | "frames_sent_total"
  | "bytes_sent_total"
  | "redis_commands_total"
  | "redis_errors_total"
  | "entries_rejected_total"
  | "trim_gaps_total"
  | "slow_viewers_closed_total";

export interface Metrics {
  add(name: CounterName, count?: number): void;
  /** From the entry's id (the clock of Redis) to now, in ms; below zero when the clocks disagree. */
  observeDelivery(ms: number): void;
}

/** One line for operators: what happened and to which session; never a payload. */
export type Log = (event: string, details?: Readonly<Record<string, string | number>>) => void;

export interface SessionSettings {
  /** Redis key of a session entry with `{identity}` in it; without one the likely places are probed. */
  readonly keyTemplate: string | undefined;
  /** Silence after which only a check every 20 s looks for data. */
  readonly idleMs: number;
  /** How far behind the leading edge a subscription is backfilled; 0: all that the stream has. */
  readonly backScanMs: number;
  /** What a viewer may lag behind before it is closed. */
  readonly viewerQueueBytes: number;
  /** Quiet time after a closing Session JSON before viewers are let go. */
  readonly lingerMs: number;
}

export interface SessionDeps {
  readonly identity: string;
  readonly settings: SessionSettings;
  readonly redis: Redis;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly log: Log;
  /** ms since 1970. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly newId: () => string;
}

/** When a next step is wanted: `poll` needs a running timer, `check` can wait in hibernation. */
export type Wake =
  | { readonly kind: "never" }
  | { readonly kind: "poll"; readonly atMs: number }
  | { readonly kind: "check"; readonly atMs: number };

/** The same, but at `atMs` at the latest. */
export function noLaterThan(wake: Wake, atMs: number): Wake {
  return wake.kind === "never" ? wake : { ...wake, atMs: Math.min(wake.atMs, atMs) };
}

/** The same, but no poll before `atMs`. */
export function noSoonerThan(wake: Wake, atMs: number): Wake {
  return wake.kind === "poll" ? { ...wake, atMs: Math.max(wake.atMs, atMs) } : wake;
}
