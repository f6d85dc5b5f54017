import type { SubscriptionRequest } from "../wire/request-encoder.ts";
import type { Catalogue } from "./catalogue.ts";
import { FrameReader } from "./frame.ts";
import { History } from "./history.ts";
import { Intake } from "./intake.ts";
import { Metadata } from "./metadata.ts";
import type { FollowOptions, Subscription } from "./options.ts";
import type { Rest } from "./rest.ts";
import type { Store } from "./store.ts";
import type { Teller } from "./teller.ts";
import { Wanted } from "./wanted.ts";

/** What the content of a session needs of its connection. */
export interface FeedLink {
  nowMs(): number;
  /** Widens the subscription of the connection, if there is one. */
  send(request: SubscriptionRequest): void;
}

/** The content of a session: what is wanted of it, and what has come. */
export class Feed {
  readonly metadata: Metadata;
  readonly #wanted = new Wanted();
  readonly #intake: Intake;
  readonly #frames: FrameReader;
  readonly #teller: Teller;
  readonly #link: FeedLink;
  readonly #reported = new Set<string>();
  readonly #store: Store | null;
  readonly #history: History | null = null;

  constructor(identity: string, rest: Rest, options: FollowOptions, teller: Teller, link: FeedLink) {
    this.#teller = teller;
    this.#link = link;
    this.metadata = new Metadata(identity, rest, {
      session: (session) => teller.tell("session", session),
      catalogue: (catalogue) => this.#takeCatalogue(catalogue),
      problem: (problem) => teller.tell("problem", problem),
    });
    this.#intake = new Intake(this.#wanted, options.store ?? null, teller);
    this.#frames = new FrameReader(this.metadata, {
      timeRange: (range) => teller.tell("timeRange", range),
      samples: (run) => this.#intake.samples(run, link.nowMs()),
      event: (event) => this.#intake.event(event),
      problem: (problem) => teller.tell("problem", problem),
      broken: () => this.#intake.broken(),
    });
    const { store = null, history = store !== null } = options;
    this.#store = store;
    if (history) this.#history = this.#historyOf(identity, rest);
    this.#wanted.widen(options, this.metadata.catalogue);
  }

  subscribe(subscription: Subscription): void {
    const { catalogue } = this.metadata;
    const added = this.#wanted.widen(subscription, catalogue);
    this.#reportUnknown(catalogue);
    if (added !== null) this.#request(added);
  }

  /** A connection has opened; returns what to ask it for. */
  connected(): SubscriptionRequest | null {
    this.#intake.connected(this.#link.nowMs());
    return this.#wanted.request();
  }

  /** One message of the server's; null for one that is not binary. */
  take(block: Uint8Array | null): void {
    this.#frames.take(block);
  }

  /** REST has been asked for metadata: it may also have more history by now, and all of it when the session is over. */
  async askHistory(isOver = false): Promise<void> {
    await this.metadata.ready;
    await this.#askHistory();
    const channels = this.#wanted.known(this.metadata.catalogue);
    if (isOver && this.#store !== null) await this.#history?.conclude(channels);
    else await this.#history?.refill(channels);
  }

  /** The session is over: takes what REST has of it in the end, and tells the holes that are left. */
  async conclude(): Promise<void> {
    this.#intake.settle();
    await this.askHistory(true);
    this.#intake.tellHoles();
  }

  /** Once a second while connected. */
  tick(): void {
    this.#intake.tick(this.#link.nowMs());
  }

  #takeCatalogue(catalogue: Catalogue): void {
    this.#teller.tell("catalogue", catalogue);
    this.#frames.release();
    const channelIds = this.#wanted.resolve(catalogue);
    this.#reportUnknown(catalogue);
    if (channelIds.length > 0) this.#request({ channelIds, allDataChannels: false, allEvents: false });
    else void this.#askHistory();
  }

  /** Asks REST for what is wanted and has not been asked for, as far back as it will be kept. */
  async #askHistory(): Promise<void> {
    const { catalogue, session } = this.metadata;
    if (catalogue.origin !== "configuration") return;
    const retentionNs = this.#store?.retentionNs;
    const startNs =
      retentionNs === undefined || session.timeRange === null ? null : session.timeRange.endNs - retentionNs;
    await this.#history?.update(this.#wanted.known(catalogue), this.#wanted.events, startNs);
  }

  #historyOf(identity: string, rest: Rest): History {
    const problem = (message: string): void => this.#teller.tell("problem", { code: "bad-history", message });
    const reader = new FrameReader(this.metadata, {
      timeRange: () => {},
      samples: (run) => this.#intake.history(run),
      event: (event) => this.#intake.eventHistory(event),
      problem: (found) => this.#teller.tell("problem", found),
      broken: () => {},
    });
    return new History(
      {
        data: (path) => rest.data(identity, path),
        takeList: (list, kind) => reader.takeList(list, kind),
        eventsBegin: () => this.#intake.eventHistoryBegins(),
        problem,
      },
      this.#intake.coverage,
    );
  }

  #request(added: SubscriptionRequest): void {
    this.#intake.widened(this.#link.nowMs());
    this.#link.send(added);
    void this.#askHistory();
  }

  /** Names that the catalogue does not have, once each. */
  #reportUnknown(catalogue: Catalogue): void {
    if (catalogue.origin === "pending") return;
    for (const name of this.#wanted.unknown(catalogue)) {
      if (this.#reported.has(name)) continue;
      this.#reported.add(name);
      const message = `The session has no parameter ${JSON.stringify(name)}`;
      this.#teller.tell("problem", { code: "unknown-parameter", message });
    }
  }
}
