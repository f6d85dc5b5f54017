import { type EntryPlace, entryPlaces } from "../redis/directory.ts";
import { GatewayError } from "../redis/gateway.ts";
import { streamIdMs } from "../wire/stream-id.ts";
import type { Finding } from "./audit.ts";
import { Backfill } from "./backfill.ts";
import { Fanout } from "./fanout.ts";
import { Follower, type Step } from "./follower.ts";
import { type Group, NOTHING_WANTED, type Wanted } from "./group.ts";
import { Keeper } from "./keeper.ts";
import { MetadataRelay } from "./metadata-relay.ts";
import { Outage } from "./outage.ts";
import { Pacer } from "./pacer.ts";
import { type Following, isFollowing, type Phase } from "./phase.ts";
import { noLaterThan, noSoonerThan, type SessionDeps, type Socket, type Wake } from "./ports.ts";
import { readRequest } from "./requests.ts";
import { Roster } from "./roster.ts";
import { type KeptViewer, staysUntilMs, type Viewer } from "./viewer.ts";

/** An entry that is missing this often in a row is gone. */
const MISSES = 2;
/** Between the checks of a session that has been silent for long. */
const IDLE_CHECK_MS = 20_000;

/**
 * One live session: viewers join and subscribe, steps read Redis and deliver. It has no timers: its owner calls
 * `step` when `nextWake` says so, and `backfill.step` when `backfill.nextWake` does, each one at a time.
 */
