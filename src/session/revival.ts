import type { Backfill } from "./backfill.ts";
import { Follower } from "./follower.ts";
import type { Keeper } from "./keeper.ts";
import type { Metadata } from "./metadata.ts";
import type { Phase } from "./phase.ts";
import type { SessionDeps, Socket } from "./ports.ts";
import type { Roster } from "./roster.ts";
import type { KeptViewer, Viewer } from "./viewer.ts";

/** A socket that outlived the object, with what it kept; null when that is nothing, or of another version. */
export interface KeptSocket {
  readonly socket: Socket;
  readonly kept: KeptViewer | null;
}

/** The parts of a session that take up what outlived hibernation. */
export interface Parts {
  readonly deps: SessionDeps;
  readonly roster: Roster;
  readonly keeper: Keeper;
  readonly backfill: Backfill;
  readonly metadata: Metadata;
}

export interface Revival {
  /** Null for a socket that was turned away. */
  readonly viewers: readonly (Viewer | null)[];
  readonly phase: Phase;
  /** Our clock, when data last came; null when that was not kept. */
  readonly lastDataMs: number | null;
}

/** Takes up what outlived hibernation: the sockets, and what storage and sockets kept. */
export function revive(
  { deps, roster, keeper, backfill, metadata }: Parts,
  sockets: readonly KeptSocket[],
): Revival {
  const viewers = sockets.map(({ socket, kept }) =>
    kept ? roster.restore(socket, kept) : roster.join(socket),
  );
  const stored = keeper.load();
  if (roster.size === 0) {
    // The last viewer may have left while the object was away.
    if (stored) keeper.forget();
    return { viewers, phase: { kind: "idle" }, lastDataMs: null };
  }
  if (!stored) return { viewers, phase: { kind: "resolving" }, lastDataMs: null };
  const { range, known, closedAtMs, lastDataMs, follower: kept } = stored.snapshot;
  const positions = sockets.flatMap((each) => each.kept?.position ?? []);
  const follower = Follower.restore(deps, kept, positions, deps.now());
  for (const [i, { kept }] of sockets.entries()) {
    if (viewers[i] && kept) backfill.restore(viewers[i], kept.jobs);
  }
  metadata.restore(stored.json, known);
  metadata.widen(range);
  roster.carry(follower.position);
  const phase = closedAtMs === null ? { kind: "live", follower } : { kind: "ended", follower, closedAtMs };
  return { viewers, phase: phase as Phase, lastDataMs };
}
