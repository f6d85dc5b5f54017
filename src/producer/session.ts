import { ItemKind, ItemTable, readSessionJson, readTimeRange, walkBurst } from "../wire/burst.ts";
import { Lz4Encoder } from "../wire/lz4.ts";
import { asProducerError } from "./as-producer-error.ts";
import { ProducerError } from "./errors.ts";
import { encodeItems, sessionJsonItem } from "./items.ts";
import { type Patience, persist } from "./retry.ts";
import type { ScriptArgument, ScriptRunner } from "./script-runner.ts";
import { WRITE } from "./scripts.ts";
import {
  allocateEntry,
  readEntry,
  type StoredEntry,
  type StreamPlace,
  sessionKey,
  streamKey,
  type TimeRange,
} from "./session-entry.ts";
import { type ClosedState, inState, isClosed, isClosedState } from "./session-json.ts";
import { splitBurst } from "./split.ts";

/** A write is one request, and gateways take 10 MB at least. */
const MAX_WRITE_BYTES = 8 * 1024 * 1024;
/** Of writes that were not awaited: two of the largest. */
const MAX_PENDING_BYTES = 16 * 1024 * 1024;

/** How a write meets a Redis that is away; `retryForMs` is the session's unless given. */
export interface WriteOptions {
  retryForMs?: number;
  /** Ends the trying. */
  signal?: AbortSignal;
  /** Told why another attempt follows. */
  onRetry?: (reason: Error) => void;
}

/** What `openSession` was told, complete. */
export interface SessionSettings {
  redis: ScriptRunner;
  identity: string;
  streamName: string;
  now: () => number;
  expirySeconds: number;
  retryForMs: number;
}

/**
 * A session being written. Writes reach Redis in the order of the calls, each whole and once: a write of which is not
 * known whether it arrived is repeated in a way that Redis recognises.
 */
