import type { Viewer } from "./viewer.ts";

/** Viewers that have no room for more of what piled up are waited for this long at most, for each part of it. */
const LONGEST_WAIT_MS = 1_000;
const CHECK_MS = 25;

export interface RoomDeps {
  readonly now: () => number;
  /** Bytes that wait for one viewer. */
  readonly unsentBytes: (viewer: Viewer) => number;
  /** Above this a viewer, or all of them together, have no room. */
  readonly viewerBytes: number;
  readonly totalBytes: number;
}

/**
 * Lets what piled up go out no faster than viewers take it, so that nobody is closed for what it could not have
 * had any sooner. Who takes nothing during a whole wait is not waited for again until it does: it may never.
 */
export class Room {
  readonly #deps: RoomDeps;
  /** What waited for each viewer when the wait began. */
  readonly #atFirst = new Map<Viewer, number>();
  readonly #stalled = new Set<Viewer>();
  #sentAtMs: number | null = null;

  constructor(deps: RoomDeps) {
    this.#deps = deps;
  }

  /** No next part before this time, when the last one was sent at `sentAtMs`; 0 for at once. */
  nextMs(viewers: ReadonlySet<Viewer>, sentAtMs: number): number {
    if (this.#sentAtMs !== sentAtMs) this.#begin(viewers, sentAtMs);
    const nowMs = this.#deps.now();
    const overMs = sentAtMs + LONGEST_WAIT_MS;
    let total = 0;
    let pressed = false;
    for (const viewer of viewers) {
      const bytes = this.#deps.unsentBytes(viewer);
      const takes = bytes < (this.#atFirst.get(viewer) ?? 0);
      if (takes) this.#stalled.delete(viewer);
      else if (nowMs >= overMs && bytes > 0) this.#stalled.add(viewer);
      if (this.#stalled.has(viewer)) continue;
      total += bytes;
      pressed ||= bytes > this.#deps.viewerBytes;
    }
    if (!pressed && total <= this.#deps.totalBytes) return 0;
    return Math.min(overMs, nowMs + CHECK_MS);
  }

  forget(viewer: Viewer): void {
    this.#atFirst.delete(viewer);
    this.#stalled.delete(viewer);
  }

  #begin(viewers: ReadonlySet<Viewer>, sentAtMs: number): void {
    this.#sentAtMs = sentAtMs;
    this.#atFirst.clear();
    for (const viewer of viewers) this.#atFirst.set(viewer, this.#deps.unsentBytes(viewer));
  }
}
