import type { SessionEntry } from "../redis/session-entry.ts";
import { Metadata } from "./metadata.ts";
import type { Roster } from "./roster.ts";

/** After this much silence the time range is sent again, so that nothing on the way drops the connection. */
const KEEP_ALIVE_MS = 20_000;

/** Brings viewers the metadata that does not come by the stream's own entries. */
export class MetadataRelay {
  readonly metadata = new Metadata();
  readonly #roster: Roster;
  readonly #now: () => number;
  #sentAtMs = 0;
  #jsonSeen = false;

  constructor(roster: Roster, now: () => number) {
    this.#roster = roster;
    this.#now = now;
  }

  /** A read begins: what its entries bring counts from here. */
  begin(): void {
    this.#jsonSeen = false;
  }

  /** The stream brought a Session JSON. */
  learn(json: string): void {
    this.#jsonSeen = true;
    this.metadata.setJson(json);
  }

  /** Something was sent to everyone. */
  sent(): void {
    this.#sentAtMs = this.#now();
  }

  /**
   * The session's entry was read, before the entries of the same read. A producer may write it after the stream,
   * or it alone. What the stream holds goes first: only a Session JSON that it has not brought, though it was
   * read to its end, is sent from here. True if one was.
   */
  compare(entry: SessionEntry, drained: boolean): boolean {
    this.metadata.widen(entry.range);
    if (!drained || this.#jsonSeen || entry.json === null || this.metadata.knows(entry.json)) return false;
    this.metadata.setJson(entry.json);
    this.#broadcast(this.metadata.jsonMessage());
    return true;
  }

  keepAlive(): void {
    if (this.#now() - this.#sentAtMs >= KEEP_ALIVE_MS) this.#broadcast(this.metadata.rangeMessage());
  }

  #broadcast(message: Uint8Array | null): void {
    if (message) this.#roster.broadcast(message);
    this.sent();
  }

  /** What a viewer gets first: the Session JSON alone, then the time range if one is known. Null: nothing yet. */
  firstMessages(): readonly Uint8Array[] | null {
    const json = this.metadata.jsonMessage();
    const range = this.metadata.rangeMessage();
    if (json === null) return null;
    return range ? [json, range] : [json];
  }
}
