import type { SubscriptionRequest } from "../wire/request.ts";
import type { EventItem } from "../wire/samples.ts";
import { backoffMs } from "./backoff.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Connection, connect } from "./connection.ts";
import { FrameReader, type SampleRun } from "./frame.ts";
import { causeOfClose, type Link, type LinkCause } from "./link.ts";
import { Metadata, type Verdict } from "./metadata.ts";
import type { Problem } from "./problem.ts";
import { restAt } from "./rest.ts";
import { type Runtime, systemRuntime } from "./runtime.ts";
import { isClosed, type Session, type TimeRange } from "./session.ts";

/** The server speaks first and at once; a connection that stays mute this long leads nowhere. */
const JOIN_TIMEOUT_MS = 15_000;
const TICK_MS = 1_000;
/** Producers write about 10 times a second. */
const STALE_AFTER_MS = 5_000;
const HEALTHY_AFTER_MS = 30_000;
const REST_POLL_MS = 30_000;
/** How long the stream must be silent before REST alone may end it. */
const QUIET_MS = 10_000;

/** What happens to the session; every handler is optional. */
export interface FollowHandlers {
  readonly link?: (link: Link) => void;
  /** Metadata changed; time ranges alone come through `timeRange`. */
  readonly session?: (session: Session) => void;
  /** The union of all ranges that are known. */
  readonly timeRange?: (range: TimeRange) => void;
  readonly catalogue?: (catalogue: Catalogue) => void;
  /** Samples of one channel, in no order of time: backfill lies behind, and may overlap. */
  readonly samples?: (run: SampleRun) => void;
  readonly event?: (event: EventItem) => void;
  readonly problem?: (problem: Problem) => void;
}

/** A session that is being followed. */
export interface Following {
  /** Widens the subscription; it survives reconnects and cannot be narrowed. */
  subscribe(request: Partial<SubscriptionRequest>): void;
  /** Ends following for good. */
  close(): void;
}

type Phase =
  | { readonly kind: "asking" | "waiting" | "closed" }
  | { readonly kind: "joining"; readonly connection: Connection }
  | { readonly kind: "live"; readonly connection: Connection; readonly sinceMs: number };

/**
 * Follows the leading edge of a session until it ends or `close` is called.
 *
 * @param baseUrl the Stream Service, with REST beside it: `https://host` or `https://host/base`
 * @param identity the session's public identity
 * @param handlers what to tell; called in the order of the stream
 * @param runtime parts of the platform to replace
 */
export function follow(
  baseUrl: string,
  identity: string,
  handlers: FollowHandlers,
  runtime: Partial<Runtime> = {},
): Following {
  const follower = new Follower(baseUrl, identity, handlers, { ...systemRuntime(), ...runtime });
  follower.start();
  return follower;
}

class Follower implements Following {
  readonly #baseUrl: string;
  readonly #identity: string;
  #handlers: FollowHandlers;
  readonly #runtime: Runtime;
  readonly #metadata: Metadata;
  readonly #frames: FrameReader;
  readonly #abort = new AbortController();
  readonly #wanted = { channelIds: new Set<number>(), allDataChannels: false, allEvents: false };
  #phase: Phase = { kind: "waiting" };
  #cancelTimer = (): void => {};
  #attempt = 0;
  #hasBeenLive = false;
  #isStale = false;
  #lastMessageMs = 0;
  #lastRefreshMs = 0;

