import { jobKey } from "./backfill-job.ts";
import { CLOSES, type CloseName } from "./close-codes.ts";
import { type Group, Groups, NOTHING_WANTED } from "./group.ts";
import { type MessageKind, Outbox } from "./outbox.ts";
import { MAX_UNSENT_BYTES, Outflow } from "./outflow.ts";
import type { Metrics, Socket, Store, Wake } from "./ports.ts";
import { RateLimit } from "./rate-limit.ts";
import { Room } from "./room.ts";
import { type EncodedSubscription, encodeSubscription, type Subscription } from "./subscription.ts";
import type { KeptViewer, Position, Viewer } from "./viewer.ts";

/**
 * A socket keeps up to 16 KiB through hibernation; a larger subscription goes to storage. Half of it, since
 * other things are kept as well, and the viewer that carries the position is kept anew with each read.
 */
const MAX_KEPT_SUBSCRIPTION_BYTES = 8 * 1024;
/** More sockets than an object can feed at any useful rate; the platform's own limit is 32,768. */
const MAX_VIEWERS = 10_000;
/** A crowd that comes at once is let in; a flood is not. */
const JOINS = { burst: 5_000, perSecond: 500 };
/** Requests of one viewer: a page that scrolls through thousands of parameters stays far below. */
const REQUESTS = { burst: 200, perSecond: 20 };
/** What is sent to all of them in one turn, as far as that is ours to choose. */
const TURN_BYTES = 8 * 1024 * 1024;

const storageKey = (viewer: { readonly id: string }): string => `subscription:${viewer.id}`;

export interface RosterDeps {
  readonly settings: { readonly viewerQueueBytes: number };
  readonly store: Store;
  readonly metrics: Metrics;
  readonly now: () => number;
  /** A new id, unique among the viewers of a session. */
  readonly newId: () => string;
}

type Known = Pick<Viewer, "id" | "joinedAtMs" | "expiresAtMs" | "state">;

/** The viewers of a session: who is there, what each is to get, and the sending to them. */
export class Roster {
  readonly #deps: RosterDeps;
  readonly #viewers = new Set<Viewer>();
  readonly #joining = new Set<Viewer>();
  readonly #groups = new Groups();
  readonly #outflow: Outflow;
  readonly #room: Room;
  readonly #joins = new RateLimit(JOINS);
  #soonestExpiryMs = Number.POSITIVE_INFINITY;
  #position: Position | null = null;

