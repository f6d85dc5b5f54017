import type { StreamEntry } from "../redis/reader.ts";
import type { TimeRange } from "../redis/session-entry.ts";
import { ItemKind, ItemTable, readSessionJson, readTimeRange, rowHasChannel } from "../wire/burst.ts";
import { MAX_BURST_BYTES, PayloadError, unpackInto } from "../wire/payload.ts";
import { BurstBuilder, TARGET_BURST_BYTES } from "./burst-builder.ts";
import type { MessageKind } from "./outbox.ts";
import type { Subscription } from "./subscription.ts";

/** The protocol's ceiling: clients may have fixed buffers of this size, so nothing larger goes out whole. */
const MAX_FORWARDED_BYTES = 1024 * 1024;
/** Room for decoded entries at first; doubles for a larger burst. */
const INITIAL_ROOM_BYTES = 256 * 1024;

const TOGETHER: readonly MessageKind[] = ["mixed"];
const APART: readonly MessageKind[] = ["urgent", "bulk"];

/** Viewers that get the same: what they want, and of a history, which part of it. */
export interface Audience {
  readonly subscription: Subscription;
  /** Metadata and events go into messages of their own, before the rest. */
  readonly urgentApart?: boolean;
  /** For a backfill: no metadata, and only what the viewers did not want before. */
  readonly history?: History;
}

export interface History {
  readonly had: Subscription;
  /** Whether the entry is part of it. */
  covers(entry: StreamEntry): boolean;
  /** How much of the entry goes to each viewer, uncompressed. */
  took(entry: StreamEntry, bytes: number): void;
}

export interface LiveEntry extends StreamEntry {
  /** A newer Session JSON than its own is known. */
  readonly isOutdated?: boolean;
}

/** Takes what comes out. */
export interface FanoutSink<A extends Audience> {
  sessionJson(json: string): void;
  timeRange(range: TimeRange): void;
  /** An entry that is no burst: it is skipped. */
  rejected(entry: StreamEntry): void;
  /** A finished message, the same for every viewer of the audience. */
  message(audience: A, message: Uint8Array, kind: MessageKind): void;
}

interface DecodedEntry {
  readonly entry: StreamEntry;
  /** As it came. */
  readonly message: Uint8Array;
  /** A raw LZ4 block of a size that any client takes. */
  readonly forwardable: boolean;
  readonly firstItem: number;
  readonly endItem: number;
}

/**
 * Turns stream entries into messages: an entry is decompressed once and its items are walked by their tags;
 * for each audience, what it wants is joined into bursts of about 64 KiB and compressed once. No object is made
 * for an item or a sample.
 */
export class Fanout<A extends Audience> {
  readonly #sink: FanoutSink<A>;
  readonly #items = new ItemTable();
  readonly #entries: DecodedEntry[] = [];
  readonly #builder: BurstBuilder;
  /** The builder's room, then the decoded entries of this round. */
  #buffer = new Uint8Array(TARGET_BURST_BYTES + INITIAL_ROOM_BYTES);
  #end = TARGET_BURST_BYTES;
  #audience: A | null = null;
  /** What the messages that are being made hold. */
  #kind: MessageKind = "mixed";

