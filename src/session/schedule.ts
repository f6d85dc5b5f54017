import type { Pacer } from "./pacer.ts";
import type { Phase } from "./phase.ts";
import type { Wake } from "./ports.ts";

/** Between the checks of a session that has been silent for long. */
const IDLE_CHECK_MS = 20_000;

/** What the time of a session's next step depends on; times are of our clock. */
export interface Circumstances {
  readonly phase: Phase;
  readonly pacer: Pacer;
  readonly polledAtMs: number;
  /** After a failure, when to try again; null while all is well. */
  readonly retryMs: number | null;
  /** Somebody waits for a step: a viewer that joins, or a doubt about the stream. */
  readonly isWanted: boolean;
  /** Silent for so long that checks by alarm will do. */
  readonly isIdle: boolean;
  /** When the first viewer of a closed session is let go. */
  readonly letGoMs: () => number;
}

/** When a session is to be stepped next. */
export function nextStep(circumstances: Circumstances): Wake {
  const { phase, pacer, polledAtMs, retryMs, isWanted, isIdle, letGoMs } = circumstances;
  if (phase.kind === "idle") return { kind: "never" };
  if (retryMs !== null) return { kind: "poll", atMs: retryMs };
  if (phase.kind === "resolving" || isWanted) return { kind: "poll", atMs: 0 };
  if (phase.kind === "ended") return { kind: "poll", atMs: Math.min(pacer.nextMs, letGoMs()) };
  const { misses, entryDueMs } = phase.follower;
  if (misses > 0) return { kind: "poll", atMs: Math.min(pacer.nextMs, entryDueMs) };
  if (isIdle) return { kind: "check", atMs: polledAtMs + IDLE_CHECK_MS };
  return { kind: "poll", atMs: pacer.nextMs };
}
