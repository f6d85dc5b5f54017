import type { EventItem } from "../wire/samples.ts";
import { timesOf } from "./column.ts";
import { SessionCoverage } from "./coverage.ts";
import { EventLedger } from "./event-ledger.ts";
import type { SampleRun } from "./samples.ts";
import type { Store } from "./store.ts";
import type { Teller } from "./teller.ts";
import type { Wanted } from "./wanted.ts";

/** History is taken to be complete when none has come for this long. */
const SETTLE_MS = 3_000;

/** What is told of samples and events, from whichever source: each once, with the holes between. */
export class Intake {
  readonly #wanted: Wanted;
  readonly #store: Store | null;
  readonly coverage: SessionCoverage;
  readonly #events = new EventLedger();
  readonly #teller: Teller;
  readonly #newestNs = new Map<number, bigint>();
  /** When history last came on this connection; null once it is complete. */
  #historyMs: number | null = null;

  constructor(wanted: Wanted, store: Store | null, teller: Teller) {
    this.#wanted = wanted;
    this.#store = store;
    this.coverage = store?.coverage ?? new SessionCoverage();
    this.#teller = teller;
  }

  /** A connection begins, or a subscription has been widened: its history will come. */
  connected(nowMs: number): void {
    this.coverage.reconnect();
    this.#events.restart("stream");
    this.#newestNs.clear();
    this.#historyMs = nowMs;
  }

  /** More has been asked for: its history will come. */
  widened(nowMs: number): void {
    this.coverage.expect();
    this.#historyMs = nowMs;
  }

  samples(run: SampleRun, nowMs: number): void {
    if (run.timesNs.length === 0 || !this.#wanted.has(run.channel)) return;
    const [firstNs, lastNs] = timesOf(run);
    this.coverage.of(run.channel).told(firstNs, lastNs);
    const newestNs = this.#newestNs.get(run.channel);
    if (newestNs === undefined || lastNs > newestNs) this.#newestNs.set(run.channel, lastNs);
    else if (this.#historyMs !== null) this.#historyMs = nowMs;
    this.#add(run);
  }

  event(event: EventItem): void {
    if (this.#wanted.events && this.#events.isNew(event, "stream")) this.#teller.tell("event", event);
  }

  /** What REST tells of samples; it says itself how far that reaches. */
  history(run: SampleRun): void {
    if (this.#wanted.has(run.channel)) this.#add(run);
  }

  /** REST begins to tell all events that it has. */
  eventHistoryBegins(): void {
    this.#events.restart("history");
  }

  eventHistory(event: EventItem): void {
    if (this.#events.isNew(event, "history")) this.#teller.tell("event", event);
  }

  /** A message could not be read. */
  broken(): void {
    this.coverage.broken();
  }

  /** Once a second while connected: history is complete when none has come for a while. */
  tick(nowMs: number): void {
    if (this.#historyMs !== null && nowMs - this.#historyMs >= SETTLE_MS) this.settle();
    this.tellHoles();
  }

  /** Nothing more is on its way. */
  settle(): void {
    this.#historyMs = null;
    this.coverage.settle();
  }

  /** Final holes that have not been told yet. */
  tellHoles(): void {
    for (const hole of this.coverage.news()) this.#teller.tell("hole", hole);
  }

  #add(run: SampleRun): void {
    const fresh = this.#store === null ? run : this.#store.add(run);
    if (fresh !== null) this.#teller.tell("samples", fresh);
  }
}