  constructor(sink: FanoutSink<A>) {
    this.#sink = sink;
    this.#builder = new BurstBuilder((message) => {
      if (this.#audience) sink.message(this.#audience, message, this.#kind);
    });
  }

  /** Entries of the session, in their order. */
  deliver(entries: Iterable<LiveEntry>, audiences: Iterable<A>): void {
    for (const entry of entries) {
      if (!this.#decode(entry, audiences)) this.#sink.rejected(entry);
    }
    this.#finishRound(audiences);
  }

  /** False when the entry is no burst. */
  #decode(entry: LiveEntry, audiences: Iterable<A>): boolean {
    const message = entry.data();
    if (message === null) return false;
    for (;;) {
      try {
        const firstItem = this.#items.count;
        const { framing, end } = unpackInto(message, this.#buffer, this.#end, MAX_BURST_BYTES, this.#items);
        if (entry.isOutdated) this.#leaveOutJson(firstItem);
        const forwardable = framing === "block" && end - this.#end <= MAX_FORWARDED_BYTES;
        this.#entries.push({ entry, message, forwardable, firstItem, endItem: this.#items.count });
        this.#end = end;
        return true;
      } catch (error) {
        if (!(error instanceof PayloadError)) throw error;
        if (error.code !== "too-large") return false;
        if (this.#entries.length > 0) this.#finishRound(audiences);
        else if (!this.#grow()) return false;
      }
    }
  }

  #leaveOutJson(firstItem: number): void {
    const { kind, count } = this.#items;
    for (let item = firstItem; item < count; item++) {
      if (kind[item] === ItemKind.sessionJson) kind[item] = ItemKind.unknown;
    }
  }

  #grow(): boolean {
    const room = this.#buffer.length - TARGET_BURST_BYTES;
    if (room >= MAX_BURST_BYTES) return false;
    this.#buffer = new Uint8Array(TARGET_BURST_BYTES + Math.min(2 * room, MAX_BURST_BYTES));
    return true;
  }

  #finishRound(audiences: Iterable<A>): void {
    this.#learn();
    for (const audience of audiences) {
      this.#audience = audience;
      for (const kind of audience.urgentApart ? APART : TOGETHER) {
        this.#kind = kind;
        this.#build(audience);
      }
    }
    this.#audience = null;
    this.#items.reset();
    this.#entries.length = 0;
    this.#end = TARGET_BURST_BYTES;
  }

  #learn(): void {
    const { kind, count } = this.#items;
    for (let item = 0; item < count; item++) {
      if (kind[item] === ItemKind.sessionJson) {
        this.#sink.sessionJson(readSessionJson(this.#buffer, this.#items, item));
      } else if (kind[item] === ItemKind.timeRange) {
        this.#sink.timeRange(readTimeRange(this.#buffer, this.#items, item));
      }
    }
  }

  #build(audience: A): void {
    const { start, end } = this.#items;
    for (const decoded of this.#entries) {
      const { entry, message, firstItem, endItem } = decoded;
      if (audience.history && !audience.history.covers(entry)) continue;
      const before = this.#builder.added;
      if (decoded.forwardable && this.#wantsAll(audience, decoded)) {
        this.#builder.addWhole(this.#buffer, start[firstItem]!, end[endItem - 1]!, message);
      } else {
        for (let item = firstItem; item < endItem; item++) {
          if (this.#wants(audience, item)) this.#builder.add(this.#buffer, start[item]!, end[item]!);
        }
      }
      audience.history?.took(entry, this.#builder.added - before);
    }
    this.#builder.finish(this.#buffer);
  }

  #wantsAll(audience: A, { firstItem, endItem }: DecodedEntry): boolean {
    for (let item = firstItem; item < endItem; item++) {
      if (!this.#wants(audience, item)) return false;
    }
    return endItem > firstItem;
  }

  #wants({ subscription, history }: A, item: number): boolean {
    if (this.#kind !== "mixed" && this.#kind !== this.#kindOf(item)) return false;
    switch (this.#items.kind[item]) {
      case ItemKind.sessionJson:
      case ItemKind.timeRange:
        return !history;
      case ItemKind.unknown:
        return false;
      default:
        return this.#isIn(subscription, item) && !(history && this.#isIn(history.had, item));
    }
  }

  #kindOf(item: number): MessageKind {
    const kind = this.#items.kind[item];
    const isMetadata = kind === ItemKind.sessionJson || kind === ItemKind.timeRange;
    return isMetadata || kind === ItemKind.event ? "urgent" : "bulk";
  }

  #isIn({ allEvents, allChannels, channels }: Subscription, item: number): boolean {
    switch (this.#items.kind[item]) {
      case ItemKind.event:
        return allEvents;
      case ItemKind.row:
        return allChannels || rowHasChannel(this.#buffer, this.#items, item, channels);
      default:
        return allChannels || channels.has(this.#items.channel[item]!);
    }
  }
}
