import { readFileSync } from "node:fs";
import {
  type Catalogue,
  type EventItem,
  type Following,
  type FollowOptions,
  follow,
  type Hole,
  type Link,
  type Problem,
  type SampleRun,
  type Session,
  type TimeRange,
} from "../../src/client/index.ts";
import { sessionJsonBurst } from "../../src/wire/burst.ts";
import { compress } from "../../src/wire/lz4.ts";
import { FakeRuntime } from "./client-runtime.ts";

export const OPEN = '{"identity":"s","state":"open"}';

/** A message of the server's, from the vectors of the protocol reference. */
export function vector(name: string): Uint8Array {
  return readFileSync(new URL(`../fixtures/vectors/${name}.lz4`, import.meta.url));
}

/** A message with a Session JSON. */
export function sessionMessage(json: string): Uint8Array {
  return compress(sessionJsonBurst(json));
}

/** A client in the hands of a test, and everything it has told. */
export class FollowedSession {
  readonly runtime = new FakeRuntime();
  readonly links: Link[] = [];
  readonly sessions: Session[] = [];
  readonly ranges: TimeRange[] = [];
  readonly catalogues: Catalogue[] = [];
  readonly runs: SampleRun[] = [];
  readonly events: EventItem[] = [];
  readonly holes: Hole[] = [];
  readonly problems: Problem[] = [];
  #following: Following | undefined;

  get following(): Following {
    if (this.#following === undefined) throw new Error("The client has not been started");
    return this.#following;
  }

  get states(): Link["state"][] {
    return this.links.map(({ state }) => state);
  }

  /** Called besides; may be set at any time. */
  readonly handlers: { samples?: (run: SampleRun) => void } = {};
  /** Options of `follow` for `start`; `on` and `runtime` are the session's own. */
  options: FollowOptions = {};

  readonly start = (identity = "s"): void => {
    this.#following = follow("http://host/base/", identity, {
      ...this.options,
      on: {
        link: (link) => this.links.push(link),
        session: (session) => this.sessions.push(session),
        timeRange: (range) => this.ranges.push(range),
        catalogue: (catalogue) => this.catalogues.push(catalogue),
        samples: (run) => {
          this.runs.push(run);
          this.handlers.samples?.(run);
        },
        event: (event) => this.events.push(event),
        hole: (hole) => this.holes.push(hole),
        problem: (problem) => this.problems.push(problem),
      },
      runtime: this.runtime,
    });
  };

  /** The server accepts the connection and sends message 1. */
  readonly join = async (): Promise<void> => {
    this.runtime.socket.open();
    this.runtime.socket.receive(sessionMessage(OPEN));
    await this.runtime.pass(0);
  };

  /** Follows a session that REST calls open, up to message 1. */
  readonly goLive = async (identity = "s"): Promise<void> => {
    this.runtime.rest.set(`sessions/${encodeURIComponent(identity)}`, OPEN);
    this.start(identity);
    await this.runtime.pass(0);
    await this.join();
  };
}
