import type { Catalogue } from "./catalogue.ts";
import { mustBe } from "./errors.ts";
import { Follower } from "./follower.ts";
import type { Link, LinkCause } from "./link.ts";
import { checkOptions, checkUrl, type FollowOptions, type Subscription } from "./options.ts";
import { runtimeWith } from "./runtime.ts";
import type { Session } from "./session.ts";
import type { Update } from "./updates.ts";

/**
 * A session that is being followed. Looping over it (once) yields every update from then on, states as they are first;
 * leaving the loop closes it.
 */
export interface Following extends AsyncIterable<Update, undefined> {
  readonly link: Link;
  readonly session: Session;
  readonly catalogue: Catalogue;
  /** Why following ended; resolves then, and never rejects. */
  readonly ended: Promise<LinkCause>;
  /** Widens the subscription; it survives reconnects and cannot be narrowed. Throws ClientError. */
  subscribe(subscription: Subscription): void;
  /** Ends following for good. */
  close(): void;
}

/**
 * Follows the leading edge of a session until it ends, access is refused or `close` is called; connections that break
 * are made anew. Works in browsers, their workers, Node and Workers. Throws ClientError when an argument is wrong, and
 * nothing later.
 *
 * @param url the Stream Service, with REST beside it: `https://host` or `https://host/base`
 * @param identity the session's public identity
 * @param options what is wanted, and who is to be told
 */
export function follow(url: string | URL, identity: string, options: FollowOptions = {}): Following {
  const baseUrl = checkUrl(url);
  mustBe(typeof identity === "string" && identity !== "", "identity", "the identity of a session");
  checkOptions(options);
  const follower = new Follower(baseUrl, identity, options, runtimeWith(options.runtime ?? {}));
  follower.start();
  return follower;
}
