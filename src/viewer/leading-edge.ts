/** Long enough to see the slowest of the bursts that come about ten times a second. */
const MEMORY_MS = 2_000;
/** How fast the edge may drift to a new delay: seconds per second. Faster would show as a jerk. */
const SLEW = 0.1;
/** Farther off than this is a pause or backfill, not the rhythm of the bursts: jump. */
const JUMP_S = 1.5;

/**
 * Where the right edge of the plots is. Data comes in bursts; an edge that followed the newest sample would jump.
 * This one moves with the clock, at a steady delay that is just enough for the next burst to arrive in time.
 */
export class LeadingEdge {
  #newest = Number.NaN;
  #delay = Number.NaN;
  #lastMs = Number.NaN;
  /** How far the newest sample lay behind the clock just before and just after each recent arrival. */
  #delays: { atMs: number; delay: number }[] = [];

  /** Takes note of a sample time (seconds since 1970) that arrived at `nowMs`. */
  arrived(time: number, nowMs: number): void {
    if (time <= this.#newest) return;
    const delay = nowMs / 1000 - time;
    this.#delays.push({ atMs: nowMs, delay: nowMs / 1000 - this.#newest }, { atMs: nowMs, delay });
    this.#delays = this.#delays.filter(
      (known) => nowMs - known.atMs <= MEMORY_MS && Math.abs(known.delay - delay) <= JUMP_S,
    );
    this.#newest = time;
  }

  /** Seconds since 1970 of the newest sample; NaN before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** The edge in seconds since 1970, never beyond the newest sample; NaN before the first. */
  at(nowMs: number): number {
    const target = Math.max(...this.#delays.map(({ delay }) => delay));
    const step = ((nowMs - this.#lastMs) / 1000) * SLEW;
    const off = target - this.#delay;
    this.#lastMs = nowMs;
    this.#delay =
      Math.abs(off) <= JUMP_S ? this.#delay + Math.sign(off) * Math.min(Math.abs(off), step) : target;
    return Math.min(nowMs / 1000 - this.#delay, this.#newest);
  }
}
