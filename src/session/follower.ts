import type { Redis } from "@upstash/redis/cloudflare";
import { type EntryPlace, findEntry } from "../redis/directory.ts";
import { GatewayError } from "../redis/gateway.ts";
import { ReadSize } from "../redis/read-size.ts";
import {
  readEntryAndStream,
  readInfo,
  readRange,
  readStream,
  readTailAndEntry,
  type StreamEntry,
} from "../redis/reader.ts";
import type { SessionEntry } from "../redis/session-entry.ts";
import { compareStreamIds, FIRST_STREAM_ID } from "../wire/stream-id.ts";
import { type Finding, type Fingerprint, fingerprint, idOf, StreamAudit } from "./audit.ts";
import type { Boundary } from "./boundary.ts";
import { type KeptSource, Source } from "./source.ts";
import type { Position } from "./viewer.ts";

/** How often the session's entry is read again while viewers are there; also the distance of two misses. */
const ENTRY_INTERVAL_MS = 5_000;

/** A poll brings one entry as a rule: were no more asked for, each would seem to leave some behind. */
const LEAST_COUNT = 2;

/** What one request brought. */
export interface Step {
  /** The session's new entries, in stream order. */
  readonly ours: readonly StreamEntry[];
  /** The end of the stream was reached, and the producer has not gone on under another id or in another stream. */
  readonly drained: boolean;
  /** The session's entry; null when it is gone, undefined when it was not asked for. */
  readonly entry: SessionEntry | null | undefined;
  /** Commands that the request cost. */
  readonly commands: number;
  /** Marks the entries as delivered; tells what the count of them gives away. */
  accept(nowMs: number): Finding;
}

export interface KeptFollower {
  readonly source: KeptSource;
  /** The entries read last. */
  readonly recent: readonly Fingerprint[];
}

/** Follows one session in Redis: knows where it is, how far it has been read, and reads on. */
export class Follower {
  readonly #redis: Redis;
  readonly #readSize = new ReadSize();
  #source: Source;
  #audit: StreamAudit;
  #entryDueMs: number;
  #misses = 0;

  private constructor(redis: Redis, source: Source, audit: StreamAudit, entryDueMs: number) {
    this.#redis = redis;
    this.#source = source;
    this.#audit = audit;
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
    const nowMs = now();
    const follower = new Follower(redis, source, new StreamAudit(nowMs), nowMs + ENTRY_INTERVAL_MS);
    return { follower, entry: { ...entry, json: entry.json } };
  }

  /** Goes on after hibernation. The entry is read first of all: it may have changed meanwhile. */
  static restore(redis: Redis, kept: KeptFollower, positions: readonly Position[], nowMs: number): Follower {
    const source = Source.restore(kept.source);
    for (const position of positions) source.recall(position);
    return new Follower(redis, source, new StreamAudit(nowMs, kept.recent), 0);
  }

  keep(): KeptFollower {
    return { source: this.#source.keep(), recent: this.#audit.recent };
  }

  get position(): Position {
    return this.#source.position;
  }

  /** What has been dealt with so far; immutable. */
  get boundary(): Boundary {
    return this.#source.boundary;
  }

  /** Nothing of the session lies before this id. */
  get begin(): string {
    return this.#source.begin;
  }

  /** How often in a row the entry was missing. */
  get misses(): number {
    return this.#misses;
  }

  /** When the entry is to be read again. */
  get entryDueMs(): number {
    return this.#entryDueMs;
  }

  /**
   * One request for about `bytes` of entries at most; with the session's entry when that is due or wanted. Throws
   * GatewayError.
   */
  async read(sentMs: number, wantEntry: boolean, bytes: number): Promise<Step> {
    const { place, boundary } = this.#source;
    const { streamName, cursor } = boundary.fields;
    const count = Math.min(this.#readSize.count, Math.max(LEAST_COUNT, this.#readSize.countWithin(bytes)));
    const withEntry = wantEntry || sentMs >= this.#entryDueMs;
    try {
      const { entry, read } = withEntry
        ? await readEntryAndStream(this.#redis, place, streamName, cursor, count)
        : { entry: undefined, read: await readStream(this.#redis, streamName, cursor, count) };
      this.#readSize.observe(read.entries.map((each) => each.encodedBytes));
      if (entry !== undefined) this.#entryDueMs = sentMs + ENTRY_INTERVAL_MS;
      const drained = !read.full;
      return {
        ours: read.entries.filter((each) => boundary.awaits(each)),
        drained: drained && !(entry && this.#source.differs(entry)),
        entry,
        commands: withEntry ? 2 : 1,
        accept: (nowMs) => {
          const last = read.entries.at(-1);
          if (last) this.#source.advance(last.id);
          const finding = this.#audit.read(read.entries, nowMs);
          if (entry !== undefined) this.#compare(entry, drained, nowMs);
          return finding;
        },
      };
    } catch (error) {
      if (error instanceof GatewayError && error.code === "too-large") this.#readSize.shrink();
      else this.#readSize.beCautious();
      throw error;
    }
  }

  #compare(entry: SessionEntry | null, drained: boolean, nowMs: number): void {
    this.#misses = entry === null ? this.#misses + 1 : 0;
    if (entry === null || !this.#source.differs(entry)) return;
    // Another stream is taken up when this one has been read to its end.
    if (drained || entry.streamName === this.boundary.fields.streamName) {
      this.#source = this.#source.succeededBy(entry);
      this.#audit = new StreamAudit(nowMs, this.#audit.recent);
    } else {
      this.#entryDueMs = 0;
    }
  }

  isLookDue(nowMs: number): boolean {
    return this.#audit.isDue(nowMs);
  }

  /**
   * Looks at the stream as a whole. After `went-back` the cursor stands on the last entry that had been read and
   * is still there, or at the beginning. Throws GatewayError.
   */
  async look(now: () => number): Promise<Finding> {
    const { streamName } = this.boundary.fields;
    const info = await readInfo(this.#redis, streamName);
    const finding = this.#audit.look(info, this.boundary, now());
    if (finding.kind !== "went-back") return finding;
    const survivor = await this.#lastSurvivor(streamName, info.lastId);
    this.#source = this.#source.wentBackTo(survivor ?? FIRST_STREAM_ID);
    this.#audit = new StreamAudit(now());
    return finding;
  }

  /**
   * After a failover the stream ends in entries that were read, and what it has been given since. One that was made
   * anew has none of them; should an id and a size be the same by chance, other entries come before it.
   */
  async #lastSurvivor(streamName: string, to: string): Promise<string | null> {
    const { recent } = this.#audit;
    if (recent.length === 0) return null;
    const ids = recent.map(idOf);
    const from = ids.reduce((a, b) => (compareStreamIds(a, b) <= 0 ? a : b), to);
    const range = { from, inclusive: true, to, count: recent.length };
    const { entries } = await readRange(this.#redis, streamName, range);
    const news = entries.findIndex((entry) => !recent.includes(fingerprint(entry)));
    const survivors = news < 0 ? entries : entries.slice(0, news);
    return survivors.at(-1)?.id ?? null;
  }
}
