import { type Catalogue, type EventItem, eventText } from "../../client/index.ts";
import type { EventLine, EventsNews } from "../engine/messages.ts";

/** A race of four hours has some ten thousand; of a flood the oldest are forgotten. */
const CAPACITY = 20_000;

/** The events of the session, released to the page when they may be seen. */
export class EventLog {
  #events: EventItem[] = [];
  #pending: EventItem[] = [];
  #keys = 0;
  #isFresh = true;

  add(event: EventItem): void {
    this.#events.push(event);
    this.#pending.push(event);
    if (this.#events.length > 2 * CAPACITY) this.#forget();
  }

  clear(): void {
    this.#events = [];
    this.restart();
  }

  /** All that was released is taken back: the broadcast delay or the catalogue has changed. */
  restart(): void {
    this.#isFresh = true;
    this.#pending = [...this.#events];
  }

  /** What may be seen now and could not before; null when there is nothing new. */
  release(untilNs: bigint, catalogue: Catalogue): EventsNews | null {
    const due = this.#pending.filter(({ timeNs }) => timeNs <= untilNs);
    if (due.length === 0 && !this.#isFresh) return null;
    const news = { isFresh: this.#isFresh, added: due.map((event) => this.#line(event, catalogue)) };
    this.#pending = this.#pending.filter(({ timeNs }) => timeNs > untilNs);
    this.#isFresh = false;
    return news;
  }

  #line(event: EventItem, catalogue: Catalogue): EventLine {
    const { definitionId, appName, timeNs, values } = event;
    const key = this.#keys++;
    return { ...eventText(event, catalogue), key, timeNs, definitionId, app: appName, values: [...values] };
  }

  #forget(): void {
    this.#events.sort((a, b) => (a.timeNs < b.timeNs ? 1 : -1)).splice(CAPACITY);
    const kept = new Set(this.#events);
    this.#pending = this.#pending.filter((event) => kept.has(event));
  }
}
