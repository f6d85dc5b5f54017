import { LeadingEdge } from "./leading-edge.ts";

const NS_PER_MS = 1e6;

/**
 * The one clock that everything passes that shows data: nothing later than `shownUntil` may be seen. That is the
 * leading edge, which moves evenly, less the broadcast delay. Times are ns after the session's origin.
 */
export class Clock {
  readonly originNs: bigint;
  readonly #edge = new LeadingEdge();
  delayMs = 0;

  constructor(originNs: bigint) {
    this.originNs = originNs;
  }

  /** Takes note of a sample time that arrived when this device's clock said `nowMs`. */
  arrived(timeNs: number, nowMs: number): void {
    this.#edge.arrived(timeNs, this.#since(nowMs));
  }

  /** The newest sample of all; NaN before the first. */
  get newestNs(): number {
    return this.#edge.newest;
  }

  /** NaN before the first sample. */
  shownUntil(nowMs: number): number {
    return this.#edge.at(this.#since(nowMs), this.delayMs * NS_PER_MS);
  }

  /** How old a time is by this device's clock. */
  ageNs(timeNs: number, nowMs: number): number {
    return this.#since(nowMs) - timeNs;
  }

  at(timeNs: number): bigint {
    return this.originNs + BigInt(Math.round(timeNs));
  }

  since(ns: bigint): number {
    return Number(ns - this.originNs);
  }

  #since(nowMs: number): number {
    return Number(BigInt(Math.round(nowMs)) * 1_000_000n - this.originNs);
  }
}
