import { streamIdMs } from "../wire/stream-id.ts";
import { Fanout } from "./fanout.ts";
import type { Step } from "./follower.ts";
import type { Group } from "./group.ts";
import { Metadata } from "./metadata.ts";
import type { SessionDeps } from "./ports.ts";
import type { Roster } from "./roster.ts";
import type { Viewer } from "./viewer.ts";

/** After this much silence the time range is sent again, so that nothing on the way drops the connection. */
const KEEP_ALIVE_MS = 20_000;

/** Brings viewers what was read: the stream's entries, and the metadata that does not come by them. */
export class Delivery {
  readonly metadata = new Metadata();
  readonly #deps: SessionDeps;
  readonly #roster: Roster;
  readonly #fanout: Fanout<Group>;
  #sentAtMs = 0;
  /** Whether the entries of this read brought a Session JSON. */
  #jsonSeen = false;

  constructor(deps: SessionDeps, roster: Roster) {
    this.#deps = deps;
    this.#roster = roster;
    this.#fanout = new Fanout({
      sessionJson: (json) => {
        this.#jsonSeen = true;
        this.metadata.setJson(json);
      },
      timeRange: (range) => this.metadata.widen(range),
      rejected: ({ id }) => {
        deps.metrics.add("entries_rejected_total");
        deps.log("entry-rejected", { entry: id });
      },
      message: (group, message, kind) => roster.sendToGroup(group, message, kind),
    });
  }

  /**
   * Delivers what one read brought. The session's entry was read before the entries of the stream. A producer may
   * write it after the stream, or it alone. What the stream holds goes first: only a Session JSON that it has not
   * brought, though it was read to its end, is sent from the entry.
   */
  deliver({ ours, drained, entry }: Step): void {
    const { metrics, now } = this.#deps;
    this.#jsonSeen = false;
    this.#roster.begin();
    this.#fanout.deliver(ours, this.#roster.groups);
    for (const { id } of ours) metrics.observeDelivery(now() - streamIdMs(id));
    metrics.add("entries_total", ours.length);
    if (ours.length > 0) this.#sentAtMs = now();
    if (entry) this.metadata.widen(entry.range);
    if (entry && drained && !this.#jsonSeen && entry.json !== null && !this.metadata.knows(entry.json)) {
      this.metadata.setJson(entry.json);
      this.#broadcast(this.metadata.jsonMessage());
    }
    if (now() - this.#sentAtMs >= KEEP_ALIVE_MS) this.#broadcast(this.metadata.rangeMessage());
  }

  #broadcast(message: Uint8Array | null): void {
    if (message) this.#roster.broadcast(message);
    this.#sentAtMs = this.#deps.now();
  }

  /**
   * Sends viewers what they get first: the Session JSON alone, then the time range if one is known. Where there is none
   * yet they are closed. Those that are here from now on.
   */
  admit(viewers: readonly Viewer[]): readonly Viewer[] {
    const here = viewers.filter((viewer) => this.#roster.has(viewer));
    if (here.length === 0) return here;
    const json = this.metadata.jsonMessage();
    const range = this.metadata.rangeMessage();
    for (const viewer of here) {
      if (json) this.#roster.welcome(viewer, range ? [json, range] : [json]);
      else this.#roster.close(viewer, "notAvailable");
    }
    this.#sentAtMs = this.#deps.now();
    return here.filter((viewer) => this.#roster.has(viewer));
  }
}
