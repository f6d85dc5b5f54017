import type { Redis } from "@upstash/redis/cloudflare";
import { type EntryPlace, findEntry } from "../redis/directory.ts";
import { GatewayError } from "../redis/gateway.ts";
import { ReadSize } from "../redis/read-size.ts";
import { readEntryAndStream, readStream, readTailAndEntry, type StreamEntry } from "../redis/reader.ts";
import type { SessionEntry } from "../redis/session-entry.ts";
import { type KeptSource, Source } from "./source.ts";
import type { Position } from "./viewer.ts";

/** How often the session's entry is read again while viewers are there; also the distance of two misses. */
const ENTRY_INTERVAL_MS = 5_000;

/** What one request brought. */
export interface Step {
  /** The session's new entries, in stream order. */
  readonly ours: readonly StreamEntry[];
  /** The end of the stream was reached. */
  readonly drained: boolean;
  /** The session's entry; null when it is gone, undefined when it was not asked for. */
  readonly entry: SessionEntry | null | undefined;
  /** Commands that the request cost. */
  readonly commands: number;
  /** Marks the entries as delivered. */
  accept(): void;
}

/** Follows one session in Redis: knows where it is, how far it has been read, and reads on. */
export class Follower {
  readonly #redis: Redis;
  readonly #readSize = new ReadSize();
  #source: Source;
  #entryDueMs: number;
  #misses = 0;

  private constructor(redis: Redis, source: Source, entryDueMs: number) {
    this.#redis = redis;
    this.#source = source;
    this.#entryDueMs = entryDueMs;
  }

  /**
   * Looks for a session; the stream is followed from its end on. Null when there is none, or none with a
   * Session JSON yet. Throws GatewayError.
   */
  static async find(
    redis: Redis,
    places: readonly EntryPlace[],
    now: () => number,
  ): Promise<{ follower: Follower; entry: SessionEntry & { json: string } } | null> {
    const found = await findEntry(redis, places);
    if (!found || found.entry.json === null) return null;
    const { tail, entry } = await readTailAndEntry(redis, found.place, found.entry.streamName);
    // Moved to another stream between the two requests: what was read as its end is another stream's.
    if (entry && entry.streamName !== found.entry.streamName) return Follower.find(redis, places, now);
    if (!entry || entry.json === null) return null;
    const source = Source.at(found.place, entry, tail);
    const { json } = entry;
    return { follower: new Follower(redis, source, now() + ENTRY_INTERVAL_MS), entry: { ...entry, json } };
  }

  /** Goes on after hibernation. The entry is read first of all: it may have changed meanwhile. */
  static restore(redis: Redis, kept: KeptSource, positions: readonly Position[]): Follower {
    const source = Source.restore(kept);
    for (const position of positions) source.recall(position);
    return new Follower(redis, source, 0);
  }

  keep(): KeptSource {
    return this.#source.keep();
  }

  get position(): Position {
    return { sourceNumber: this.#source.number, cursor: this.#source.cursor };
  }

  /** How often in a row the entry was missing. */
  get misses(): number {
    return this.#misses;
  }

  /** When the entry is to be read again. */
  get entryDueMs(): number {
    return this.#entryDueMs;
  }

  /** One request; with the session's entry when that is due or wanted. Throws GatewayError. */
  async read(sentMs: number, wantEntry: boolean): Promise<Step> {
    const source = this.#source;
    const { streamName, cursor, place } = source;
    const { count } = this.#readSize;
    const withEntry = wantEntry || sentMs >= this.#entryDueMs;
    try {
      const { entry, read } = withEntry
        ? await readEntryAndStream(this.#redis, place, streamName, cursor, count)
        : { entry: undefined, read: await readStream(this.#redis, streamName, cursor, count) };
      this.#readSize.observe(read.entries.map((each) => each.encodedBytes));
      if (entry !== undefined) this.#entryDueMs = sentMs + ENTRY_INTERVAL_MS;
      const drained = !read.full;
      return {
        ours: read.entries.filter((each) => source.isOurs(each)),
        drained,
        entry,
        commands: withEntry ? 2 : 1,
        accept: () => {
          const last = read.entries.at(-1);
          if (last) source.advance(last.id);
          if (entry !== undefined) this.#compare(entry, drained);
        },
      };
    } catch (error) {
      if (error instanceof GatewayError && error.code === "too-large") this.#readSize.shrink();
      else this.#readSize.beCautious();
      throw error;
    }
  }

  #compare(entry: SessionEntry | null, drained: boolean): void {
    this.#misses = entry === null ? this.#misses + 1 : 0;
    if (entry === null || !this.#source.differs(entry)) return;
    // Another stream is taken up when this one has been read to its end.
    if (drained || entry.streamName === this.#source.streamName) {
      this.#source = this.#source.succeededBy(entry);
    } else {
      this.#entryDueMs = 0;
    }
  }
}
