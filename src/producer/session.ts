import { BurstError, ItemKind, ItemTable, readSessionJson, readTimeRange, walkBurst } from "../wire/burst.ts";
import { compress } from "../wire/lz4.ts";
import type { RedisConnection } from "./connect.ts";
import { ProducerError } from "./errors.ts";
import { encodeItems, sessionJsonItem } from "./items.ts";
import {
  allocateEntry,
  readEntry,
  type StoredEntry,
  type StreamPlace,
  sessionKey,
  streamKey,
  type TimeRange,
} from "./session-entry.ts";
import { isClosed } from "./session-json.ts";
import { splitBurst } from "./split.ts";

/** Every write renews it, so only sessions silent for a day are forgotten. */
const DEFAULT_EXPIRY_SECONDS = 24 * 60 * 60;

export interface OpenSessionOptions {
  redis: RedisConnection;
  /** Opaque and unique; part of the session's URI. */
  identity: string;
  /** Name of the Redis stream without prefix; one per data source, reused from session to session. */
  streamName: string;
  /** Wall clock, ms since 1970-01-01T00:00:00Z. */
  now?: () => number;
  /** How long Redis remembers the session after the last write. */
  expirySeconds?: number;
}

/**
 * Starts a session, or resumes the one of that identity, in the stream it had, if it has not been closed. Viewers
 * can follow it once its first Session JSON has been written, which must come before anything else.
 * Rejects with ProducerError `redis`.
 */
export async function openSession(options: OpenSessionOptions): Promise<ProducerSession> {
  const settings = { now: Date.now, expirySeconds: DEFAULT_EXPIRY_SECONDS, ...options };
  const { redis, identity, streamName, now, expirySeconds } = settings;
  return await asProducerError(`open session ${JSON.stringify(identity)}`, async () => {
    const stored = await readEntry(redis, identity);
    if (stored && !isClosed(stored.json ?? "")) return new ProducerSession(settings, stored);
    const place = await allocateEntry(redis, identity, streamName, { nowMs: now(), expirySeconds });
    return new ProducerSession(settings, { place, json: undefined, range: undefined });
  });
}

/** A session being written. Writes reach Redis in the order of the calls, one transaction each. */
export class ProducerSession {
  readonly identity: string;
  readonly #settings: Required<OpenSessionOptions>;
  readonly #items = new ItemTable();
  #place: StreamPlace;
  #json: string | undefined;
  #range: TimeRange | undefined;
  #closed = false;
  /** The stream held an entry of ours: should it be gone, then so may be the session's entry. */
  #streamExists = false;
  #lastWrite: Promise<void> = Promise.resolve();

  /** Use `openSession`. */
  constructor(settings: Required<OpenSessionOptions>, { place, json, range }: StoredEntry) {
    this.identity = settings.identity;
    this.#settings = settings;
    this.#place = place;
    this.#json = json;
    this.#range = range;
  }

  /** Where the session's messages go. */
  get place(): Readonly<StreamPlace> {
    return this.#place;
  }

  /** The union of every time range written. */
  get timeRange(): Readonly<TimeRange> | undefined {
    return this.#range;
  }

  /** Streams a Session JSON, untouched, and makes it the one that new viewers get first. */
  async writeSessionJson(json: string): Promise<void> {
    await this.write(sessionJsonItem(json));
  }

