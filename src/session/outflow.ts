import type { Group } from "./group.ts";
import type { MessageKind } from "./outbox.ts";
import type { Metrics } from "./ports.ts";
import type { Viewer, ViewerState } from "./viewer.ts";

/** A socket is given no more while this much waits in it: what is urgent is then never far from the front. */
const MARK_BYTES = 256 * 1024;
/** Taken to leave a socket that does not tell how much is waiting: the pace of a good line. */
const ASSUMED_DRAIN_BYTES_PER_MS = 4 * 1024;
/** What all viewers together may lag behind: it waits in the memory that all of them share. */
export const MAX_UNSENT_BYTES = 32 * 1024 * 1024;
/** Between looks for room in sockets, longer and longer while there is none. */
const FIRST_DRAIN_MS = 25;
const LONGEST_DRAIN_MS = 1_000;

export interface OutflowDeps {
  readonly settings: { readonly viewerQueueBytes: number };
  readonly metrics: Metrics;
  readonly now: () => number;
  /** A socket could not take a message: it is gone. */
  readonly broken: (viewer: Viewer) => void;
}

/** Sends to viewers what their sockets have room for, and keeps the rest until they do. */
export class Outflow {
  readonly #deps: OutflowDeps;
  /** Those with something in their outbox. */
  readonly #heldUp = new Set<Viewer>();
  /** What waits for any one viewer, and for all, at most. */
  #mostUnsent = { ofOne: 0, total: 0 };
  #drain = { everyMs: FIRST_DRAIN_MS, atMs: 0 };

  constructor(deps: OutflowDeps) {
    this.#deps = deps;
  }

  /** Bytes that were sent to a viewer and wait in our memory. */
  unsentBytes(viewer: Viewer): number {
    return this.#inSocket(viewer) + viewer.outbox.bytes;
  }

  #inSocket(viewer: Viewer): number {
    return viewer.socket.bufferedBytes() ?? assumedUnsent(viewer, this.#deps.now());
  }

  /** To those of `viewers` that are in `state`. */
  send(viewers: Iterable<Viewer>, message: Uint8Array, kind: MessageKind, state: ViewerState): void {
    const nowMs = this.#deps.now();
    const bytes = message.byteLength;
    let frames = 0;
    let held = 0;
    for (const viewer of viewers) {
      if (viewer.state !== state) continue;
      if (this.#hasRoom(viewer)) {
        if (!this.#transmit(viewer, message, nowMs)) continue;
        frames++;
      } else {
        viewer.outbox.add(message, kind);
        this.#heldUp.add(viewer);
        held++;
      }
      viewer.mostUnsentBytes += bytes;
      this.#mostUnsent.ofOne = Math.max(this.#mostUnsent.ofOne, viewer.mostUnsentBytes);
    }
    this.#mostUnsent.total += (frames + held) * bytes;
    this.#count(frames, frames * bytes);
  }

  #count(frames: number, bytes: number): void {
    this.#deps.metrics.add("frames_sent_total", frames);
    this.#deps.metrics.add("bytes_sent_total", bytes);
  }

  /** Sockets are asked only when too much may wait: to ask a thousand costs as much as to send to them. */
  #hasRoom(viewer: Viewer): boolean {
    if (!viewer.outbox.isEmpty) return false;
    if (viewer.mostUnsentBytes > MARK_BYTES) viewer.mostUnsentBytes = this.#inSocket(viewer);
    return viewer.mostUnsentBytes <= MARK_BYTES;
  }

  #transmit(viewer: Viewer, message: Uint8Array, nowMs: number): boolean {
    try {
      viewer.socket.send(message);
    } catch {
      this.#deps.broken(viewer);
      return false;
    }
    viewer.unsent.bytes = assumedUnsent(viewer, nowMs) + message.byteLength;
    viewer.unsent.atMs = nowMs;
    return true;
  }

  /** When `drain` is wanted next; null while nobody is held up. */
  get drainMs(): number | null {
    return this.#heldUp.size === 0 ? null : this.#drain.atMs;
  }

  /** Gives sockets that have room again what waited for it. */
  drain(): void {
    let moved = false;
    for (const viewer of this.#heldUp) {
      const before = viewer.outbox.bytes;
      this.#empty(viewer, MARK_BYTES - this.#inSocket(viewer));
      moved ||= viewer.outbox.bytes < before;
    }
    const everyMs = moved ? FIRST_DRAIN_MS : Math.min(2 * this.#drain.everyMs, LONGEST_DRAIN_MS);
    this.#drain = { everyMs, atMs: this.#deps.now() + everyMs };
  }

  /** Groups with somebody who is held up: what is urgent goes to them in messages of its own. */
  markGroups(groups: Iterable<Group>): void {
    for (const group of groups) group.urgentApart = false;
    for (const { group } of this.#heldUp) group.urgentApart = true;
  }

  /** Gives a socket all that waits for it, whatever its room: it will be closed. */
  empty(viewer: Viewer): void {
    this.#empty(viewer, Number.POSITIVE_INFINITY);
  }

  #empty(viewer: Viewer, room: number): void {
    const { outbox } = viewer;
    const nowMs = this.#deps.now();
    for (let left = room; left >= 0 && !outbox.isEmpty; ) {
      const message = outbox.take()!;
      if (!this.#transmit(viewer, message, nowMs)) return;
      this.#count(1, message.byteLength);
      left -= message.byteLength;
    }
    if (outbox.isEmpty) this.#heldUp.delete(viewer);
  }

  forget(viewer: Viewer): void {
    this.#heldUp.delete(viewer);
  }

  /**
   * Viewers that lag too far behind, and the slowest while all together do. Before a round is sent: what waits then is
   * left from earlier ones, what was just sent has had no chance to leave.
   */
  tooSlow(viewers: readonly Viewer[]): readonly Viewer[] {
    const { viewerQueueBytes } = this.#deps.settings;
    const most = this.#mostUnsent;
    if (most.ofOne <= viewerQueueBytes && most.total <= MAX_UNSENT_BYTES) return [];
    for (const viewer of viewers) viewer.mostUnsentBytes = this.unsentBytes(viewer);
    const lagging = viewers
      .filter(({ mostUnsentBytes }) => mostUnsentBytes > 0)
      .sort((a, b) => b.mostUnsentBytes - a.mostUnsentBytes);
    let total = lagging.reduce((sum, { mostUnsentBytes }) => sum + mostUnsentBytes, 0);
    this.#mostUnsent = { ofOne: lagging[0]?.mostUnsentBytes ?? 0, total };
    const slowest = lagging.findIndex(({ mostUnsentBytes }) => {
      if (mostUnsentBytes <= viewerQueueBytes && total <= MAX_UNSENT_BYTES) return true;
      total -= mostUnsentBytes;
      return false;
    });
    return slowest < 0 ? lagging : lagging.slice(0, slowest);
  }
}

function assumedUnsent({ unsent }: Viewer, nowMs: number): number {
  return Math.max(0, unsent.bytes - (nowMs - unsent.atMs) * ASSUMED_DRAIN_BYTES_PER_MS);
}
