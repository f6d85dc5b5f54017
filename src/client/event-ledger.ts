import type { EventItem } from "../wire/samples.ts";

/** Events remembered; of more the oldest are forgotten, and none as old is let through again. */
const CAPACITY = 10_000;

interface Entry {
  readonly timeNs: bigint;
  /** How often it happened: the most that one connection has told. */
  times: number;
  /** How often the present connection has told it. */
  told: number;
}

/**
 * Counts events. The same event may occur more than once at one instant, and a new connection tells again what an
 * earlier one told: so connections are counted apart, and the largest count holds.
 */
export class EventLedger {
  #entries = new Map<string, Entry>();
  #horizonNs: bigint | null = null;

  /** From now on another source tells: a new connection, or history. */
  restart(): void {
    for (const entry of this.#entries.values()) entry.told = 0;
  }

  /** True when the event has not been counted yet. */
  isNew({ definitionId, appName, timeNs, statusText, values }: EventItem): boolean {
    if (this.#horizonNs !== null && timeNs <= this.#horizonNs) return false;
    const key = JSON.stringify([definitionId, appName, String(timeNs), statusText, ...values]);
    const entry = this.#entries.get(key) ?? { timeNs, times: 0, told: 0 };
    entry.told++;
    this.#entries.set(key, entry);
    if (this.#entries.size > 2 * CAPACITY) this.#forget();
    if (entry.told <= entry.times) return false;
    entry.times = entry.told;
    return true;
  }

  #forget(): void {
    const newestFirst = [...this.#entries].sort(([, a], [, b]) => (a.timeNs < b.timeNs ? 1 : -1));
    this.#horizonNs = newestFirst[CAPACITY]![1].timeNs;
    const kept = newestFirst.filter(([, { timeNs }]) => timeNs > this.#horizonNs!);
    this.#entries = new Map(kept);
  }
}
