import type { Viewer } from "./viewer.ts";

/** How long Redis may be out of reach before viewers are told. */
export const OUTAGE_GRACE_MS = 60_000;
/** The same for a viewer that has not even had its first message. */
const JOIN_GRACE_MS = 10_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

/** A run of failed requests: when to try again and how long it has lasted. */
export class Outage {
  readonly #random: () => number;
  #sinceMs: number | null = null;
  #failures = 0;
  #retryMs = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** When to try again; null while all is well. */
  get retryMs(): number | null {
    return this.#sinceMs === null ? null : this.#retryMs;
  }

  /** True when this failure is the first of its run. */
  failed(nowMs: number): boolean {
    const first = this.#sinceMs === null;
    this.#sinceMs ??= nowMs;
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures++);
    // Half of it random, so that the objects of one gateway do not come back in step.
    this.#retryMs = nowMs + delay * (0.5 + this.#random() / 2);
    return first;
  }

  /** How long the run lasted that this success ends; null when there was none. */
  ended(nowMs: number): number | null {
    const since = this.#sinceMs;
    this.#sinceMs = null;
    this.#failures = 0;
    return since === null ? null : nowMs - since;
  }

  lastsMs(nowMs: number): number {
    return this.#sinceMs === null ? 0 : nowMs - this.#sinceMs;
  }

  /** Whether a viewer has been kept waiting for long enough. */
  isTooLong({ state, joinedAtMs }: Pick<Viewer, "state" | "joinedAtMs">, nowMs: number): boolean {
    const waited = state === "joining" && nowMs - joinedAtMs >= JOIN_GRACE_MS;
    return waited || this.lastsMs(nowMs) >= OUTAGE_GRACE_MS;
  }
}
