import type { Redis } from "@upstash/redis/cloudflare";
import { type EntryPlace, findEntry } from "../redis/directory.ts";
import { GatewayError } from "../redis/gateway.ts";
import { passOver } from "../redis/pass-over.ts";
import { ReadSize } from "../redis/read-size.ts";
import {
  type Fingerprint,
  idOf,
  readInfo,
  readStream,
  readTailAndEntry,
  type StreamEntry,
} from "../redis/reader.ts";
import type { SessionEntry } from "../redis/session-entry.ts";
import { FIRST_STREAM_ID } from "../wire/stream-id.ts";
import { announces } from "./announcement.ts";
import { type Finding, type KeptAudit, StreamAudit } from "./audit.ts";
import { type Boundary, normalId } from "./boundary.ts";
import type { LiveEntry } from "./fanout.ts";
import { getAcquainted, lastSurvivor } from "./recognition.ts";
import { type KeptSource, Source } from "./source.ts";
import type { Position } from "./viewer.ts";

/** How often the session's entry is read again while viewers are there; also the distance of two misses. */
const ENTRY_INTERVAL_MS = 5_000;

/** A poll brings one entry as a rule: were no more asked for, each would seem to leave some behind. */
const LEAST_COUNT = 2;

/** Stream session ids that are remembered as seen. */
const MAX_SEEN_IDS = 1_000;

/** What one request brought. */
export interface Step {
  /** The session's new entries, in stream order. */
  readonly ours: readonly LiveEntry[];
  /** The end of the stream was reached, and the producer has not gone on under another id or in another stream. */
  readonly drained: boolean;
  /** The session's entry; null when it is gone, undefined when it was not asked for. */
  readonly entry: SessionEntry | null | undefined;
  /** Commands that the request cost. */
  readonly commands: number;
  /** False when the stream is not as it was read: nothing of this is to be delivered before a look at it. */
  readonly proven: boolean;
  /** Marks the entries as delivered. */
  accept(nowMs: number): void;
}

export interface FollowerDeps {
  readonly redis: Redis;
  /** Of the session. */
  readonly identity: string;
}

export interface KeptFollower {
  readonly source: KeptSource;
  readonly audit: KeptAudit;
}

/** Follows one session in Redis: knows where it is, how far it has been read, and reads on. */
export class Follower {
  readonly #redis: Redis;
  readonly #identity: string;
  readonly #readSize = new ReadSize();
  readonly #seenIds = new Set<string>();
  /** Ids under which the session was announced since its entry was read, each with the entry that did. */
  readonly #announced = new Map<string, string>();
  #source: Source;
  #audit: StreamAudit;
  #entryDueMs: number;
  #misses = 0;
  /** The next entry is one that no reply can hold. */
  #isStuck = false;

  private constructor(
    { redis, identity }: FollowerDeps,
    source: Source,
    audit: StreamAudit,
    entryDueMs: number,
  ) {
    this.#redis = redis;
    this.#identity = identity;
    this.#source = source;
    this.#audit = audit;
    this.#entryDueMs = entryDueMs;
  }

  /**
   * Looks for a session; the stream is followed from its end on. Null when there is none, or none with a
   * Session JSON yet. Throws GatewayError.
   */
  static async find(
    deps: FollowerDeps,
    places: readonly EntryPlace[],
    now: () => number,
  ): Promise<{ follower: Follower; entry: SessionEntry & { json: string } } | null> {
    const { redis } = deps;
    const found = await findEntry(redis, places);
    if (!found || found.entry.json === null) return null;
    const { tail, entry } = await readTailAndEntry(redis, found.place, found.entry.streamName);
    // Moved to another stream between the two requests: what was read as its end is another stream's.
    if (entry && entry.streamName !== found.entry.streamName) return Follower.find(deps, places, now);
    if (!entry || entry.json === null) return null;
    const source = Source.at(found.place, entry, tail?.id ?? FIRST_STREAM_ID);
    const nowMs = now();
    const audit = new StreamAudit(nowMs);
    if (tail) audit.read([tail]);
    const follower = new Follower(deps, source, audit, nowMs + ENTRY_INTERVAL_MS);
    return { follower, entry: { ...entry, json: entry.json } };
  }

  /** Goes on after hibernation. The entry is read first of all: it may have changed meanwhile. */
  static restore(
    deps: FollowerDeps,
    kept: KeptFollower,
    positions: readonly Position[],
    nowMs: number,
  ): Follower {
    const audit = new StreamAudit(nowMs, kept.audit);
    const follower = new Follower(deps, Source.restore(kept.source), audit, 0);
    for (const position of positions) follower.recall(position, nowMs);
    return follower;
  }

