const NS_PER_S = 1e9;
/** Long enough to see the slowest of the bursts that come about ten times a second. */
const MEMORY_NS = 2 * NS_PER_S;
/** How fast the edge may drift to a new delay: ns per ns. Faster would show as a jerk. */
const SLEW = 0.1;
/** Farther off than this is a pause or backfill, not the rhythm of the bursts: jump. */
const JUMP_NS = 1.5 * NS_PER_S;

/**
 * Where the right edge of the plots is. Data comes in bursts; an edge that followed the newest sample would jump.
 * This one moves with the clock, at a steady delay that is just enough for the next burst to arrive in time.
 * Times are ns, of samples and of this device's clock, after the same origin.
 */
export class LeadingEdge {
  #newest = Number.NaN;
  #delay = Number.NaN;
  #last = Number.NaN;
  /** How far the newest sample lay behind the clock just before and just after each recent arrival. */
  #delays: { at: number; delay: number }[] = [];

  /** Takes note of a sample time that arrived when the clock said `now`. */
  arrived(time: number, now: number): void {
    if (time <= this.#newest) return;
    const delay = now - time;
    this.#delays.push({ at: now, delay: now - this.#newest }, { at: now, delay });
    this.#delays = this.#delays.filter(
      (known) => now - known.at <= MEMORY_NS && Math.abs(known.delay - delay) <= JUMP_NS,
    );
    this.#newest = time;
  }

  /** The newest sample; NaN before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** The edge, held back on purpose by `holdBack`, never beyond the newest sample; NaN before the first. */
  at(now: number, holdBack = 0): number {
    const target = Math.max(...this.#delays.map(({ delay }) => delay));
    const step = (now - this.#last) * SLEW;
    const off = target - this.#delay;
    this.#last = now;
    this.#delay =
      Math.abs(off) <= JUMP_NS ? this.#delay + Math.sign(off) * Math.min(Math.abs(off), step) : target;
    return Math.min(now - this.#delay - holdBack, this.#newest);
  }
}
