import { backoffMs } from "./backoff.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Connection, connect } from "./connection.ts";
import { Feed } from "./feed.ts";
import type { Following } from "./follow.ts";
import { causeOfClose, type Link, type LinkCause } from "./link.ts";
import type { Verdict } from "./metadata.ts";
import { checkSubscription, type FollowOptions, type Subscription } from "./options.ts";
import { type Rest, restAt } from "./rest.ts";
import type { Runtime } from "./runtime.ts";
import { isClosed, type Session } from "./session.ts";
import { Teller } from "./teller.ts";
import { TokenSource } from "./token.ts";
import type { UpdateQueue } from "./update-queue.ts";

/** The server speaks first and at once; a connection that stays mute this long leads nowhere. */
const JOIN_TIMEOUT_MS = 15_000;
const TICK_MS = 1_000;
/** Producers write about 10 times a second. */
const STALE_AFTER_MS = 5_000;
const HEALTHY_AFTER_MS = 30_000;
const REST_POLL_MS = 30_000;
/** How long the stream must be silent before REST alone may end it. */
const QUIET_MS = 10_000;

/** How long the end of a session may wait for what REST has of it. */
const FINISH_MS = 30_000;

type Phase =
  | { readonly kind: "asking" | "waiting" | "finishing" | "closed" }
  | { readonly kind: "joining"; readonly connection: Connection }
  | { readonly kind: "live"; readonly connection: Connection; readonly sinceMs: number };

/** Keeps one session followed: asks REST, connects, retries, and tells what comes. */
export class Follower implements Following {
  readonly ended: Promise<LinkCause>;
  readonly #baseUrl: string;
  readonly #identity: string;
  readonly #runtime: Runtime;
  readonly #teller: Teller;
  readonly #token: TokenSource;
  readonly #rest: Rest;
  readonly #feed: Feed;
  readonly #abort = new AbortController();
  #phase: Phase = { kind: "waiting" };
  #cancelTimer = (): void => {};
  #attempt = 0;
  #hasBeenLive = false;
  #isStale = false;
  /** The last attempt brought no connection about. */
  #isUnreachable = false;
  #lastMessageMs = 0;
  #lastRefreshMs = 0;

  constructor(baseUrl: string, identity: string, options: FollowOptions, runtime: Runtime) {
    this.#baseUrl = baseUrl;
    this.#identity = identity;
    this.#runtime = runtime;
    this.#token = new TokenSource(options.token);
    this.#teller = new Teller(options.on ?? {}, () => this.close());
    this.ended = this.#teller.ended;
    this.#rest = restAt(baseUrl, runtime.fetch, this.#abort.signal, () => this.#token.current);
    this.#feed = new Feed(identity, this.#rest, options, this.#teller, {
      nowMs: runtime.nowMs,
      send: (request) => {
        if ("connection" in this.#phase) this.#phase.connection.subscribe(request);
      },
    });
    options.signal?.addEventListener("abort", () => this.close(), { signal: this.#abort.signal });
    if (options.signal?.aborted) this.close();
  }

  get link(): Link {
    return this.#teller.link;
  }

  get session(): Session {
    return this.#feed.metadata.session;
  }

  get catalogue(): Catalogue {
    return this.#feed.metadata.catalogue;
  }

  start(): void {
    if (this.#phase.kind === "closed") return;
    this.#tell({ state: "connecting" });
    void this.#ask();
  }

  subscribe(subscription: Subscription): void {
    checkSubscription(subscription);
    this.#feed.subscribe(subscription);
  }

  close(): void {
    this.#end("by-client");
    this.#teller.mute();
    this.#abort.abort();
  }

  [Symbol.asyncIterator](): UpdateQueue {
    return this.#teller.queue({ session: this.session, catalogue: this.catalogue });
  }

  /** Lets REST confirm the session, then joins its stream. */
  async #ask(): Promise<void> {
    const phase = this.#enter({ kind: "asking" });
    const token = await this.#token.renew();
    if (this.#phase !== phase) return;
    if (token === "refused") this.#end("refused");
    if (token === "failed") this.#withoutToken();
    if (this.#phase !== phase) return;
    const verdict = await this.#verdict();
    if (this.#phase !== phase) return;
    switch (verdict) {
      case "open":
      case "unsure":
        this.#join();
        break;
      case "waiting":
        this.#wait("not-open");
        break;
      case "missing":
        this.#wait("no-such-session");
        break;
      case "refused":
        this.#refused();
        break;
      case "closed":
        void this.#finish(true);
    }
  }

  /** What REST says, or what the stream's own refusal does where REST says nothing. */
  async #verdict(): Promise<Verdict> {
    const verdict = await this.#refresh();
    if (verdict !== "unsure" || !this.#isUnreachable) return verdict;
    return (await this.#rest.refusesStream(this.#identity)) ? "refused" : verdict;
  }

  #join(): void {
    const { WebSocket, sendsHeaders } = this.#runtime;
    if (WebSocket === undefined) {
      this.#end("no-websocket");
      return;
    }
    let connection: Connection;
    try {
      connection = connect(
        this.#baseUrl,
        this.#identity,
        this.#token.current,
        { WebSocket, sendsHeaders },
        {
          opened: () => {
            const request = this.#feed.connected();
            if (request !== null) connection.subscribe(request);
          },
          message: (block) => this.#take(connection, block),
          closed: (code, opened) => this.#lost(causeOfClose(code, opened)),
        },
      );
    } catch {
      const message = "The token cannot be a WebSocket sub-protocol";
      this.#teller.tell("problem", { code: "unusable-token", message });
      this.#end("refused");
      return;
    }
    this.#enter({ kind: "joining", connection });
    this.#cancelTimer = this.#runtime.after(JOIN_TIMEOUT_MS, () => {
      connection.close();
      this.#lost("unreachable");
    });
  }

  #take(connection: Connection, block: Uint8Array | null): void {
    const nowMs = this.#runtime.nowMs();
    this.#lastMessageMs = nowMs;
    if (this.#phase.kind === "joining") {
      this.#enter({ kind: "live", connection, sinceMs: nowMs });
      this.#hasBeenLive = true;
      this.#scheduleTick();
      this.#tell({ state: "live" });
    } else if (this.#isStale) {
      this.#isStale = false;
      this.#tell({ state: "live" });
    }
    this.#feed.take(block);
  }

  #scheduleTick(): void {
    this.#cancelTimer = this.#runtime.after(TICK_MS, () => this.#tick());
  }

