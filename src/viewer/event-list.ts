import { byId, element } from "./dom.ts";
import type { EventLine, EventsNews } from "./engine/messages.ts";
import { exactTimeText } from "./time/time-text.ts";

const SHOWN = 50;

/** The list of the latest events. */
export class EventList {
  readonly #list = byId("events", HTMLOListElement);
  readonly #note = byId("events-note", HTMLElement);
  #events: EventLine[] = [];

  take({ isFresh, added }: EventsNews): void {
    const all = [...(isFresh ? [] : this.#events), ...added];
    this.#events = all.sort((a, b) => (a.timeNs < b.timeNs ? 1 : -1)).slice(0, SHOWN);
    this.#note.hidden = this.#events.length > 0;
    this.#list.replaceChildren(...this.#events.map(eventItem));
  }
}

function eventItem({ title, detail, priority, timeNs }: EventLine): HTMLLIElement {
  return element(
    "li",
    { "data-priority": priority },
    element("time", {}, exactTimeText(timeNs)),
    element("span", { class: "event-title" }, title),
    element("span", { class: "muted" }, detail),
  );
}
