import type { EventItem } from "../wire/samples.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Link } from "./link.ts";
import type { Problem } from "./problem.ts";
import type { Hole, SampleRun } from "./samples.ts";
import type { Session, TimeRange } from "./session.ts";

/** What following tells, by name. */
export interface Updates {
  /** How the connection stands. */
  readonly link: Link;
  /** Metadata changed; time ranges alone come as `timeRange`. */
  readonly session: Session;
  /** The union of all ranges that are known. */
  readonly timeRange: TimeRange;
  readonly catalogue: Catalogue;
  /**
   * Samples of one channel, in no order of time: backfill lies behind. After a reconnect samples are told again,
   * unless a store is given: then each is told once.
   */
  readonly samples: SampleRun;
  /** Told once each, however many connections carry it; equal ones at one instant are told as often as they happened. */
  readonly event: EventItem;
  /** Samples may be missing here, and nothing that is on its way will bring them. */
  readonly hole: Hole;
  /** Something was skipped; following goes on. */
  readonly problem: Problem;
  /** A loop over the session was too slow: its queue was full and these were left out of it, the oldest first. */
  readonly dropped: Dropped;
}

export interface Dropped {
  readonly samples: number;
  readonly events: number;
}

/** Called at once, in the order of the stream. What a handler throws is thrown again outside, and harms nothing. */
export type FollowHandlers = {
  readonly [Kind in Exclude<keyof Updates, "dropped">]?: (update: Updates[Kind]) => void;
};

/** One update in a loop over the session: `{ kind: "samples", samples }`. */
export type Update = {
  [Kind in keyof Updates]: { readonly kind: Kind } & { readonly [Name in Kind]: Updates[Kind] };
}[keyof Updates];

/** An update from its name and content. */
export function updateOf<Kind extends keyof Updates>(kind: Kind, content: Updates[Kind]): Update {
  return { kind, [kind]: content } as unknown as Update;
}
