import type { EventItem } from "../wire/samples.ts";

/** Events remembered; of more the oldest are forgotten, and none as old is let through again. */
const CAPACITY = 10_000;

interface Entry {
  readonly timeNs: bigint;
  /** How often it happened: the most that one source has told. */
  times: number;
  /** How often each source has told it; of the stream, the present connection. */
  readonly told: Record<EventSource, number>;
}

export type EventSource = "stream" | "history";

/**
 * Counts events. The same event may occur more than once at one instant, and a new connection, or history, tells again
 * what another told: so sources are counted apart, and the largest count holds.
 */
export class EventLedger {
  #entries = new Map<string, Entry>();
  #horizonNs: bigint | null = null;

  /** The source begins anew, and may tell what it has told before. */
  restart(source: EventSource): void {
    for (const { told } of this.#entries.values()) told[source] = 0;
  }

  /** True when the event has not been counted yet. */
  isNew({ definitionId, appName, timeNs, statusText, values }: EventItem, source: EventSource): boolean {
    if (this.#horizonNs !== null && timeNs <= this.#horizonNs) return false;
    const key = JSON.stringify([definitionId, appName, String(timeNs), statusText, ...values]);
    const entry = this.#entries.get(key) ?? { timeNs, times: 0, told: { stream: 0, history: 0 } };
    const told = ++entry.told[source];
    this.#entries.set(key, entry);
    if (this.#entries.size > 2 * CAPACITY) this.#forget();
    if (told <= entry.times) return false;
    entry.times = told;
    return true;
  }

  #forget(): void {
    const newestFirst = [...this.#entries].sort(([, a], [, b]) => (a.timeNs < b.timeNs ? 1 : -1));
    this.#horizonNs = newestFirst[CAPACITY]![1].timeNs;
    const kept = newestFirst.filter(([, { timeNs }]) => timeNs > this.#horizonNs!);
    this.#entries = new Map(kept);
  }
}
