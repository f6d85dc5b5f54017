import type { Engine } from "../engine/engine.ts";
import type { EventLine } from "../engine/messages.ts";
import { Told } from "../engine/told.ts";

/** Enough for some hours of gear changes; of more the oldest go. */
const CAPACITY = 20_000;

/** The events that may be seen, in order of time. */
export class EventStore extends Told<{ readonly events: readonly EventLine[] }> {
  #events: EventLine[] = [];

  constructor(engine: Engine) {
    super();
    this.tell("events", this.#events);
    engine.on("events", ({ isFresh, added }) => {
      if (isFresh) this.#events = [];
      if (added.length === 0 && !isFresh) return;
      const last = this.#events.at(-1)?.timeNs ?? 0n;
      this.#events.push(...added);
      if (added.some(({ timeNs }, index) => timeNs < (added[index - 1]?.timeNs ?? last)))
        this.#events.sort(byTime);
      if (this.#events.length > CAPACITY) this.#events.splice(0, this.#events.length - CAPACITY);
      this.tell("events", this.#events);
    });
  }

  get all(): readonly EventLine[] {
    return this.#events;
  }

  /** The first event after an instant, or the last before it; undefined without one. */
  neighbour(timeNs: bigint, direction: 1 | -1): EventLine | undefined {
    const at = this.indexAfter(timeNs);
    if (direction === 1) return this.#events[at];
    let before = at - 1;
    while (this.#events[before]?.timeNs === timeNs) before--;
    return this.#events[before];
  }

  /** Index of the first event after an instant. */
  indexAfter(timeNs: bigint): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle] as EventLine).timeNs <= timeNs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function byTime(a: EventLine, b: EventLine): number {
  if (a.timeNs === b.timeNs) return a.key - b.key;
  return a.timeNs < b.timeNs ? -1 : 1;
}
