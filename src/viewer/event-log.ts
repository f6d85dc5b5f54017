import type { EventItem } from "../client/index.ts";

/** What a list of the latest events has room for, and somewhat more for late ones. */
const CAPACITY = 200;

interface Entry {
  readonly event: EventItem;
  /** How often it happened at its instant: the most that one connection has told. */
  times: number;
  /** How often the present connection has told it. */
  told: number;
}

/**
 * The latest events, each as often as it happened. The same event may occur twice at one instant, and a new connection
 * tells again what an earlier one told: so connections are counted apart, and the largest count holds.
 */
export class EventLog {
  #entries = new Map<string, Entry>();

  /** From now on a new connection tells. */
  reconnected(): void {
    for (const entry of this.#entries.values()) entry.told = 0;
  }

  add(event: EventItem): void {
    const { definitionId, appName, timeNs, statusText, values } = event;
    const key = JSON.stringify([definitionId, appName, String(timeNs), statusText, ...values]);
    const entry = this.#entries.get(key) ?? { event, times: 0, told: 0 };
    entry.told++;
    entry.times = Math.max(entry.times, entry.told);
    this.#entries.set(key, entry);
    if (this.#entries.size > 2 * CAPACITY) {
      this.#entries = new Map([...this.#entries].sort(([, a], [, b]) => byTime(a, b)).slice(0, CAPACITY));
    }
  }

  /** The newest events first. */
  latest(count: number): EventItem[] {
    return [...this.#entries.values()]
      .sort(byTime)
      .slice(0, count)
      .flatMap(({ event, times }) => Array<EventItem>(times).fill(event))
      .slice(0, count);
  }
}

function byTime(a: Entry, b: Entry): number {
  return a.event.timeNs < b.event.timeNs ? 1 : -1;
}