export class ProducerSession {
  readonly identity: string;
  readonly #settings: SessionSettings;
  readonly #items = new ItemTable();
  readonly #encoder = new Lz4Encoder();
  /** Tells writes of this producer from those of one that it resumes. */
  readonly #producer = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) =>
    part.toString(36),
  ).join("");
  #writes = 0;
  #place: StreamPlace;
  #json: string | undefined;
  #range: TimeRange | undefined;
  #closed = false;
  #lastWrite: Promise<void> = Promise.resolve();
  #pendingBytes = 0;

  /** Use `openSession`. */
  constructor(settings: SessionSettings, { place, json, range }: StoredEntry) {
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

  /** The last Session JSON written, or that of the session resumed. */
  get json(): string | undefined {
    return this.#json;
  }

  /** How long a write is tried again while Redis cannot be reached, ms. */
  get retryForMs(): number {
    return this.#settings.retryForMs;
  }

  /** Streams a Session JSON, untouched, and makes it the one that new viewers get first. Rejects as `write` does. */
  async writeSessionJson(json: string, options: WriteOptions = {}): Promise<void> {
    await this.write(sessionJsonItem(json), options);
  }

  /**
   * Streams a serialized burst, or items of one (see items.ts), 8 MiB at most; what is larger than about 64 KiB becomes
   * several entries, cut between items. Session JSON and time ranges inside update what new viewers get first.
   * While Redis is away the write waits and tries again; await each before the next to keep no queue, which is bounded.
   * Rejects with ProducerError `invalid-argument`, `malformed-burst`, `item-too-large`, `write-too-large`, `buffer-full`,
   * `session-closed`, `superseded` or `redis`: nothing was written; or with `redis-unavailable`: it may have been.
   */
  async write(data: Uint8Array | readonly Uint8Array[], options: WriteOptions = {}): Promise<void> {
    if (this.#closed)
      throw new ProducerError("session-closed", `Cannot write to ${this.#subject}: it is closed`);
    const burst = data instanceof Uint8Array ? data : encodeItems(data);
    if (burst.length > MAX_WRITE_BYTES) {
      const what = `${burst.length} bytes at once: the limit is ${MAX_WRITE_BYTES}`;
      throw new ProducerError("write-too-large", `Cannot write ${what}`);
    }
    if (this.#pendingBytes + burst.length > MAX_PENDING_BYTES) {
      throw new ProducerError(
        "buffer-full",
        `Cannot write: ${this.#pendingBytes} bytes wait; await each write`,
      );
    }
    this.#pendingBytes += burst.length;
    try {
      await this.#inOrder(burst, options);
    } finally {
      this.#pendingBytes -= burst.length;
    }
  }

  /**
   * Ends the session with its last message, a Session JSON in a closed state: `closed`, `truncated` when cut
   * short, `failed` by a fault. Given the state alone, the last Session JSON is written again in that state with the
   * final time range; a JSON of the caller's is written as it is. A close that failed may be repeated.
   * Rejects as `write` does, and with ProducerError `state-not-closed` or `no-session-json`.
   */
  async close(ending: ClosedState | string = "closed", options: WriteOptions = {}): Promise<void> {
    if (!isClosedState(ending) && !isClosed(ending)) {
      throw new ProducerError("state-not-closed", `Cannot close ${this.#subject}: its JSON does not say so`);
    }
    if (isClosedState(ending) && this.#json === undefined) {
      throw new ProducerError("no-session-json", `Cannot close ${this.#subject}: it has no Session JSON`);
    }
    this.#closed = true;
    await this.#lastWrite; // which may widen the time range
    await this.#inOrder(sessionJsonItem(isClosedState(ending) ? this.#jsonIn(ending) : ending), options);
  }

  #jsonIn(state: ClosedState): string {
    try {
      return inState(this.#json ?? "", state, this.#range);
    } catch (error) {
      const message = `Cannot close ${this.#subject} as ${state}: its Session JSON is ${(error as Error).message}`;
      throw new ProducerError("invalid-argument", message, { cause: error });
    }
  }

  /** For `await using`: a session that was not closed when its scope was left has `failed`. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closed && this.#json !== undefined) await this.close("failed");
    this.#closed = true;
  }

  #superseded(): ProducerError {
    return new ProducerError("superseded", `Another producer has taken over ${this.#subject}`);
  }

  get #subject(): string {
    return `session ${JSON.stringify(this.identity)}`;
  }

  #inOrder(burst: Uint8Array, { retryForMs = this.retryForMs, ...options }: WriteOptions): Promise<void> {
    const write = this.#lastWrite.then(() =>
      asProducerError(`write to ${this.#subject}`, async () => {
        const patience = { retryForMs, ...options };
        if (await this.#append(burst, patience)) return;
        await this.#restore(patience);
        await this.#append(burst, patience);
      }),
    );
    this.#lastWrite = write.catch(() => {});
    return write;
  }

  /** False when Redis no longer had the session's entry; then nothing was written. */
  async #append(burst: Uint8Array, patience: Patience): Promise<boolean> {
    this.#items.reset();
    walkBurst(burst, 0, burst.length, this.#items);
    const pieces = splitBurst(burst, this.#items);
    if (pieces.length === 0) return true;

    this.#writes += 1;
    const { streamSessionId, streamName } = this.#place;
    const { expirySeconds, now, redis } = this.#settings;
    const hash = Object.entries({ ...this.#takeMetadata(burst), lastUpdated: `${now()}` }).flat();
    const head = [streamSessionId, this.#producer, `${this.#writes}`, `${expirySeconds}`, `${hash.length}`];
    const args: ScriptArgument[] = [...head, ...hash, ...pieces.map((piece) => this.#encoder.encode(piece))];
    const keys = [sessionKey(this.identity), streamKey(streamName)];
    const outcome = await persist(() => redis.runScript(WRITE, keys, args), patience);
    if (outcome === "superseded") throw this.#superseded();
    return outcome === "written";
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
  async #restore(patience: Patience): Promise<void> {
    const { redis, now, expirySeconds } = this.#settings;
    const { streamName, streamSessionId } = this.#place;
    const { identity } = this;
    const allocation = {
      identity,
      streamName,
      nowMs: now(),
      expirySeconds,
      found: undefined,
      after: streamSessionId,
    };
    this.#place = await persist(async () => {
      const place = await allocateEntry(redis, allocation);
      if (place) return place;
      // One without a JSON is that of an attempt whose answer was lost.
      const stored = await readEntry(redis, identity);
      if (stored?.json !== undefined) throw this.#superseded();
      return stored?.place ?? this.#place;
    }, patience);
    if (this.#json !== undefined) await this.#append(sessionJsonItem(this.#json), patience);
  }
}
