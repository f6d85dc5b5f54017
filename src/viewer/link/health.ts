import type { HealthNews } from "../engine/messages.ts";
import type { Clock } from "../time/clock.ts";
import { Recent } from "./recent.ts";

const NS_PER_MS = 1e6;
const MEMORY_MS = 10_000;
const JUMP_NS = 1.5e9;

/** How long samples take to the screen, and where. */
export class Health {
  /** Age of samples when they came in, and when they were first drawn, in ms. */
  readonly #arrivals = new Recent(MEMORY_MS);
  readonly #shown = new Recent(MEMORY_MS);
  readonly #decoding = new Recent(MEMORY_MS);
  readonly #counts = new Recent(MEMORY_MS);
  #edgeNs = Number.NaN;

  /** A run came in: its newest sample, and how many it has. Call it before the clock knows. */
  arrived(clock: Clock, newestNs: number, count: number, nowMs: number): void {
    this.#counts.add(count, nowMs);
    if (newestNs > clock.newestNs) this.#arrivals.add(clock.ageNs(newestNs, nowMs) / NS_PER_MS, nowMs);
  }

  /** A message was unpacked and merged. */
  decoded(ms: number, nowMs: number): void {
    this.#decoding.add(ms, nowMs);
  }

  /** A picture shows samples until `edgeNs`, without the broadcast delay's part. */
  drawn(clock: Clock, untilNs: number, nowMs: number): void {
    const edgeNs = untilNs + clock.delayMs * NS_PER_MS;
    const stepNs = edgeNs - this.#edgeNs;
    // Standing still shows nothing new, and a jump is history or a pause, not the rhythm of live data.
    if (stepNs > 0 && stepNs < JUMP_NS)
      this.#shown.add(clock.ageNs((edgeNs + this.#edgeNs) / 2, nowMs) / NS_PER_MS, nowMs);
    this.#edgeNs = edgeNs;
  }

  report(nowMs: number): Omit<HealthNews, "isCatchingUp" | "losses" | "bytesKept"> {
    const [shown, arrivals, decoding] = [this.#shown, this.#arrivals, this.#decoding];
    for (const recent of [shown, arrivals, decoding, this.#counts]) recent.forget(nowMs);
    const delayP50Ms = shown.percentile(0.5);
    const transportMs = arrivals.percentile(0.5);
    const decodingMs = decoding.percentile(0.5);
    return {
      delayP50Ms,
      delayP99Ms: shown.percentile(0.99),
      transportMs,
      decodingMs,
      smoothingMs: delayP50Ms - transportMs - decodingMs,
      samplesPerSecond: (this.#counts.sum() * 1000) / MEMORY_MS,
    };
  }
}
