import type { Catalogue } from "./catalogue.ts";
import type { Link, LinkCause } from "./link.ts";
import type { Session } from "./session.ts";
import { onlyOnce, UpdateQueue } from "./update-queue.ts";
import { type FollowHandlers, type Updates, updateOf } from "./updates.ts";

/** Passes updates on: to handlers at once, to a loop through its queue. */
export class Teller {
  readonly ended: Promise<LinkCause>;
  link: Link = { state: "connecting" };
  #handlers: FollowHandlers;
  #queue: UpdateQueue | null = null;
  readonly #onLeave: () => void;
  #end = (_cause: LinkCause): void => {};

  constructor(handlers: FollowHandlers, onLeave: () => void) {
    this.#handlers = handlers;
    this.#onLeave = onLeave;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  tell<Kind extends keyof FollowHandlers>(kind: Kind, update: Updates[Kind]): void {
    if (kind === "link") this.link = update as Link;
    try {
      (this.#handlers[kind] as ((update: Updates[Kind]) => void) | undefined)?.(update);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
    this.#queue?.push(updateOf(kind, update));
    if (this.link.state === "closed") {
      this.#end(this.link.cause);
      this.#queue?.end();
    }
  }

  /** Handlers are told no more. */
  mute(): void {
    this.#handlers = {};
  }

  /** The one loop's queue, with states as they are. Throws ClientError for a second one. */
  queue(states: { readonly session: Session; readonly catalogue: Catalogue }): UpdateQueue {
    onlyOnce(this.#queue);
    this.#queue = new UpdateQueue(this.#onLeave);
    this.#queue.push(updateOf("link", this.link));
    this.#queue.push(updateOf("session", states.session));
    this.#queue.push(updateOf("catalogue", states.catalogue));
    if (this.link.state === "closed") this.#queue.end();
    return this.#queue;
  }
}
