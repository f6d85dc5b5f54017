import { type Catalogue, type EventItem, eventText } from "../client/index.ts";
import { byId, element } from "./dom.ts";
import { EventLog } from "./event-log.ts";
import { exactTimeText } from "./time-text.ts";

const SHOWN = 50;

/** The list of the latest events. */
export class EventList {
  readonly #list = byId("events", HTMLOListElement);
  readonly #note = byId("events-note", HTMLElement);
  readonly #log = new EventLog();
  #isDrawn = true;

  reconnected(): void {
    this.#log.reconnected();
  }

  add(event: EventItem): void {
    this.#log.add(event);
    this.#isDrawn = false;
  }

  /** Shows what has been added since. */
  draw(catalogue: Catalogue): void {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    this.#note.hidden = true;
    this.#list.replaceChildren(...this.#log.latest(SHOWN).map((event) => eventItem(event, catalogue)));
  }
}

function eventItem(event: EventItem, catalogue: Catalogue): HTMLLIElement {
  const { title, detail, priority } = eventText(event, catalogue);
  return element(
    "li",
    { "data-priority": priority },
    element("time", {}, exactTimeText(event.timeNs)),
    element("span", { class: "event-title" }, title),
    element("span", { class: "muted" }, detail),
  );
}