  /** While live: staleness, the REST poll, and the end that only REST knows of. */
  #tick(): void {
    const nowMs = this.#runtime.nowMs();
    this.#feed.tick();
    const silentMs = nowMs - this.#lastMessageMs;
    if (this.#feed.metadata.closedByRest && silentMs >= QUIET_MS) {
      void this.#finish();
      return;
    }
    if (silentMs >= STALE_AFTER_MS && !this.#isStale) {
      this.#isStale = true;
      this.#tell({ state: "stale", sinceMs: this.#lastMessageMs });
    }
    if (nowMs - this.#lastRefreshMs >= REST_POLL_MS) void this.#refresh().then(() => this.#feed.askHistory());
    this.#scheduleTick();
  }

  #lost(cause: LinkCause): void {
    const phase = this.#phase;
    this.#isUnreachable = cause === "unreachable";
    if (phase.kind === "live" && isClosed(this.#feed.metadata.session.state)) {
      void this.#finish();
    } else if (cause === "refused") {
      this.#refused();
    } else {
      const isHealthy = phase.kind === "live" && this.#runtime.nowMs() - phase.sinceMs >= HEALTHY_AFTER_MS;
      if (isHealthy) this.#attempt = 0;
      this.#wait(cause);
    }
  }

  /** A new token may do; the same one ends it. */
  #refused(): void {
    if (this.#token.canRenew) {
      this.#token.refuse();
      this.#wait("refused");
    } else {
      this.#end("refused");
    }
  }

  #withoutToken(): void {
    this.#teller.tell("problem", { code: "no-token", message: "No token could be had" });
    this.#wait("refused");
  }

  #wait(cause: LinkCause): void {
    this.#enter({ kind: "waiting" });
    const delayMs = backoffMs(this.#attempt++, this.#runtime.random);
    this.#cancelTimer = this.#runtime.after(delayMs, () => void this.#ask());
    const isGone = cause === "not-available" || cause === "no-such-session" || cause === "not-open";
    const state = this.#hasBeenLive && !isGone ? "reconnecting" : "unavailable";
    this.#tell({ state, cause, retryAtMs: this.#runtime.nowMs() + delayMs });
  }

  /** The session is over: takes what REST knows of it in the end, and leaves. */
  async #finish(hasAsked = false): Promise<void> {
    if ("connection" in this.#phase) this.#phase.connection.close();
    const phase = this.#enter({ kind: "finishing" });
    this.#cancelTimer = this.#runtime.after(FINISH_MS, () => this.#end("ended"));
    if (!hasAsked) await this.#refresh();
    await this.#feed.conclude();
    if (this.#phase === phase) this.#end("ended");
  }

  #end(cause: LinkCause): void {
    if (this.#phase.kind === "closed") return;
    if ("connection" in this.#phase) this.#phase.connection.close();
    this.#enter({ kind: "closed" });
    this.#tell({ state: "closed", cause });
  }

  #enter(phase: Phase): Phase {
    this.#cancelTimer();
    this.#phase = phase;
    this.#isStale = false;
    this.#feed.metadata.connected = phase.kind === "live";
    return phase;
  }

  #refresh(): Promise<Verdict> {
    this.#lastRefreshMs = this.#runtime.nowMs();
    return this.#feed.metadata.refresh();
  }

  #tell(link: Link): void {
    this.#teller.tell("link", link);
  }
}
