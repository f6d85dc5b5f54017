import type { HealthNews } from "../engine/messages.ts";
import type { Clock } from "../time/clock.ts";
import { Recent } from "./recent.ts";

const NS_PER_MS = 1e6;
const MEMORY_MS = 10_000;
/** Samples this far behind the newest are history. Slow sensors are late by less. */
const BEHIND_NS = 5e9;
/** Time that passes faster than the clock by more than this is history too, told from its beginning on. */
const AHEAD_NS = 1e9;
/** History comes without longer pauses. */
const PAUSE_MS = 1_000;

/** How long samples take to the screen, and where. */
export class Health {
  /** Age of samples when they came in, and when they were first drawn, in ms. */
  readonly #arrivals = new Recent(MEMORY_MS);
  readonly #shown = new Recent(MEMORY_MS);
  readonly #decoding = new Recent(MEMORY_MS);
  readonly #counts = new Recent(MEMORY_MS);
  #edgeNs = Number.NaN;
  #liveAtMs = Number.NEGATIVE_INFINITY;
  #historyAtMs = Number.NEGATIVE_INFINITY;

  /** Samples from `firstNs` to `newestNs` came in. Call it before the clock knows. */
  arrived(clock: Clock, firstNs: number, newestNs: number, count: number, nowMs: number): void {
    this.#counts.add(count, nowMs);
    const aheadNs = newestNs - clock.newestNs;
    const isHistory = !(aheadNs > -BEHIND_NS && aheadNs < (nowMs - this.#liveAtMs) * NS_PER_MS + AHEAD_NS);
    if (isHistory || this.#liveAtMs === Number.NEGATIVE_INFINITY) this.#historyAtMs = nowMs;
    if (aheadNs > 0 || Number.isNaN(aheadNs)) this.#liveAtMs = nowMs;
    if (!this.isCatchingUp(nowMs)) {
      this.#arrivals.add(clock.ageNs((firstNs + newestNs) / 2, nowMs) / NS_PER_MS, nowMs);
    }
  }

  /** History is coming in, or what was missed. */
  isCatchingUp(nowMs: number): boolean {
    return nowMs - this.#historyAtMs < PAUSE_MS;
  }

  /** A message was unpacked and merged. */
  decoded(ms: number, nowMs: number): void {
    this.#decoding.add(ms, nowMs);
  }

  /** A picture shows samples until `untilNs`; what the broadcast delay adds does not count. */
  drawn(clock: Clock, untilNs: number, nowMs: number): void {
    const beforeNs = this.#edgeNs;
    const edgeNs = untilNs + clock.delayMs * NS_PER_MS;
    this.#edgeNs = edgeNs;
    if (this.isCatchingUp(nowMs) || !(edgeNs > beforeNs && edgeNs <= clock.newestNs)) return;
    this.#shown.add(clock.ageNs((edgeNs + beforeNs) / 2, nowMs) / NS_PER_MS, nowMs);
  }

  report(nowMs: number): Omit<HealthNews, "losses" | "bytesKept"> {
    const [shown, arrivals, decoding] = [this.#shown, this.#arrivals, this.#decoding];
    for (const recent of [shown, arrivals, decoding, this.#counts]) recent.forget(nowMs);
    const delayP50Ms = shown.percentile(0.5);
    const transportMs = arrivals.percentile(0.5);
    const decodingMs = decoding.percentile(0.5);
    return {
      isCatchingUp: this.isCatchingUp(nowMs),
      delayP50Ms,
      delayP99Ms: shown.percentile(0.99),
      transportMs,
      decodingMs,
      smoothingMs: delayP50Ms - transportMs - decodingMs,
      samplesPerSecond: (this.#counts.sum() * 1000) / MEMORY_MS,
    };
  }
}
