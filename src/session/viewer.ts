import type { KeptAudit } from "./audit.ts";
import type { BackfillJob, JobProgress } from "./backfill-job.ts";
import type { Group } from "./group.ts";
import type { Outbox } from "./outbox.ts";
import type { Socket } from "./ports.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { SourcePosition } from "./source.ts";

/** `joining` until the first message went out. */
export type ViewerState = "joining" | "live";

/** One connected WebSocket. */
export interface Viewer {
  readonly id: string;
  readonly socket: Socket;
  readonly joinedAtMs: number;
  /** When its token does, and its stay with it; may be infinite. */
  readonly expiresAtMs: number;
  state: ViewerState;
  group: Group;
  /** History that is still owed. */
  readonly jobs: Set<BackfillJob>;
  /** Our clock, when the last of it had been sent. */
  backfilledAtMs: number;
  readonly requests: RateLimit;
  /** Sent and, by a cautious guess, not yet on its way: for sockets that do not tell. */
  readonly unsent: { bytes: number; atMs: number };
  /** What its socket had no room for. */
  readonly outbox: Outbox;
  /** What waits for it at most: what waited when that was last asked, and all that was sent since. */
  mostUnsentBytes: number;
}

/** How far a session has been delivered, and by what its stream is known. */
export interface Position extends SourcePosition {
  readonly audit: KeptAudit;
}

/** What is kept with a viewer's socket through hibernation. */
export interface KeptViewer {
  readonly version: 3;
  readonly id: string;
  readonly joinedAtMs: number;
  readonly expiresAtMs: number;
  readonly state: ViewerState;
  /** Encoded subscription; null when it is too large to be kept here and is in storage. */
  readonly subscription: Uint8Array | null;
  readonly jobs: readonly JobProgress[];
  /** How far the session had been delivered when this was kept; the latest of all viewers counts. */
  readonly position: Position | null;
}

/** However long late data keeps coming, viewers of a closed session are let go after this. */
const LONGEST_LINGER_MS = 60_000;

/** Until when a viewer of a closed session stays: for late data, and for all the history that it is owed. */
export function staysUntilMs(
  { jobs, joinedAtMs, backfilledAtMs }: Viewer,
  closedAtMs: number,
  lastDataMs: number,
  lingerMs: number,
): number {
  if (jobs.size > 0) return Number.POSITIVE_INFINITY;
  const sinceMs = Math.max(closedAtMs, joinedAtMs, backfilledAtMs);
  return Math.min(Math.max(sinceMs, lastDataMs) + lingerMs, sinceMs + LONGEST_LINGER_MS);
}