  /** Takes up a position that was not kept earlier than what is known. */
  recall(position: Position, nowMs: number): void {
    if (this.#source.recall(position)) this.#audit = this.#audit.recalling(position.audit, nowMs);
  }

  keep(): KeptFollower {
    return { source: this.#source.keep(), audit: this.#audit.keepInStorage() };
  }

  get position(): Position {
    return { ...this.#source.position, audit: this.#audit.keepWithSocket() };
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
    const { boundary } = this.#source;
    const { streamName: name, cursor } = boundary.fields;
    const count = Math.min(this.#readSize.count, Math.max(LEAST_COUNT, this.#readSize.countWithin(bytes)));
    const place = wantEntry || sentMs >= this.#entryDueMs ? this.#source.place : null;
    const proof = this.#audit.proofFor(sentMs);
    try {
      const reply = await readStream(this.#redis, { name, cursor, count, proof, place });
      const { entries, entry, commands, proven } = reply;
      this.#readSize.observe(entries.map((each) => each.encodedBytes));
      if (entry !== undefined) this.#entryDueMs = sentMs + ENTRY_INTERVAL_MS;
      if (proof !== null) this.#audit.proved(proven, sentMs);
      const drained = !reply.full;
      return {
        ours: entries
          .filter((each) => boundary.awaits(each))
          .map((each) => (boundary.isOutdated(each) ? { ...each, isOutdated: true } : each)),
        drained: drained && !(entry && this.#source.differs(entry)),
        ...{ entry, commands, proven },
        accept: (nowMs) => {
          const last = entries.at(-1);
          if (last) this.#source.advance(last.id);
          this.#audit.read(entries);
          for (const each of entries) if (this.#isStranger(each)) this.#meet(each);
          if (entry !== undefined) this.#compare(entry, drained, nowMs);
        },
      };
    } catch (error) {
      if (error instanceof GatewayError && error.code === "too-large")
        this.#isStuck = !this.#readSize.shrink();
      else this.#readSize.beCautious();
      throw error;
    }
  }

  /** An entry of an id that is seen for the first time: the session's producer may have begun anew. */
  #isStranger({ sessionId }: StreamEntry): boolean {
    if (sessionId === null || this.#seenIds.has(sessionId)) return false;
    if (this.#seenIds.size >= MAX_SEEN_IDS) this.#seenIds.clear();
    this.#seenIds.add(sessionId);
    return !this.boundary.follows(sessionId);
  }

  /** The session's entry may say that its producer has begun anew, or has even gone on under a further id since. */
  #meet(entry: StreamEntry): void {
    this.#entryDueMs = 0;
    if (announces(entry, this.#identity)) this.#announced.set(normalId(entry.sessionId!), entry.id);
  }

  #compare(entry: SessionEntry | null, drained: boolean, nowMs: number): void {
    this.#misses = entry === null ? this.#misses + 1 : 0;
    if (entry === null) return;
    const joined = this.#joinAnnounced(entry);
    if (!this.#source.differs(entry)) return;
    // Another stream is taken up when this one has been read to its end.
    const { streamName } = this.boundary.fields;
    if ((drained && !joined) || entry.streamName === streamName) {
      this.#source = this.#source.succeededBy(entry);
      if (this.boundary.fields.streamName !== streamName) this.#audit = new StreamAudit(nowMs);
    } else {
      this.#entryDueMs = 0;
    }
  }

  /** Follows ids that have announced the session and that its entry does not name: not any more, as a rule. */
  #joinAnnounced({ streamSessionId }: SessionEntry): boolean {
    const others = [...this.#announced].filter(([id]) => id !== normalId(streamSessionId));
    for (const [id, first] of others) this.#source = this.#source.joinedBy(id, first);
    this.#announced.clear();
    return others.length > 0;
  }

  /** What proves that stream `name` is as it was read; null when nothing does, or it is not followed. */
  proofOf(name: string): Fingerprint | null {
    return name === this.boundary.fields.streamName ? this.#audit.landmark : null;
  }

  /** Whether to look at the stream before the next read, which somebody may be waiting for. */
  isLookDue(nowMs: number, isAwaited: boolean): boolean {
    return this.#isStuck || (!isAwaited && this.#audit.isDue(nowMs));
  }

  /**
   * Looks at the stream as a whole. After `went-back` the cursor stands on the last entry that had been read and
   * is still there, or at the beginning. Throws GatewayError.
   */
  async look(now: () => number): Promise<Finding> {
    const { fields, end } = this.boundary;
    if (this.#isStuck) {
      this.#source.advance(await passOver(this.#redis, fields.streamName, fields.cursor));
      this.#isStuck = false;
      return { kind: "passed-over" };
    }
    const info = await readInfo(this.#redis, fields.streamName);
    const finding = this.#audit.look(info, end, now());
    if (finding.kind !== "went-back") {
      const { landmark, recent } = this.#audit;
      this.#audit.acquaint(await getAcquainted(this.#redis, fields.streamName, landmark, recent));
      return finding;
    }
    const { recent } = this.#audit;
    const survivor = await lastSurvivor(this.#redis, fields.streamName, end, recent, this.#readSize.count);
    this.#source = this.#source.wentBackTo(survivor && idOf(survivor));
    this.#audit = this.#audit.setBackTo(survivor, now());
    return finding;
  }
}