  /**
   * Streams a serialized burst, or items of one (see items.ts); what is larger than about 64 KiB becomes several
   * entries, cut between items. Session JSON and time ranges inside update what new viewers get first.
   * While the connection is being restored the write waits; await each before the next to keep no queue.
   * Rejects with ProducerError `malformed-burst`, `item-too-large`, `session-closed`, or `redis`: then Redis may
   * or may not hold the burst.
   */
  async write(data: Uint8Array | readonly Uint8Array[]): Promise<void> {
    const subject = JSON.stringify(this.identity);
    if (this.#closed) throw new ProducerError("session-closed", `Cannot write to ${subject}: it is closed`);
    await this.#inOrder(data instanceof Uint8Array ? data : encodeItems(data));
  }

  /**
   * Ends the session with its last message, a Session JSON in a closed state: `closed`, `truncated` when cut
   * short, `failed` by a fault. A close that failed may be repeated. Rejects as `write` does, and with
   * ProducerError `state-not-closed`.
   */
  async close(json: string): Promise<void> {
    if (!isClosed(json)) {
      const subject = JSON.stringify(this.identity);
      throw new ProducerError("state-not-closed", `Cannot close ${subject}: its JSON does not say so`);
    }
    this.#closed = true;
    await this.#inOrder(sessionJsonItem(json));
  }

  #inOrder(burst: Uint8Array): Promise<void> {
    const write = this.#lastWrite.then(() =>
      asProducerError(`write to session ${JSON.stringify(this.identity)}`, async () => {
        if (await this.#append(burst)) return;
        await this.#restore();
        await this.#append(burst);
      }),
    );
    this.#lastWrite = write.catch(() => {});
    return write;
  }

  /** False when Redis no longer had the session's entry; then nothing of the burst stays in the stream. */
  async #append(burst: Uint8Array): Promise<boolean> {
    this.#items.reset();
    walkBurst(burst, 0, burst.length, this.#items);
    const pieces = splitBurst(burst, this.#items);
    if (pieces.length === 0) return true;

    const hash = { ...this.#takeMetadata(burst), lastUpdated: this.#settings.now() };
    const key = sessionKey(this.identity);
    const { streamSessionId, streamName } = this.#place;
    const transaction = this.#settings.redis
      .multi()
      .hExists(key, "streamSessionId")
      .hSet(key, hash)
      .expire(key, this.#settings.expirySeconds);
    const stream = streamKey(streamName);
    for (const piece of pieces) {
      const { buffer, byteOffset, byteLength } = compress(piece);
      const message = { id: streamSessionId, data: Buffer.from(buffer, byteOffset, byteLength) };
      if (this.#streamExists) transaction.xAddNoMkStream(stream, "*", message);
      else transaction.xAdd(stream, "*", message);
    }
    const [entryExisted, , , ...replies] = await transaction.exec();
    const ids = replies.filter((id) => id !== null).map(String);
    this.#streamExists = ids.length > 0;
    if (Number(entryExisted) === 1) return this.#streamExists || this.#append(burst);
    if (ids.length > 0) await this.#settings.redis.xDel(stream, ids);
    return false;
  }

  /** Keeps what the burst says of the session, and returns the fields of the hash that it sets. */
  #takeMetadata(burst: Uint8Array): Record<string, string> {
    const fields: Record<string, string> = {};
    for (let item = 0; item < this.#items.count; item += 1) {
      if (this.#items.kind[item] === ItemKind.sessionJson) {
        fields.json = this.#json = readSessionJson(burst, this.#items, item);
      } else if (this.#items.kind[item] === ItemKind.timeRange) {
        const { startNs, endNs } = readTimeRange(burst, this.#items, item);
        this.#range = {
          startNs: this.#range && this.#range.startNs < startNs ? this.#range.startNs : startNs,
          endNs: this.#range && this.#range.endNs > endNs ? this.#range.endNs : endNs,
        };
      }
    }
    if (this.#range) {
      fields.tStart = this.#range.startNs.toString();
      fields.tEnd = this.#range.endNs.toString();
    }
    return fields;
  }

  /** Starts over in a Redis that lost the session: a new number, and the Session JSON first. */
  async #restore(): Promise<void> {
    const { redis, now, expirySeconds } = this.#settings;
    const times = { nowMs: now(), expirySeconds };
    const { streamName, streamSessionId } = this.#place;
    const after = Number(streamSessionId);
    this.#place = await allocateEntry(redis, this.identity, streamName, times, after);
    this.#streamExists = false;
    if (this.#json !== undefined) await this.#append(sessionJsonItem(this.#json));
  }
}

async function asProducerError<T>(action: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof ProducerError) throw error;
    const code = error instanceof BurstError ? "malformed-burst" : "redis";
    throw new ProducerError(code, `Cannot ${action}: ${(error as Error).message}`, { cause: error });
  }
}