  constructor(baseUrl: string, identity: string, handlers: FollowHandlers, runtime: Runtime) {
    this.#baseUrl = baseUrl.replace(/\/+$/, "");
    this.#identity = identity;
    this.#handlers = handlers;
    this.#runtime = runtime;
    const problem = (found: Problem): void => this.#handlers.problem?.(found);
    this.#metadata = new Metadata(identity, restAt(this.#baseUrl, runtime.fetch, this.#abort.signal), {
      session: (session) => this.#handlers.session?.(session),
      catalogue: (catalogue) => this.#handlers.catalogue?.(catalogue),
      problem,
    });
    this.#frames = new FrameReader(this.#metadata, {
      timeRange: (range) => this.#handlers.timeRange?.(range),
      samples: (run) => this.#handlers.samples?.(run),
      event: (event) => this.#handlers.event?.(event),
      problem,
    });
  }

  start(): void {
    this.#tell({ state: "connecting" });
    void this.#ask();
  }

  subscribe({
    channelIds = [],
    allDataChannels = false,
    allEvents = false,
  }: Partial<SubscriptionRequest>): void {
    const wanted = this.#wanted;
    const added = {
      channelIds: [...new Set(channelIds)].filter((channel) => !wanted.channelIds.has(channel)),
      allDataChannels: allDataChannels && !wanted.allDataChannels,
      allEvents: allEvents && !wanted.allEvents,
    };
    if (added.channelIds.length === 0 && !added.allDataChannels && !added.allEvents) return;
    for (const channel of added.channelIds) wanted.channelIds.add(channel);
    wanted.allDataChannels ||= allDataChannels;
    wanted.allEvents ||= allEvents;
    if ("connection" in this.#phase) this.#phase.connection.subscribe(added);
  }

  close(): void {
    this.#end("by-client");
    this.#handlers = {};
    this.#abort.abort();
  }

  /** Lets REST confirm the session, then joins its stream. */
  async #ask(): Promise<void> {
    const phase = this.#enter({ kind: "asking" });
    const verdict = await this.#refresh();
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
        this.#end("refused");
        break;
      case "closed":
        this.#end("ended");
    }
  }

  #join(): void {
    const { WebSocket } = this.#runtime;
    if (WebSocket === undefined) {
      this.#end("no-websocket");
      return;
    }
    const connection = connect(this.#baseUrl, this.#identity, WebSocket, {
      opened: () => this.#subscribeAgain(connection),
      message: (block) => this.#take(connection, block),
      closed: (code, opened) => this.#lost(causeOfClose(code, opened)),
    });
    this.#enter({ kind: "joining", connection });
    this.#cancelTimer = this.#runtime.after(JOIN_TIMEOUT_MS, () => {
      connection.close();
      this.#lost("unreachable");
    });
  }

  #subscribeAgain(connection: Connection): void {
    const { channelIds, allDataChannels, allEvents } = this.#wanted;
    if (channelIds.size > 0 || allDataChannels || allEvents) {
      connection.subscribe({ channelIds: [...channelIds], allDataChannels, allEvents });
    }
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
    this.#frames.take(block);
  }

  #scheduleTick(): void {
    this.#cancelTimer = this.#runtime.after(TICK_MS, () => this.#tick());
  }

  /** While live: staleness, the REST poll, and the end that only REST knows of. */
  #tick(): void {
    const nowMs = this.#runtime.nowMs();
    const silentMs = nowMs - this.#lastMessageMs;
    if (this.#metadata.closedByRest && silentMs >= QUIET_MS) {
      this.#end("ended");
      return;
    }
    if (silentMs >= STALE_AFTER_MS && !this.#isStale) {
      this.#isStale = true;
      this.#tell({ state: "stale", sinceMs: this.#lastMessageMs });
    }
    if (nowMs - this.#lastRefreshMs >= REST_POLL_MS) void this.#refresh();
    this.#scheduleTick();
  }

  #lost(cause: LinkCause): void {
    const phase = this.#phase;
    if (phase.kind === "live" && isClosed(this.#metadata.session.state)) {
      this.#end("ended");
      void this.#refresh();
    } else if (cause === "refused") {
      this.#end(cause);
    } else {
      const isHealthy = phase.kind === "live" && this.#runtime.nowMs() - phase.sinceMs >= HEALTHY_AFTER_MS;
      if (isHealthy) this.#attempt = 0;
      this.#wait(cause);
    }
  }

  #wait(cause: LinkCause): void {
    this.#enter({ kind: "waiting" });
    const delayMs = backoffMs(this.#attempt++, this.#runtime.random);
    this.#cancelTimer = this.#runtime.after(delayMs, () => void this.#ask());
    const isGone = cause === "not-available" || cause === "no-such-session" || cause === "not-open";
    const state = this.#hasBeenLive && !isGone ? "reconnecting" : "unavailable";
    this.#tell({ state, cause, retryAtMs: this.#runtime.nowMs() + delayMs });
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
    this.#metadata.connected = phase.kind === "live";
    return phase;
  }

  #refresh(): Promise<Verdict> {
    this.#lastRefreshMs = this.#runtime.nowMs();
    return this.#metadata.refresh();
  }

  #tell(link: Link): void {
    this.#handlers.link?.(link);
  }
}
