import { BurstSealer } from "./burst-sealer.ts";
import { type ChannelDefinition, checkDefinition } from "./channel-definition.ts";
import { checkList, checkNs } from "./checks.ts";
import type { Column } from "./column.ts";
import { invalid, ProducerError, tooLarge } from "./errors.ts";
import { encodeItems, type SessionEvent, sessionJsonItem, toTimes, writeEvent } from "./items.ts";
import { type BatchNotice, Outbox } from "./outbox.ts";
import { PeriodicColumn } from "./periodic-column.ts";
import type { Values } from "./sample-values.ts";
import type { ProducerSession, WriteOptions } from "./session.ts";
import type { ClosedState } from "./session-json.ts";
import { MAX_BURST_BYTES } from "./split.ts";
import { StoredSamples } from "./stored-samples.ts";
import { TimestampedColumn } from "./timestamped-column.ts";

/** Ten bursts a second is what readers of the protocol expect. */
const DEFAULT_FLUSH_MS = 100;
const DEFAULT_MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/** Twice what is written at once. */
const LEAST_MAX_BUFFERED_BYTES = 1024 * 1024;

export interface BatchOptions {
  /** Those that samples may be appended for; `channelsOf` reads them from a configuration. */
  channels: readonly ChannelDefinition[];
  /** How long data is gathered before it is written, ms; 100 unless given. */
  flushMs?: number;
  /** Bound of what is gathered and what waits for Redis, in bytes; 16 MiB unless given, 1 MiB at least. */
  maxBufferedBytes?: number;
  /**
   * At the bound `append` throws `buffer-full`: the source has to wait for `room()`. A live source, which cannot wait,
   * takes `drop-oldest`: the oldest data that waits is given up, and `onNotice` is told how much.
   */
  whenFull?: "wait" | "drop-oldest";
  onNotice?: (notice: BatchNotice) => void;
}

type BatchedSession = Pick<ProducerSession, "write" | "close" | "json" | "retryForMs">;

/**
 * Gathers samples, rows and events and writes them as bursts of about 64 KiB at about ten times a second, each with
 * its time range. While Redis is away it holds what its bound allows, and writes it when Redis is back.
 *
 * Each function that takes data returns whether there is room for more: `batch.append(…) || (await batch.room())`.
 * Nothing is taken of a call that throws. All throw ProducerError `invalid-argument`, `buffer-full`, `session-closed`
 * once closed, `no-session-json` before the session has written one, or what has ended the batch.
 */
