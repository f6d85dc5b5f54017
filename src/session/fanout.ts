import type { StreamEntry } from "../redis/reader.ts";
import type { TimeRange } from "../redis/session-entry.ts";
import {
  BurstError,
  ItemKind,
  ItemTable,
  readSessionJson,
  readTimeRange,
  rowHasChannel,
  walkBurst,
} from "../wire/burst.ts";
import { MAX_BURST_BYTES, PayloadError, unpackInto } from "../wire/payload.ts";
import { BurstBuilder, TARGET_BURST_BYTES } from "./burst-builder.ts";
import type { Group } from "./group.ts";
import type { Subscription } from "./subscription.ts";

/** The protocol's ceiling: clients may have fixed buffers of this size, so nothing larger goes out whole. */
const MAX_FORWARDED_BYTES = 1024 * 1024;
/** Room for decoded entries at first; doubles for a larger burst. */
const INITIAL_ROOM_BYTES = 256 * 1024;

/** Takes what comes out. */
export interface FanoutSink {
  sessionJson(json: string): void;
  timeRange(range: TimeRange): void;
  /** An entry that is no burst: it is skipped. */
  rejected(entry: StreamEntry): void;
  /** A finished message, the same for every viewer of the group. */
  message(group: Group, message: Uint8Array): void;
}

interface DecodedEntry {
  /** As it came. */
  readonly message: Uint8Array;
  /** A raw LZ4 block of a size that any client takes. */
  readonly forwardable: boolean;
  readonly firstItem: number;
  readonly endItem: number;
}

/**
 * Turns stream entries into messages: an entry is decompressed once and its items are walked by their tags;
 * for each group, what it wants is joined into bursts of about 64 KiB and compressed once. No object is made
 * for an item or a sample.
 */
export class Fanout {
  readonly #sink: FanoutSink;
  readonly #items = new ItemTable();
  readonly #entries: DecodedEntry[] = [];
  readonly #builder: BurstBuilder;
  /** The builder's room, then the decoded entries of this round. */
  #buffer = new Uint8Array(TARGET_BURST_BYTES + INITIAL_ROOM_BYTES);
  #end = TARGET_BURST_BYTES;
  #group: Group | null = null;

  constructor(sink: FanoutSink) {
    this.#sink = sink;
    this.#builder = new BurstBuilder((message) => {
      if (this.#group) sink.message(this.#group, message);
    });
  }

  /** Entries of the session, in their order. */
  deliver(entries: Iterable<StreamEntry>, groups: Iterable<Group>): void {
    for (const entry of entries) {
      if (!this.#decode(entry, groups)) this.#sink.rejected(entry);
    }
    this.#finishRound(groups);
  }

  /** False when the entry is no burst. */
  #decode(entry: StreamEntry, groups: Iterable<Group>): boolean {
    const message = entry.data();
    if (message === null) return false;
    for (;;) {
      try {
        const { framing, end } = unpackInto(message, this.#buffer, this.#end);
        const firstItem = this.#items.count;
        walkBurst(this.#buffer, this.#end, end, this.#items);
        const forwardable = framing === "block" && end - this.#end <= MAX_FORWARDED_BYTES;
        this.#entries.push({ message, forwardable, firstItem, endItem: this.#items.count });
        this.#end = end;
        return true;
      } catch (error) {
        if (error instanceof BurstError) return false;
        if (!(error instanceof PayloadError)) throw error;
        if (error.code !== "too-large") return false;
        if (this.#entries.length > 0) this.#finishRound(groups);
        else if (!this.#grow()) return false;
      }
    }
  }

  #grow(): boolean {
    const room = this.#buffer.length - TARGET_BURST_BYTES;
    if (room >= MAX_BURST_BYTES) return false;
    this.#buffer = new Uint8Array(TARGET_BURST_BYTES + Math.min(2 * room, MAX_BURST_BYTES));
    return true;
  }

  #finishRound(groups: Iterable<Group>): void {
    this.#learn();
    for (const group of groups) {
      this.#group = group;
      this.#build(group.subscription);
    }
    this.#group = null;
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

  #build(subscription: Subscription): void {
    const { start, end } = this.#items;
    for (const entry of this.#entries) {
      if (entry.forwardable && this.#wantsAll(subscription, entry)) {
        const last = end[entry.endItem - 1]!;
        this.#builder.addWhole(this.#buffer, start[entry.firstItem]!, last, entry.message);
        continue;
      }
      for (let item = entry.firstItem; item < entry.endItem; item++) {
        if (this.#wants(subscription, item)) this.#builder.add(this.#buffer, start[item]!, end[item]!);
      }
    }
    this.#builder.finish(this.#buffer);
  }

  #wantsAll(subscription: Subscription, entry: DecodedEntry): boolean {
    for (let item = entry.firstItem; item < entry.endItem; item++) {
      if (!this.#wants(subscription, item)) return false;
    }
    return entry.endItem > entry.firstItem;
  }

  #wants({ allEvents, allChannels, channels }: Subscription, item: number): boolean {
    switch (this.#items.kind[item]) {
      case ItemKind.sessionJson:
      case ItemKind.timeRange:
        return true;
      case ItemKind.timestamped:
      case ItemKind.periodic:
        return allChannels || channels.has(this.#items.channel[item]!);
      case ItemKind.row:
        return allChannels || rowHasChannel(this.#buffer, this.#items, item, (id) => channels.has(id));
      case ItemKind.event:
        return allEvents;
      default:
        return false;
    }
  }
}
