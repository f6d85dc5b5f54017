import {
  decodeSubscription,
  type EncodedSubscription,
  type Subscription,
  subscriptionKey,
} from "./subscription.ts";
import type { Viewer } from "./viewer.ts";

/** Viewers with equal subscriptions: they get the same bytes, joined and compressed once. */
export interface Group {
  readonly key: string;
  readonly encoded: EncodedSubscription;
  readonly subscription: Subscription;
  readonly viewers: Set<Viewer>;
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
      group = { key, encoded, subscription: decodeSubscription(encoded), viewers: new Set() };
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
