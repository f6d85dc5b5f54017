import {
  decodeSubscription,
  type EncodedSubscription,
  encodeSubscription,
  NOTHING,
  type Subscription,
  subscriptionKey,
} from "./subscription.ts";
import type { Viewer } from "./viewer.ts";

/** A subscription in each of its forms: to test items, to keep, to compare. */
export interface Wanted {
  readonly key: string;
  readonly encoded: EncodedSubscription;
  readonly subscription: Subscription;
}

export function wanted(encoded: EncodedSubscription): Wanted {
  return { key: subscriptionKey(encoded), encoded, subscription: decodeSubscription(encoded) };
}

export const NOTHING_WANTED = wanted(encodeSubscription(NOTHING));

/** Viewers with equal subscriptions: they get the same bytes, joined and compressed once. */
export interface Group extends Wanted {
  readonly viewers: Set<Viewer>;
  /** Somebody's socket is full: metadata and events go out in messages of their own. */
  urgentApart: boolean;
}

/** The groups of a session; each lives as long as it has viewers. */
export class Groups {
  readonly #byKey = new Map<string, Group>();

  [Symbol.iterator](): IterableIterator<Group> {
    return this.#byKey.values();
  }

  /** The group of a subscription, made when it is the first of its kind. */
  of(encoded: EncodedSubscription): Group {
    const key = subscriptionKey(encoded);
    let group = this.#byKey.get(key);
    if (!group) {
      group = { ...wanted(encoded), viewers: new Set(), urgentApart: false };
      this.#byKey.set(key, group);
    }
    return group;
  }

  move(viewer: Viewer, encoded: EncodedSubscription): void {
    this.remove(viewer);
    viewer.group = this.of(encoded);
    viewer.group.viewers.add(viewer);
  }

  remove(viewer: Viewer): void {
    const { key, viewers } = viewer.group;
    viewers.delete(viewer);
    if (viewers.size === 0) this.#byKey.delete(key);
  }
}
