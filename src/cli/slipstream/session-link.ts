import type { FollowOptions, Link, LinkCause } from "../../client/index.ts";
import { CommandError } from "../command-error.ts";

/** Why there is nothing to follow, and what to do about it. */
const WORDS: Readonly<Record<LinkCause, string>> = {
  unreachable: "the service cannot be reached: is it running (`npm run demo`), is --url right?",
  "not-available":
    "it has nothing to stream for this session: `slipstream sessions` lists those that Redis knows",
  "no-such-session": "it does not know this session: `slipstream sessions` lists those that Redis knows",
  "not-open": "the session has not been opened yet: --wait waits for it",
  dropped: "the connection broke",
  restarting: "the service is going down, or restarting",
  overloaded: "the service has too many viewers, or this one was too slow",
  "server-error": "the service failed, most often since it cannot reach Redis: `slipstream doctor` tells",
  refused: "the service asks for another token: --token, or SLIPSTREAM_TOKEN",
  "no-websocket": "this Node has no WebSocket: 22 and newer do",
  ended: "the session is closed",
  "by-client": "stopped",
};

export function linkWords(cause: LinkCause): string {
  return WORDS[cause];
}

/** The link in a word or two. */
export function linkName(link: Link): string {
  return link.state === "unavailable" ? "waiting" : link.state;
}

/** The error to end with when following ended for this cause; undefined when it is how things end. */
export function failureOf(cause: LinkCause, url: string): CommandError | undefined {
  if (cause === "ended" || cause === "by-client") return undefined;
  return new CommandError(`cannot follow at ${url}: ${WORDS[cause]}`);
}

/** What of a session `--parameter`, `--channel` and `--no-events` leave. */
export function subscriptionOf(flags: {
  readonly parameter?: readonly string[];
  readonly channel?: readonly number[];
  readonly noEvents?: boolean;
}): Pick<FollowOptions, "parameters" | "channels" | "events"> {
  const { parameter = [], channel = [], noEvents = false } = flags;
  const isAll = parameter.length === 0 && channel.length === 0;
  return { parameters: parameter, channels: isAll ? "all" : channel, events: !noEvents };
}
