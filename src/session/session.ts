import { type EntryPlace, entryPlaces } from "../redis/directory.ts";
import { GatewayError } from "../redis/gateway.ts";
import { streamIdMs } from "../wire/stream-id.ts";
import { Backfill } from "./backfill.ts";
import { Delivery } from "./delivery.ts";
import { Follower } from "./follower.ts";
import { NOTHING_WANTED, type Wanted } from "./group.ts";
import { Keeper } from "./keeper.ts";
import { Outage } from "./outage.ts";
import { Pacer } from "./pacer.ts";
import { type Following, isFollowing, type Phase } from "./phase.ts";
import { noLaterThan, noSoonerThan, type SessionDeps, type Socket, type Wake } from "./ports.ts";
import { readRequest } from "./requests.ts";
import { type KeptSocket, revive } from "./revival.ts";
import { Roster } from "./roster.ts";
import { nextStep } from "./schedule.ts";
import { type KeptViewer, staysUntilMs, type Viewer } from "./viewer.ts";

/** An entry that is missing this often in a row is gone. */
const MISSES = 2;

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
  readonly #outage: Outage;
  #phase: Phase = { kind: "idle" };
  #delivery: Delivery;
  #pacer: Pacer;
  #polled = { atMs: 0, drained: true };

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#places = entryPlaces(deps.identity, deps.settings.keyTemplate);
    this.#roster = new Roster(deps);
    this.#keeper = new Keeper(deps.store);
    this.#outage = new Outage(deps.random);
    this.#pacer = new Pacer(deps.now());
    this.#delivery = new Delivery(deps, this.#roster);
    const proofOf = (streamName: string) => this.#follower?.proofOf(streamName) ?? null;
    this.backfill = new Backfill({ ...deps, proofOf }, this.#roster);
  }

  get viewerCount(): number {
    return this.#roster.size;
  }

  /** Following a session that is expected to go on. */
  get isLive(): boolean {
    return this.#phase.kind === "live";
  }

  /** Takes up what outlived hibernation. Null for a socket not taken up. */
  restore(sockets: readonly KeptSocket[]): readonly (Viewer | null)[] {
    const { metadata } = this.#delivery;
    const parts = {
      deps: this.#deps,
      roster: this.#roster,
      keeper: this.#keeper,
      backfill: this.backfill,
      metadata,
    };
    const { viewers, phase, lastDataMs } = revive(parts, sockets);
    this.#phase = phase;
    if (lastDataMs !== null) {
      this.#pacer = new Pacer(lastDataMs);
      this.#polled = { atMs: lastDataMs, drained: true };
    }
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
    const follower = this.#follower;
    if (follower && viewer.group.key !== had.key) {
      this.backfill.add(viewer, had, follower.boundary, follower.begin);
    }
  }

  /** A viewer's socket is closed or closing. */
  leave(viewer: Viewer): void {
    this.#roster.remove(viewer);
    this.#restIfAlone();
  }

  /** A viewer that left while the object was away: what its socket kept may be the latest that is known. */
  left(kept: KeptViewer): void {
    this.#roster.forget(kept);
    const follower = this.#follower;
    if (!follower || !kept.position) return;
    follower.recall(kept.position, this.#deps.now());
    this.#roster.carry(follower.position);
  }

  /** When `drain` is wanted next: sockets without room for all that was sent. */
  get drainWake(): Wake {
    return this.#roster.drainWake;
  }

  drain(): void {
    this.#roster.drain();
  }

  nextWake(): Wake {
    const wake = nextStep({
      ...{ phase: this.#phase, pacer: this.#pacer, polledAtMs: this.#polled.atMs },
      ...{ retryMs: this.#outage.retryMs, isIdle: this.#isIdle },
      isWanted: this.backfill.isInDoubt || this.#roster.joining.length > 0,
      letGoMs: () => Math.min(...this.#roster.viewers.map((viewer) => this.#staysUntilMs(viewer))),
    });
    return noLaterThan(noSoonerThan(wake, this.#roster.roomMs(this.#polled)), this.#roster.soonestExpiryMs);
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
    const { now } = this.#deps;
    const found = await Follower.find(this.#deps, this.#places, now);
    if (this.#phase !== phase) return;
    if (!found) {
      for (const viewer of waiting) this.#roster.close(viewer, "notAvailable");
      return;
    }
    this.#delivery.metadata.setJson(found.entry.json);
    this.#delivery.metadata.widen(found.entry.range);
    this.#pacer = new Pacer(now());
    this.#follow(found.follower);
    this.#roster.carry(found.follower.position);
    this.#admit(this.#roster.joining);
    this.#save(true);
  }

  /** Live or ended, by the Session JSON. */
  #follow(follower: Follower): void {
    if (!this.#delivery.metadata.closed) this.#phase = { kind: "live", follower };
    else if (this.#phase.kind !== "ended") {
      this.#phase = { kind: "ended", follower, closedAtMs: this.#deps.now() };
    }
  }

  async #poll(phase: Following): Promise<void> {
    const { now } = this.#deps;
    if (this.#roster.roomMs(this.#polled) > now()) return;
    const { follower } = phase;
    const waiting = this.#roster.joining;
    if (follower.isLookDue(now(), waiting.length > 0)) await this.#look(follower);
    const sentMs = now();
    this.backfill.isInDoubt = false;
    const step = await follower.read(sentMs, waiting.length > 0, this.#roster.turnBytes);
    if (this.#phase !== phase) return;
    if (!step.proven) return this.#look(follower);
    const receivedMs = now();
    this.#polled = { atMs: receivedMs, drained: step.drained };
    this.#delivery.deliver(step);
    this.#follow(follower);
    const { sourceNumber } = follower.position;
    step.accept(receivedMs);
    const ids = step.ours.map(({ id }) => streamIdMs(id));
    this.#pacer.polled(sentMs, receivedMs, ids, step.commands, !step.drained);
    if (follower.misses >= MISSES) return this.#roster.closeAll("gone");
    if (step.entry === null) for (const viewer of waiting) this.#roster.close(viewer, "notAvailable");
    this.#roster.carry(follower.position);
    this.#admit(waiting);
    this.#letGo(receivedMs);
    this.#save(this.#isIdle || follower.position.sourceNumber !== sourceNumber);
  }

  /** Looks at the stream as a whole: what it lost unread is counted, and where it went back, so does the session. */
  async #look(follower: Follower): Promise<void> {
    const { log, metrics, now } = this.#deps;
    const finding = await follower.look(now);
    if (finding.kind === "gap") {
      metrics.add("trim_gaps_total");
      log("entries-trimmed-unread", { lost: finding.lost });
    }
    if (finding.kind === "passed-over") {
      metrics.add("entries_rejected_total");
      log("entry-too-large", { after: follower.boundary.fields.cursor });
    }
    if (this.#follower !== follower) return;
    if (finding.kind === "went-back") {
      const { fields, end } = follower.boundary;
      log("stream-went-back", { cursor: end });
      this.backfill.clip(fields.streamName, end);
    }
    this.#roster.carry(follower.position);
    this.#save(true);
  }

  get #follower(): Follower | null {
    return isFollowing(this.#phase) ? this.#phase.follower : null;
  }

  #admit(viewers: readonly Viewer[]): void {
    for (const viewer of this.#delivery.admit(viewers)) this.#oweHistory(viewer, NOTHING_WANTED);
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
    const follower = this.#follower?.keep();
    if (!follower) return;
    const closedAtMs = this.#phase.kind === "ended" ? this.#phase.closedAtMs : null;
    const { range, json, known } = this.#delivery.metadata;
    const snapshot = {
      version: 2,
      follower,
      range,
      known,
      closedAtMs,
      lastDataMs: this.#pacer.lastDataMs,
    } as const;
    this.#keeper.save(snapshot, json, this.#deps.now(), now);
  }

  #restIfAlone(): void {
    if (this.#roster.size > 0 || this.#phase.kind === "idle") return;
    this.#phase = { kind: "idle" };
    this.#delivery = new Delivery(this.#deps, this.#roster);
    this.#outage.ended(this.#deps.now());
    this.#keeper.forget();
  }
}
