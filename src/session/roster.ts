import { CLOSES, type CloseName } from "./close-codes.ts";
import { type Group, Groups } from "./group.ts";
import type { Metrics, Socket, Store } from "./ports.ts";
import { type EncodedSubscription, encodeSubscription, NOTHING, type Subscription } from "./subscription.ts";
import type { KeptViewer, Position, Viewer } from "./viewer.ts";

/**
 * A socket keeps up to 16 KiB through hibernation; a larger subscription goes to storage. Half of it, since
 * the viewer that carries the position is kept anew with each read.
 */
const MAX_KEPT_SUBSCRIPTION_BYTES = 8 * 1024;

const storageKey = (viewer: { readonly id: string }): string => `subscription:${viewer.id}`;

export interface RosterDeps {
  readonly store: Store;
  readonly metrics: Metrics;
  /** A new id, unique among the viewers of a session. */
  readonly newId: () => string;
}

/** The viewers of a session: who is there, what each is to get, and the sending to them. */
export class Roster {
  readonly #deps: RosterDeps;
  readonly #viewers = new Set<Viewer>();
  readonly #joining = new Set<Viewer>();
  readonly #groups = new Groups();
  #position: Position | null = null;

  constructor(deps: RosterDeps) {
    this.#deps = deps;
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

  join(socket: Socket, nowMs: number): Viewer {
    const group = this.#groups.of(encodeSubscription(NOTHING));
    const viewer: Viewer = { id: this.#deps.newId(), socket, joinedAtMs: nowMs, state: "joining", group };
    this.#add(viewer);
    this.#keep(viewer);
    return viewer;
  }

  /** Puts back a viewer whose socket outlived the object. */
  restore(socket: Socket, kept: KeptViewer): Viewer {
    const { id, joinedAtMs, state } = kept;
    const stored = kept.subscription ?? this.#deps.store.get(storageKey(kept));
    const encoded = stored instanceof Uint8Array ? stored : encodeSubscription(NOTHING);
    const viewer: Viewer = { id, socket, joinedAtMs, state, group: this.#groups.of(encoded) };
    this.#add(viewer);
    return viewer;
  }

  #add(viewer: Viewer): void {
    this.#viewers.add(viewer);
    if (viewer.state === "joining") this.#joining.add(viewer);
    viewer.group.viewers.add(viewer);
  }

  subscribe(viewer: Viewer, subscription: Subscription): void {
    const encoded = encodeSubscription(subscription);
    this.#groups.move(viewer, encoded);
    if (!fitsSocket(encoded)) this.#deps.store.put(storageKey(viewer), encoded);
    this.#keep(viewer);
  }

  /** Sends a viewer its first messages; from now on it gets what the session gets. */
  welcome(viewer: Viewer, messages: readonly Uint8Array[]): void {
    for (const message of messages) this.#send(viewer, message);
    viewer.state = "live";
    this.#joining.delete(viewer);
    this.#keep(viewer);
  }

  /** Lets a socket keep the position: exact through hibernation, without a write to storage. */
  carry(position: Position): void {
    this.#position = position;
    const [carrier] = this.#viewers;
    if (carrier) this.#keep(carrier);
  }

  #keep({ id, joinedAtMs, state, group, socket }: Viewer): void {
    const subscription = fitsSocket(group.encoded) ? group.encoded : null;
    const position = this.#position;
    socket.keep({ version: 1, id, joinedAtMs, state, subscription, position } satisfies KeptViewer);
  }

  /** To everyone who has had a first message. */
  broadcast(message: Uint8Array): void {
    for (const group of this.#groups) this.sendToGroup(group, message);
  }

  sendToGroup(group: Group, message: Uint8Array): void {
    for (const viewer of group.viewers) {
      if (viewer.state === "live") this.#send(viewer, message);
    }
  }

  /** A socket that cannot take a message is gone, and nobody else is the worse for it. */
  #send(viewer: Viewer, message: Uint8Array): void {
    try {
      viewer.socket.send(message);
    } catch {
      this.close(viewer, "internal");
      return;
    }
    this.#deps.metrics.add("frames_sent_total");
    this.#deps.metrics.add("bytes_sent_total", message.byteLength);
  }

  close(viewer: Viewer, name: CloseName): void {
    this.remove(viewer);
    viewer.socket.close(CLOSES[name].code, CLOSES[name].reason);
  }

  closeAll(name: CloseName): void {
    for (const viewer of this.#viewers) this.close(viewer, name);
  }

  remove(viewer: Viewer): void {
    if (!this.#viewers.delete(viewer)) return;
    this.#joining.delete(viewer);
    this.#groups.remove(viewer);
    if (!fitsSocket(viewer.group.encoded)) this.#deps.store.delete(storageKey(viewer));
  }
}

function fitsSocket(encoded: EncodedSubscription): boolean {
  return encoded.byteLength <= MAX_KEPT_SUBSCRIPTION_BYTES;
}