  constructor(deps: RosterDeps) {
    this.#deps = deps;
    this.#outflow = new Outflow({ ...deps, broken: (viewer) => this.close(viewer, "internal") });
    this.#room = new Room({
      now: deps.now,
      unsentBytes: (viewer) => this.unsentBytes(viewer),
      viewerBytes: deps.settings.viewerQueueBytes / 2,
      totalBytes: MAX_UNSENT_BYTES / 2,
    });
  }

  get size(): number {
    return this.#viewers.size;
  }

  has(viewer: Viewer): boolean {
    return this.#viewers.has(viewer);
  }

  get viewers(): readonly Viewer[] {
    return [...this.#viewers];
  }

  /** Those that still wait for their first message. */
  get joining(): readonly Viewer[] {
    return [...this.#joining];
  }

  get groups(): Iterable<Group> {
    return this.#groups;
  }

  /** When `closeExpired` is wanted next; infinite for never. */
  get soonestExpiryMs(): number {
    return this.#soonestExpiryMs;
  }

  /** Null, and the socket closed, when there are too many. */
  join(socket: Socket, expiresAtMs = Number.POSITIVE_INFINITY): Viewer | null {
    const nowMs = this.#deps.now();
    if (this.#viewers.size >= MAX_VIEWERS || !this.#joins.allows(nowMs)) {
      socket.close(CLOSES.overloaded.code, CLOSES.overloaded.reason);
      return null;
    }
    const group = this.#groups.of(NOTHING_WANTED.encoded);
    const known = { id: this.#deps.newId(), joinedAtMs: nowMs, expiresAtMs, state: "joining" } as const;
    const viewer = this.#add(socket, known, group);
    this.keep(viewer);
    return viewer;
  }

  /** Puts back a viewer whose socket outlived the object. */
  restore(socket: Socket, kept: KeptViewer): Viewer {
    const stored = kept.subscription ?? this.#deps.store.get(storageKey(kept));
    const encoded = stored instanceof Uint8Array ? stored : NOTHING_WANTED.encoded;
    return this.#add(socket, kept, this.#groups.of(encoded));
  }

  #add(socket: Socket, known: Known, group: Group): Viewer {
    const { id, joinedAtMs, expiresAtMs, state } = known;
    const requests = new RateLimit(REQUESTS);
    const unsent = { bytes: 0, atMs: 0 };
    const jobs: Viewer["jobs"] = new Set();
    const viewer = {
      ...{ id, socket, joinedAtMs, expiresAtMs, state, group, jobs, backfilledAtMs: 0, requests, unsent },
      ...{ mostUnsentBytes: 0, outbox: new Outbox() },
    };
    this.#viewers.add(viewer);
    this.#soonestExpiryMs = Math.min(this.#soonestExpiryMs, expiresAtMs);
    if (state === "joining") this.#joining.add(viewer);
    group.viewers.add(viewer);
    return viewer;
  }

  subscribe(viewer: Viewer, subscription: Subscription): void {
    const encoded = encodeSubscription(subscription);
    this.#groups.move(viewer, encoded);
    if (!fitsSocket(encoded)) this.#deps.store.put(storageKey(viewer), encoded);
    this.keep(viewer);
  }

  /** Sends a viewer its first messages; from now on it gets what the session gets. */
  welcome(viewer: Viewer, messages: readonly Uint8Array[]): void {
    for (const message of messages) this.send(viewer, message, "urgent");
    viewer.state = "live";
    this.#joining.delete(viewer);
    this.keep(viewer);
  }

  /** Lets a socket keep the position: exact through hibernation, without a write to storage. */
  carry(position: Position): void {
    this.#position = position;
    const [carrier] = this.#viewers;
    if (carrier) this.keep(carrier);
  }

  /** Lets a viewer's socket keep what it needs through hibernation. One that cannot is closed. */
  keep(viewer: Viewer): void {
    const { id, joinedAtMs, expiresAtMs, state, group, socket } = viewer;
    const subscription = fitsSocket(group.encoded) ? group.encoded : null;
    const jobs = [...viewer.jobs].map((job) => job.progress);
    const position = this.#position;
    const kept: KeptViewer = {
      ...{ version: 3, id, joinedAtMs, expiresAtMs, state },
      ...{ subscription, jobs, position },
    };
    try {
      socket.keep(kept);
    } catch {
      this.close(viewer, "internal");
    }
  }

  /** To everyone who has had a first message: metadata. */
  broadcast(message: Uint8Array): void {
    for (const group of this.#groups) this.sendToGroup(group, message, "urgent");
  }

  sendToGroup({ viewers }: Group, message: Uint8Array, kind: MessageKind): void {
    this.#outflow.send(viewers, message, kind, "live");
  }

  send(viewer: Viewer, message: Uint8Array, kind: MessageKind): void {
    this.#outflow.send([viewer], message, kind, viewer.state);
  }

  /** Bytes that were sent to a viewer and wait in our memory. */
  unsentBytes(viewer: Viewer): number {
    return this.#outflow.unsentBytes(viewer);
  }

  /** When `drain` is wanted next. */
  get drainWake(): Wake {
    const atMs = this.#outflow.drainMs;
    return atMs === null ? { kind: "never" } : { kind: "poll", atMs };
  }

  /** Gives sockets that have room again what waited for it. */
  drain(): void {
    this.#outflow.drain();
  }

  /** What a viewer is sent in one turn, as far as that can be chosen. */
  get turnBytes(): number {
    return TURN_BYTES / Math.max(1, this.#viewers.size);
  }

  /**
   * The next part of what piled up waits until viewers have room for it: what they could not have had any sooner
   * closes nobody. Before this time, when the last part was sent at `atMs`.
   */
  roomMs({ atMs, drained }: { readonly atMs: number; readonly drained: boolean }): number {
    return drained ? 0 : this.#room.nextMs(this.#viewers, atMs);
  }

  /** Before a round is sent: makes what room there is, and closes viewers that lag too far behind. */
  begin(): void {
    this.#outflow.drain();
    for (const viewer of this.#outflow.tooSlow(this.viewers)) {
      this.close(viewer, "tooSlow");
      this.#deps.metrics.add("slow_viewers_closed_total");
    }
    this.#outflow.markGroups(this.#groups);
  }

  /** What waits for a viewer is sent first, unless it is what closes it. */
  close(viewer: Viewer, name: CloseName): void {
    if (name !== "tooSlow" && name !== "internal") this.#outflow.empty(viewer);
    this.remove(viewer);
    viewer.socket.close(CLOSES[name].code, CLOSES[name].reason);
  }

  closeWhere(name: CloseName, condition: (viewer: Viewer) => boolean): void {
    for (const viewer of this.#viewers) if (condition(viewer)) this.close(viewer, name);
  }

  closeAll(name: CloseName): void {
    this.closeWhere(name, () => true);
  }

  /** Closes viewers whose tokens have expired. */
  closeExpired(): void {
    const nowMs = this.#deps.now();
    if (nowMs < this.#soonestExpiryMs) return;
    this.closeWhere("tokenExpired", ({ expiresAtMs }) => expiresAtMs <= nowMs);
    this.#soonestExpiryMs = Math.min(...this.viewers.map(({ expiresAtMs }) => expiresAtMs));
  }

  /** Deletes what was stored for a viewer that left while the object was away. */
  forget(kept: KeptViewer): void {
    if (kept.subscription === null) this.#deps.store.delete(storageKey(kept));
    for (const { id } of kept.jobs) this.#deps.store.delete(jobKey(id));
  }

  remove(viewer: Viewer): void {
    const [carrier] = this.#viewers;
    if (!this.#viewers.delete(viewer)) return;
    this.#joining.delete(viewer);
    this.#outflow.forget(viewer);
    this.#room.forget(viewer);
    this.#groups.remove(viewer);
    if (!fitsSocket(viewer.group.encoded)) this.#deps.store.delete(storageKey(viewer));
    for (const { id } of viewer.jobs) this.#deps.store.delete(jobKey(id));
    // What its socket kept goes with it.
    if (viewer === carrier && this.#position) this.carry(this.#position);
  }
}

function fitsSocket(encoded: EncodedSubscription): boolean {
  return encoded.byteLength <= MAX_KEPT_SUBSCRIPTION_BYTES;
}
