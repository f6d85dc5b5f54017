import { element, setText } from "../dom.ts";
import type { EventLine } from "../engine/messages.ts";
import { timeText } from "../time/time-text.ts";
import { goTo } from "./actions.ts";
import type { EventStore } from "./event-store.ts";
import { RowList } from "./row-list.ts";
import { ROW_PX } from "./sizes.ts";
import type { Workstation } from "./workstation.ts";

/** What priorities look like beside their colour. */
export const PRIORITY_SIGNS: Readonly<Record<string, string>> = {
  high: "▲",
  medium: "◆",
  low: "•",
  debug: "·",
};

/** The events, newest first: choosing one takes the cursor there. */
export class EventList {
  readonly root: HTMLElement;
  readonly #filter = element("input", {
    type: "search",
    placeholder: "Search events",
    "aria-label": "Search events",
    autocomplete: "off",
    spellcheck: "false",
  });
  readonly #count = element("span", { class: "muted", role: "status" });
  readonly #list: RowList<EventLine, EventRow>;
  readonly #store: EventStore;
  #isStale = true;

  constructor(station: Workstation, store: EventStore) {
    this.#store = store;
    this.#list = new RowList("event", "Events, newest first", ROW_PX, {
      make: () => new EventRow(),
      fill: (row, event) => row.show(event),
    });
    this.#list.chosen = ({ timeNs }) => goTo(station, timeNs);
    this.#filter.addEventListener("input", () => this.draw(true));
    const search = element("div", { class: "search" }, this.#filter, this.#count);
    this.root = element("section", { class: "event-panel" }, search, this.#list.root);
    store.on("events", () => {
      this.#isStale = true;
      this.draw(false);
    });
  }

  /** Brings the list up to date, if it is seen. */
  draw(isForced: boolean): void {
    if (this.root.hidden || !(this.#isStale || isForced)) return;
    this.#isStale = false;
    const words = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const all = this.#store.all;
    const holdsWords = ({ title, detail, priority }: EventLine) => {
      const text = `${title} ${detail} ${priority}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    const found = words.length === 0 ? all : all.filter(holdsWords);
    const total = all.length;
    setText(this.#count, found.length === total ? `${total}` : `${found.length} of ${total}`);
    if (isForced) this.#list.show(found.toReversed());
    else this.#list.showWithNew(found.toReversed());
  }
}

/** One event: when, how important, what. */
class EventRow extends HTMLElement {
  readonly #time = element("time", {});
  readonly #sign = element("span", { class: "event-sign", "aria-hidden": "true" });
  readonly #title = element("span", { class: "event-title" });
  readonly #detail = element("span", { class: "muted event-detail" });

  connectedCallback(): void {
    this.classList.add("row", "event");
    this.append(this.#time, this.#sign, this.#title, this.#detail);
  }

  show({ timeNs, title, detail, priority }: EventLine): void {
    this.dataset.priority = priority;
    this.title = [timeText(timeNs, 9), title, detail, priority && `priority ${priority}`]
      .filter(Boolean)
      .join(" · ");
    setText(this.#time, timeText(timeNs, 3));
    setText(this.#sign, PRIORITY_SIGNS[priority] ?? "·");
    setText(this.#title, title);
    setText(this.#detail, detail);
  }
}

customElements.define("event-row", EventRow);