export class Session {
  /** The history that viewers are owed. */
  readonly backfill: Backfill;
  readonly #deps: SessionDeps;
  readonly #places: readonly EntryPlace[];
  readonly #roster: Roster;
  readonly #keeper: Keeper;
  readonly #fanout: Fanout<Group>;
  readonly #outage: Outage;
  #phase: Phase = { kind: "idle" };
  #relay: MetadataRelay;
  #pacer: Pacer;
  #polled = { atMs: 0, drained: true };

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#places = entryPlaces(deps.identity, deps.settings.keyTemplate);
    this.#roster = new Roster(deps);
    this.#keeper = new Keeper(deps.store);
    this.#outage = new Outage(deps.random);
    this.#pacer = new Pacer(deps.now());
    this.#relay = new MetadataRelay(this.#roster, deps.now);
    this.backfill = new Backfill(deps, this.#roster);
    this.#fanout = new Fanout({
      sessionJson: (json) => {
        this.#relay.learn(json);
        this.#followOn();
      },
      timeRange: (range) => this.#relay.metadata.widen(range),
      rejected: ({ id }) => {
        deps.metrics.add("entries_rejected_total");
        deps.log("entry-rejected", { entry: id });
      },
      message: (group, message) => this.#roster.sendToGroup(group, message),
    });
  }

  get viewerCount(): number {
    return this.#roster.size;
  }

  /** Following a session that is expected to go on. */
  get isLive(): boolean {
    return this.#phase.kind === "live";
  }

  /** Takes up what outlived hibernation: the sockets, and what storage kept. Null for a socket not taken up. */
  restore(sockets: readonly { socket: Socket; kept: KeptViewer | null }[]): (Viewer | null)[] {
    const viewers = sockets.map(({ socket, kept }) =>
      kept ? this.#roster.restore(socket, kept) : this.#roster.join(socket),
    );
    const stored = this.#keeper.load();
    // The last viewer may have left while the object was away.
    if (this.#roster.size === 0 && stored) this.#keeper.forget();
    if (this.#roster.size > 0) this.#phase = { kind: "resolving" };
    if (this.#roster.size === 0 || !stored) return viewers;
    const { range, closedAtMs, lastDataMs, follower: kept } = stored.snapshot;
    const positions = sockets.flatMap((each) => each.kept?.position ?? []);
    const follower = Follower.restore(this.#deps.redis, kept, positions, this.#deps.now());
    for (const [i, { kept }] of sockets.entries()) {
      if (viewers[i] && kept) this.backfill.restore(viewers[i], kept.jobs);
    }
    if (stored.json !== null) this.#relay.metadata.setJson(stored.json);
    this.#relay.metadata.widen(range);
    this.#pacer = new Pacer(lastDataMs);
    this.#polled = { atMs: lastDataMs, drained: true };
    this.#phase = closedAtMs === null ? { kind: "live", follower } : { kind: "ended", follower, closedAtMs };
    this.#roster.carry(follower.position);
    return viewers;
  }

  /** A viewer connected. Its first messages follow with the next step. Null: it was turned away. */
  join(socket: Socket, expiresAtMs?: number): Viewer | null {
    const viewer = this.#roster.join(socket, expiresAtMs);
    if (viewer && this.#phase.kind === "idle") this.#phase = { kind: "resolving" };
    return viewer;
  }

  /** A viewer sent a message. A fault closes its connection and touches no other. */
  message(viewer: Viewer, message: ArrayBuffer | string): void {
    if (!this.#roster.has(viewer)) return;
    const request = readRequest(viewer, message, this.#deps.now());
    if (typeof request === "string") {
      this.#roster.close(viewer, request);
      this.#restIfAlone();
    } else if (request) {
      const had = viewer.group;
      this.#roster.subscribe(viewer, request);
      if (viewer.state === "live") this.#oweHistory(viewer, had);
    }
  }

  #oweHistory(viewer: Viewer, had: Wanted): void {
    if (viewer.group.key === had.key || !isFollowing(this.#phase)) return;
    const { boundary, begin } = this.#phase.follower;
    this.backfill.add(viewer, had, boundary, begin);
  }

  /** A viewer's socket is closed or closing. */
  leave(viewer: Viewer): void {
    this.#roster.remove(viewer);
    this.#restIfAlone();
  }

  nextWake(): Wake {
    const wake = noSoonerThan(this.#dueWake, this.#roster.roomMs(this.#polled));
    return noLaterThan(wake, this.#roster.soonestExpiryMs);
  }

  get #dueWake(): Wake {
    if (this.#phase.kind === "idle") return { kind: "never" };
    if (this.#outage.retryMs !== null) return { kind: "poll", atMs: this.#outage.retryMs };
    if (this.#phase.kind === "resolving" || this.#roster.joining.length > 0) return { kind: "poll", atMs: 0 };
    if (this.#phase.kind === "ended") {
      const ends = this.#roster.viewers.map((viewer) => this.#staysUntilMs(viewer));
      return { kind: "poll", atMs: Math.min(this.#pacer.nextMs, ...ends) };
    }
    const { misses, entryDueMs } = this.#phase.follower;
    if (misses > 0) return { kind: "poll", atMs: Math.min(this.#pacer.nextMs, entryDueMs) };
    if (this.#isIdle) return { kind: "check", atMs: this.#polled.atMs + IDLE_CHECK_MS };
    return { kind: "poll", atMs: this.#pacer.nextMs };
  }

  get #isIdle(): boolean {
    return this.#deps.now() - this.#pacer.lastDataMs >= this.#deps.settings.idleMs;
  }

  /** Looks for the session, or reads on and delivers. Never throws. */
  async step(): Promise<void> {
    this.#roster.closeExpired();
    this.#restIfAlone();
    const phase = this.#phase;
    try {
      if (phase.kind === "resolving") await this.#resolve(phase);
      else if (phase.kind !== "idle") await this.#poll(phase);
      const lastedMs = this.#outage.ended(this.#deps.now());
      if (lastedMs !== null) this.#deps.log("data-source-back", { lastedMs });
    } catch (error) {
      this.#fail(error);
    }
    this.#restIfAlone();
  }

  async #resolve(phase: Phase): Promise<void> {
    const waiting = this.#roster.joining;
    const { redis, now } = this.#deps;
    const found = await Follower.find(redis, this.#places, now);
    if (this.#phase !== phase) return;
    if (!found) {
      for (const viewer of waiting) this.#roster.close(viewer, "notAvailable");
      return;
    }
    this.#relay.metadata.setJson(found.entry.json);
    this.#relay.metadata.widen(found.entry.range);
    this.#pacer = new Pacer(now());
    this.#follow(found.follower);
    this.#roster.carry(found.follower.position);
    this.#admit(this.#roster.joining);
    this.#save(true);
  }

  /** Live or ended, by the Session JSON. */
  #follow(follower: Follower): void {
    if (!this.#relay.metadata.closed) this.#phase = { kind: "live", follower };
    else if (this.#phase.kind !== "ended") {
      this.#phase = { kind: "ended", follower, closedAtMs: this.#deps.now() };
    }
  }

  async #poll(phase: Following): Promise<void> {
    const { now } = this.#deps;
    if (this.#roster.roomMs(this.#polled) > now()) return;
    const { follower } = phase;
    const waiting = this.#roster.joining;
    if (waiting.length === 0 && follower.isLookDue(now())) this.#note(await follower.look(now));
    const sentMs = now();
    const step = await follower.read(sentMs, waiting.length > 0, this.#roster.turnBytes);
    if (this.#phase !== phase) return;
    const receivedMs = now();
    this.#polled = { atMs: receivedMs, drained: step.drained };
    this.#deliver(step, receivedMs);
    const { sourceNumber } = follower.position;
    this.#note(step.accept(receivedMs));
    const ids = step.ours.map(({ id }) => streamIdMs(id));
    this.#pacer.polled(sentMs, receivedMs, ids, step.commands, !step.drained);
    if (follower.misses >= MISSES) return this.#roster.closeAll("gone");
    if (step.entry === null) for (const viewer of waiting) this.#roster.close(viewer, "notAvailable");
    this.#roster.carry(follower.position);
    this.#admit(waiting);
    this.#letGo(receivedMs);
    this.#save(this.#isIdle || follower.position.sourceNumber !== sourceNumber);
  }

  #note(finding: Finding): void {
    if (finding.kind === "sound" || !isFollowing(this.#phase)) return;
    const { log, metrics } = this.#deps;
    if (finding.kind === "gap") {
      metrics.add("trim_gaps_total");
      log("entries-trimmed-unread", { lost: finding.lost });
      return;
    }
    const { position } = this.#phase.follower;
    log("stream-went-back", { cursor: position.cursor });
    this.backfill.clip(position.cursor);
    this.#roster.carry(position);
    this.#save(true);
  }

  #deliver({ ours, drained, entry }: Step, nowMs: number): void {
    const { metrics } = this.#deps;
    this.#relay.begin();
    this.#roster.closeSlow();
    this.#fanout.deliver(ours, this.#roster.groups);
    for (const { id } of ours) metrics.observeDelivery(nowMs - streamIdMs(id));
    metrics.add("entries_total", ours.length);
    if (ours.length > 0) this.#relay.sent();
    if (entry && this.#relay.compare(entry, drained)) this.#followOn();
    this.#relay.keepAlive();
  }

  #followOn(): void {
    if (isFollowing(this.#phase)) this.#follow(this.#phase.follower);
  }

  #admit(viewers: readonly Viewer[]): void {
    const messages = this.#relay.firstMessages();
    for (const viewer of viewers) {
      if (!this.#roster.has(viewer)) continue;
      if (messages) {
        this.#relay.sent();
        this.#roster.welcome(viewer, messages);
        this.#oweHistory(viewer, NOTHING_WANTED);
      } else this.#roster.close(viewer, "notAvailable");
    }
  }

  /** Ends the stay of viewers of a closed session whose late data has come. */
  #letGo(nowMs: number): void {
    if (this.#phase.kind !== "ended") return;
    this.#roster.closeWhere("ended", (viewer) => nowMs >= this.#staysUntilMs(viewer));
  }

  #staysUntilMs(viewer: Viewer): number {
    const closedAtMs = this.#phase.kind === "ended" ? this.#phase.closedAtMs : 0;
    return staysUntilMs(viewer, closedAtMs, this.#pacer.lastDataMs, this.#deps.settings.lingerMs);
  }

  #fail(error: unknown): void {
    const { log, metrics, now } = this.#deps;
    const nowMs = now();
    const code = error instanceof GatewayError ? error.code : "internal";
    metrics.add("redis_errors_total");
    if (this.#outage.failed(nowMs)) log("data-source-failed", { code });
    this.#roster.closeWhere("redisUnreachable", (viewer) => this.#outage.isTooLong(viewer, nowMs));
  }

  #save(now: boolean): void {
    if (!isFollowing(this.#phase)) return;
    const follower = this.#phase.follower.keep();
    const closedAtMs = this.#phase.kind === "ended" ? this.#phase.closedAtMs : null;
    const { range, json } = this.#relay.metadata;
    const snapshot = { version: 1, follower, range, closedAtMs, lastDataMs: this.#pacer.lastDataMs } as const;
    this.#keeper.save(snapshot, json, this.#deps.now(), now);
  }

  #restIfAlone(): void {
    if (this.#roster.size > 0 || this.#phase.kind === "idle") return;
    this.#phase = { kind: "idle" };
    this.#relay = new MetadataRelay(this.#roster, this.#deps.now);
    this.#outage.ended(this.#deps.now());
    this.#keeper.forget();
  }
}
