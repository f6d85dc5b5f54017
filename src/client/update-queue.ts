import { ClientError } from "./errors.ts";
import { type Dropped, type Update, type Updates, updateOf } from "./updates.ts";

/** Samples and events that wait for a slow loop: some 16 MB. */
const MAX_WAITING = 1_000_000;
/** Of these only the latest is of use: one that waits is replaced. */
const STATES: ReadonlySet<keyof Updates> = new Set(["link", "session", "timeRange", "catalogue"]);

/**
 * What a loop over the session has not taken yet. A WebSocket cannot be told to wait; so states coalesce, and when too
 * many samples wait the oldest are dropped, and counted in an update of its own.
 */
export class UpdateQueue implements AsyncIterator<Update, undefined> {
  readonly #onLeave: () => void;
  #waiting: Update[] = [];
  #weight = 0;
  #dropped: Dropped = { samples: 0, events: 0 };
  #isEnded = false;
  #wake: (() => void) | null = null;

  constructor(onLeave: () => void) {
    this.#onLeave = onLeave;
  }

  push(update: Update): void {
    if (this.#isEnded) return;
    const at = STATES.has(update.kind) ? this.#waiting.findIndex(({ kind }) => kind === update.kind) : -1;
    if (at >= 0) this.#waiting.splice(at, 1);
    this.#waiting.push(update);
    this.#weight += weightOf(update);
    if (this.#weight > MAX_WAITING) this.#drop();
    this.#wake?.();
  }

  /** Nothing more will come; what waits is still taken. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<Update, undefined>> {
    for (;;) {
      if (this.#dropped.samples + this.#dropped.events > 0) {
        const dropped = this.#dropped;
        this.#dropped = { samples: 0, events: 0 };
        return { done: false, value: updateOf("dropped", dropped) };
      }
      const value = this.#waiting.shift();
      if (value !== undefined) {
        this.#weight -= weightOf(value);
        return { done: false, value };
      }
      if (this.#isEnded) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }

  /** Leaving the loop ends following. */
  return(): Promise<IteratorResult<Update, undefined>> {
    this.#waiting = [];
    this.#onLeave();
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Makes room for a while: half of what waits goes, states excepted. */
  #drop(): void {
    let { samples, events } = this.#dropped;
    this.#waiting = this.#waiting.filter((update) => {
      if (this.#weight <= MAX_WAITING / 2 || weightOf(update) === 0) return true;
      this.#weight -= weightOf(update);
      if (update.kind === "samples") samples += update.samples.timesNs.length;
      else if (update.kind === "event") events++;
      return false;
    });
    this.#dropped = { samples, events };
  }
}

/** One loop gets everything. Throws ClientError when there was one before. */
export function onlyOnce(queue: UpdateQueue | null): asserts queue is null {
  if (queue !== null) throw new ClientError("already-iterated", "A session can be looped over once");
}

function weightOf(update: Update): number {
  if (update.kind === "samples") return update.samples.timesNs.length;
  return STATES.has(update.kind) ? 0 : 1;
}