export class BatchWriter {
  readonly #session: BatchedSession;
  readonly #options: Required<BatchOptions>;
  readonly #columns = new Map<number, Column>();
  readonly #definitions: ReadonlyMap<number, ChannelDefinition>;
  /** Of one value each, for rows. */
  readonly #fields = new Map<number, StoredSamples>();
  readonly #filled = new Set<Column>();
  readonly #sealer = new BurstSealer();
  readonly #outbox: Outbox;
  #columnBytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** Throws ProducerError `invalid-argument`. */
  constructor(session: BatchedSession, options: BatchOptions) {
    this.#options = {
      flushMs: DEFAULT_FLUSH_MS,
      maxBufferedBytes: DEFAULT_MAX_BUFFERED_BYTES,
      whenFull: "wait",
      onNotice: () => {},
      ...options,
    };
    const { channels, flushMs, maxBufferedBytes, whenFull, onNotice } = this.#options;
    checkList(channels, "channels");
    for (const channel of channels) checkDefinition(channel);
    if (!(flushMs > 0 && flushMs <= 60_000))
      throw invalid(`flushMs must be above 0 and at most 60000, not ${flushMs}`);
    if (!(maxBufferedBytes >= LEAST_MAX_BUFFERED_BYTES)) {
      throw invalid(`maxBufferedBytes must be ${LEAST_MAX_BUFFERED_BYTES} or more, not ${maxBufferedBytes}`);
    }
    if (whenFull !== "wait" && whenFull !== "drop-oldest")
      throw invalid("whenFull must be wait or drop-oldest");
    this.#session = session;
    this.#definitions = new Map(channels.map((channel) => [channel.id, channel]));
    this.#outbox = new Outbox(session, onNotice);
  }

  /** Bytes gathered or on their way. */
  get bufferedBytes(): number {
    return this.#columnBytes + this.#sealer.openBytes + this.#outbox.bytes;
  }

  /**
   * Takes samples of a timestamped or periodic channel: times in ns since 1970-01-01T00:00:00Z, in any order, and raw
   * values, one for each. Values are stored in the channel's width: integer types take what rounds to a number that
   * they hold. Times of a periodic channel that are not an interval apart start another run.
   * Throws ProducerError `unknown-channel` and `value-out-of-range` besides.
   */
  append(channel: number, timesNs: BigInt64Array | readonly bigint[], values: Values): boolean {
    const column = this.#column(channel);
    const times = toTimes(timesNs, "timesNs");
    if (times.length !== values.length) {
      throw invalid(`timesNs and values must be of one length, not ${times.length} and ${values.length}`);
    }
    if (times.length === 0) return this.#hasRoom();
    this.#makeRoom();
    column.append(times, values);
    return this.#took(column, times.length);
  }

  /** Takes samples of a periodic channel, at its interval from `startNs` on. Throws as `append` does. */
  appendPeriodic(channel: number, startNs: bigint, values: Values): boolean {
    const column = this.#column(channel);
    if (!(column instanceof PeriodicColumn)) throw invalid(`channel ${channel} is not periodic`);
    checkNs(startNs, "startNs");
    if (values.length === 0) return this.#hasRoom();
    this.#makeRoom();
    column.appendFrom(startNs, values);
    return this.#took(column, values.length);
  }

  /**
   * Takes one value of each of several channels at one instant. A group of channels should be the same in every row.
   * Throws as `append` does, and `item-too-large`.
   */
  appendRow(channels: readonly number[], timestampNs: bigint, values: Values): boolean {
    checkList(channels, "channels");
    if (channels.length === 0 || channels.length !== values.length) {
      throw invalid(`channels and values must be of one length, not ${channels.length} and ${values.length}`);
    }
    checkNs(timestampNs, "timestampNs");
    const data = encodeItems(channels.map((channel, index) => this.#field(channel, values[index]!)));
    this.#makeRoom();
    this.#sealer.writer.row(channels, timestampNs, data);
    this.#sealer.added({ startNs: timestampNs, endNs: timestampNs, samples: channels.length });
    return this.#gathered();
  }

  /** Takes an event. Throws `item-too-large` besides. */
  appendEvent(event: SessionEvent): boolean {
    this.#makeRoom();
    writeEvent(this.#sealer.writer, event);
    this.#sealer.added({ startNs: event.timestampNs, endNs: event.timestampNs, events: 1 });
    return this.#gathered();
  }

  /** Takes a new Session JSON, which goes out ahead of the data that waits. Throws `item-too-large` besides. */
  appendSessionJson(json: string): boolean {
    const { length } = sessionJsonItem(json);
    if (length > MAX_BURST_BYTES) throw tooLarge(length, MAX_BURST_BYTES);
    this.#check();
    this.#outbox.pushJson(json);
    return this.#hasRoom();
  }

  /** Resolves when there is room for more. Rejects with what has ended the batch. */
  async room(): Promise<void> {
    await this.#outbox.until(() => this.#hasRoom());
  }

  /**
   * Writes what was gathered without waiting for its time; resolves when nothing of it waits for Redis. A signal ends
   * the trying: what waits is then given up, and the batch with it.
   */
  async flush({ signal }: Pick<WriteOptions, "signal"> = {}): Promise<void> {
    this.#seal();
    await this.#outbox.drain({ retryForMs: Number.POSITIVE_INFINITY, signal });
  }

  /**
   * Writes what was gathered, then closes the session (see `close` there). While Redis is away it tries for
   * `retryForMs`, that of the session unless given, or until the signal comes; then it gives up what waits, and rejects.
   */
  async close(ending: ClosedState | string = "closed", options: WriteOptions = {}): Promise<void> {
    this.#seal();
    this.#closed = true;
    await this.#outbox.drain({ retryForMs: this.#session.retryForMs, ...options });
    await this.#session.close(ending, options);
  }

  /** For `await using`: a batch that was not closed when its scope was left ends the session as `failed`. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closed && this.#outbox.error === undefined) await this.close("failed");
  }

  #column(channel: number): Column {
    const known = this.#columns.get(channel);
    if (known) return known;
    const definition = this.#definition(channel);
    if (definition.source === "row") throw invalid(`channel ${channel} comes in rows`);
    const column =
      definition.source === "periodic"
        ? new PeriodicColumn(definition, definition.intervalNs!)
        : new TimestampedColumn(definition);
    this.#columns.set(channel, column);
    return column;
  }

  /** One value as a channel stores it. */
  #field(channel: number, value: number): Uint8Array {
    const field = this.#fields.get(channel) ?? new StoredSamples(this.#definition(channel));
    this.#fields.set(channel, field);
    field.clear();
    field.append([value]);
    return field.bytes(0, 1);
  }

  #definition(channel: number): ChannelDefinition {
    const definition = this.#definitions.get(channel);
    if (definition) return definition;
    throw new ProducerError(
      "unknown-channel",
      `Channel ${String(channel)} is not among the batch's channels`,
    );
  }

  #hasRoom(): boolean {
    return this.bufferedBytes < this.#options.maxBufferedBytes;
  }

  #check(): void {
    if (this.#outbox.error) throw this.#outbox.error;
    if (this.#closed) throw new ProducerError("session-closed", "Cannot append: the batch is closed");
    if (this.#session.json === undefined) {
      throw new ProducerError("no-session-json", "Cannot append: the session has not written a Session JSON");
    }
  }

  #makeRoom(): void {
    this.#check();
    if (this.#hasRoom()) return;
    if (this.#options.whenFull === "wait") {
      const limit = this.#options.maxBufferedBytes;
      throw new ProducerError(
        "buffer-full",
        `Cannot append: ${limit} bytes wait for Redis; await room() before`,
      );
    }
    this.#seal();
    while (!this.#hasRoom() && this.#outbox.dropOldest());
  }

  #took(column: Column, samples: number): boolean {
    this.#filled.add(column);
    this.#columnBytes += samples * column.sampleBytes;
    return this.#gathered();
  }

  #gathered(): boolean {
    this.#timer ??= setTimeout(() => this.#seal(), this.#options.flushMs);
    return this.#hasRoom();
  }

  #seal(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const column of this.#filled) column.seal(this.#sealer);
    this.#filled.clear();
    this.#columnBytes = 0;
    this.#outbox.push(this.#sealer.take());
  }
}
