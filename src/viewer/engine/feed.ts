import {
  type Catalogue,
  createStore,
  type Following,
  type follow,
  type Link,
  type Parameter,
  PENDING_CATALOGUE,
  type Problem,
  type SampleRun,
  type Session,
} from "../../client/index.ts";
import { Health } from "../link/health.ts";
import { Losses } from "../link/losses.ts";
import { timedSocket } from "../link/timed-socket.ts";
import { EventLog } from "../store/event-log.ts";
import { Traces } from "../store/traces.ts";
import { Clock } from "../time/clock.ts";
import type { HealthNews } from "./messages.ts";

/** Whatever the retention says: a browser gives a tab a few GB, and what is plotted is kept converted as well. */
const MAX_STORE_BYTES = 512 * 1024 * 1024;

/** What to follow, and how much of it to keep. */
export interface FeedOptions {
  readonly baseUrl: string;
  readonly identity: string;
  readonly token: string | null;
  readonly retentionS: number;
}

/** Told at once, in the order of the stream. */
export interface FeedEvents {
  link(link: Link): void;
  session(session: Session): void;
  catalogue(catalogue: Catalogue): void;
  problem(problem: Problem): void;
}

/** A session that is followed: its samples and events as far back as they are kept, and the clock of its data. */
export class Feed {
  readonly events = new EventLog();
  readonly #options: FeedOptions;
  readonly #told: FeedEvents;
  readonly #follow: typeof follow;
  readonly #nowMs: () => number;
  readonly #store;
  readonly #health = new Health();
  readonly #losses = new Losses();
  #following: Following;
  #channels: readonly number[] = [];
  #hasSamples = false;
  catalogue: Catalogue = PENDING_CATALOGUE;
  parameters: ReadonlyMap<string, Parameter> = new Map();
  clock: Clock;
  traces: Traces;

  constructor(options: FeedOptions, told: FeedEvents, followWith: typeof follow, nowMs: () => number) {
    this.#options = options;
    this.#told = told;
    this.#follow = followWith;
    this.#nowMs = nowMs;
    this.#store = createStore({ seconds: options.retentionS, bytes: MAX_STORE_BYTES });
    this.clock = new Clock(BigInt(nowMs()) * 1_000_000n);
    this.traces = new Traces(this.#store, this.catalogue, this.clock.originNs);
    this.#following = this.#start();
  }

  /** Widens what is subscribed. */
  want(channels: readonly number[]): void {
    this.#channels = channels;
    this.#following.subscribe({ channels });
  }

  /** A picture shows samples until `untilNs`. */
  drawn(untilNs: number): void {
    this.#health.drawn(this.clock, untilNs, this.#nowMs());
  }

  health(): HealthNews {
    const losses = this.#losses.list();
    return { ...this.#health.report(this.#nowMs()), losses, bytesKept: this.#store.bytes };
  }

  close(): void {
    this.#following.close();
  }

  #start(): Following {
    const { baseUrl, identity, token } = this.#options;
    return this.#follow(baseUrl, identity, {
      events: true,
      channels: this.#channels,
      store: this.#store,
      ...(token !== null && { token }),
      ...("WebSocket" in globalThis && {
        runtime: { WebSocket: timedSocket((ms) => this.#health.decoded(ms, this.#nowMs())) as never },
      }),
      on: {
        link: (link) => this.#told.link(link),
        session: (session) => this.#told.session(session),
        catalogue: (catalogue) => this.#takeCatalogue(catalogue),
        samples: (run) => this.#takeSamples(run),
        event: (event) => this.events.add(event),
        hole: (hole) => this.#losses.add(hole, this.#nowMs()),
        problem: (problem) => this.#told.problem(problem),
      },
    });
  }

  #takeCatalogue(catalogue: Catalogue): void {
    const wasGuessed = this.catalogue.origin === "guessed";
    this.catalogue = catalogue;
    this.parameters = new Map(catalogue.parameters.map((parameter) => [parameter.id, parameter]));
    this.traces = new Traces(this.#store, catalogue, this.clock.originNs);
    this.events.restart();
    if (catalogue.origin === "guessed") {
      this.#following.subscribe({ channels: "all" });
    } else if (wasGuessed) {
      // Guessing took every channel, and a subscription cannot be narrowed: a new connection can.
      this.#following.close();
      this.#store.clear();
      this.events.clear();
      this.#channels = [];
      this.#following = this.#start();
    }
    this.#told.catalogue(catalogue);
  }

  #takeSamples(run: SampleRun): void {
    if (run.timesNs.length === 0) return;
    if (!this.#hasSamples) this.#countFrom(run.timesNs[0]!);
    let [first, newest] = [run.timesNs[0]!, run.timesNs[0]!];
    for (const timeNs of run.timesNs) {
      if (timeNs < first) first = timeNs;
      else if (timeNs > newest) newest = timeNs;
    }
    this.traces.changed(run.channel, first);
    const nowMs = this.#nowMs();
    const newestNs = this.clock.since(newest);
    this.#health.arrived(this.clock, this.clock.since(first), newestNs, run.values.length, nowMs);
    this.clock.arrived(newestNs, nowMs);
  }

  /** Counts time from the first sample on, so that numbers hold it to the nanosecond. */
  #countFrom(originNs: bigint): void {
    const { delayMs } = this.clock;
    this.#hasSamples = true;
    this.clock = new Clock(originNs);
    this.clock.delayMs = delayMs;
    this.traces = new Traces(this.#store, this.catalogue, originNs);
  }
}
