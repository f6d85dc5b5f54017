import {
  BurstError,
  ItemKind,
  ItemTable,
  readSessionJson,
  readTimeRange,
  walkBurst,
  walkList,
} from "../wire/burst.ts";
import { decompressInto, Lz4Error } from "../wire/lz4.ts";
import { MAX_BURST_BYTES } from "../wire/payload.ts";
import {
  type ByteOrder,
  type ChannelType,
  type EventItem,
  readEvent,
  readRow,
  readSample,
  rowOffsets,
  sampleArray,
} from "../wire/samples.ts";
import type { Metadata } from "./metadata.ts";
import type { Problem } from "./problem.ts";
import { SampleArena } from "./sample-arena.ts";
import type { SampleRun } from "./samples.ts";
import type { TimeRange } from "./session.ts";

/** Who gets what frames hold; metadata goes to `Metadata`. */
export interface FrameEvents {
  timeRange(range: TimeRange): void;
  samples(run: SampleRun): void;
  event(event: EventItem): void;
  problem(problem: Problem): void;
  /** A message could not be read: what it held is lost. */
  broken(): void;
}

/** Bursts of the usual size; four times as much whenever one needs it. */
const FIRST_ROOM_BYTES = 256 * 1024;
/** Samples that may wait for the catalogue, before decoding: some seconds of a rich subscription. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;

/** How samples are read when only their width is known. */
const TYPE_OF_WIDTH: Readonly<Record<number, ChannelType>> = { 1: "u8", 2: "u16", 4: "f32", 8: "f64" };

/** Takes server messages apart: each is one LZ4 block of one burst. */
export class FrameReader {
  readonly #metadata: Metadata;
  readonly #events: FrameEvents;
  readonly #table = new ItemTable();
  readonly #arena = new SampleArena();
  /** Where messages are unpacked, one after the other. */
  #room = new Uint8Array(FIRST_ROOM_BYTES);
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Channels of this frame that the catalogue does not know. */
  readonly #guesses = new Map<number, ChannelType>();

  constructor(metadata: Metadata, events: FrameEvents) {
    this.#metadata = metadata;
    this.#events = events;
  }

  /** Tells what the message holds, item by item. A message that is malformed anywhere is reported and skipped whole. */
  take(block: Uint8Array | null): void {
    if (block === null) {
      this.#report("not-binary", "A message that is not binary was skipped");
      return;
    }
    this.#table.reset();
    let end: number;
    try {
      end = this.#unpack(block);
      walkBurst(this.#room, 0, end, this.#table);
    } catch (error) {
      if (!(error instanceof Lz4Error || error instanceof BurstError)) throw error;
      this.#report("bad-frame", `A message of ${block.length} bytes was skipped: ${error.message}`);
      this.#events.broken();
      return;
    }
    if (this.#metadata.catalogue.origin === "pending") this.#hold(end);
    this.#takeItems(this.#room);
  }

  /** Tells what a list of REST history holds, whose items are all of one kind. Throws BurstError on malformed bytes. */
  takeList(list: Uint8Array, kind: number): void {
    this.#table.reset();
    walkList(list, kind, this.#table);
    this.#takeItems(list);
  }

  /** Reads the samples that came before the catalogue was known. */
  release(): void {
    const bursts = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const burst of bursts) {
      this.#table.reset();
      walkBurst(burst, 0, burst.length, this.#table);
      this.#takeItems(burst, true);
    }
  }

  /** Without a catalogue samples cannot be read: they wait. */
  #hold(bytes: number): void {
    const { kind, count } = this.#table;
    if (!kind.subarray(0, count).some(isSamples)) return;
    if (this.#heldBytes + bytes > MAX_HELD_BYTES) {
      this.#report(
        "no-catalogue",
        "Samples that came before the configuration were skipped: they are too many",
      );
      this.#events.broken();
      return;
    }
    this.#held.push(this.#room.slice(0, bytes));
    this.#heldBytes += bytes;
  }

  /** Decompresses into the one room and returns where the burst ends there. Throws Lz4Error. */
  #unpack(block: Uint8Array): number {
    for (;;) {
      try {
        return decompressInto(block, this.#room);
      } catch (error) {
        const isFull = error instanceof Lz4Error && error.code === "output-limit";
        if (!isFull || this.#room.length >= MAX_BURST_BYTES) throw error;
        this.#room = new Uint8Array(4 * this.#room.length);
      }
    }
  }

  #takeItems(burst: Uint8Array, samplesOnly = false): void {
    const isKnown = this.#metadata.catalogue.origin !== "pending";
    const { kind, count } = this.#table;
    for (let item = 0; item < count; item++) {
      if (isSamples(kind[item]!) ? isKnown : !samplesOnly) this.#takeItem(burst, item);
    }
    if (this.#guesses.size > 0) this.#metadata.takeGuesses(this.#guesses);
    this.#guesses.clear();
  }

  #takeItem(burst: Uint8Array, item: number): void {
    switch (this.#table.kind[item]) {
      case ItemKind.sessionJson:
        this.#metadata.takeSessionJson(readSessionJson(burst, this.#table, item));
        break;
      case ItemKind.timeRange:
        this.#events.timeRange(this.#metadata.takeTimeRange(readTimeRange(burst, this.#table, item)));
        break;
      case ItemKind.timestamped:
      case ItemKind.periodic:
        this.#takeRun(burst, item);
        break;
      case ItemKind.row:
        this.#takeRow(burst, item);
        break;
      case ItemKind.event:
        this.#events.event(readEvent(burst, this.#table, item));
    }
  }

  #takeRun(burst: Uint8Array, item: number): void {
    const run = this.#arena.reader;
    run.read(burst, this.#table, item);
    const { channel } = run;
    const known = this.#metadata.catalogue.channels.get(channel);
    const type = known?.type ?? this.#guess(channel, (run.dataEnd - run.dataStart) / run.times);
    if (type === undefined) {
      this.#reportWidth(`channel ${channel}`);
      return;
    }
    this.#events.samples(this.#arena.run(type, known?.byteOrder ?? "le"));
  }

  #takeRow(burst: Uint8Array, item: number): void {
    const row = readRow(burst, this.#table, item);
    const isGuess = this.#metadata.catalogue.origin !== "configuration";
    const widthBytes = isGuess ? row.data.length / row.channels.length : Number.NaN;
    const offsets = rowOffsets(row, (channel) => this.#typeOf(channel, widthBytes));
    for (const [index, channel] of row.channels.entries()) {
      const type = this.#typeOf(channel, widthBytes);
      const at = offsets[index] ?? -1;
      if (type === undefined || at < 0) {
        this.#reportWidth(`channel ${channel} in a row`);
        return;
      }
      const values = sampleArray(type, 1);
      values[0] = readSample(row.data, at, type, this.#orderOf(channel));
      this.#events.samples({
        channel,
        type,
        timesNs: BigInt64Array.of(row.timeNs),
        values,
      });
    }
  }

  #typeOf(channel: number, widthBytes: number): ChannelType | undefined {
    return this.#metadata.catalogue.channels.get(channel)?.type ?? this.#guess(channel, widthBytes);
  }

  #guess(channel: number, widthBytes: number): ChannelType | undefined {
    const guess = TYPE_OF_WIDTH[widthBytes];
    if (guess !== undefined) this.#guesses.set(channel, guess);
    return guess;
  }

  #orderOf(channel: number): ByteOrder {
    return this.#metadata.catalogue.channels.get(channel)?.byteOrder ?? "le";
  }

  #reportWidth(of: string): void {
    this.#report("unknown-width", `Samples of ${of} were skipped: nothing tells how wide they are`);
  }

  #report(code: Problem["code"], message: string): void {
    this.#events.problem({ code, message });
  }
}

/** Timestamped, periodic and row items: they can be read by a catalogue only. */
function isSamples(kind: number): boolean {
  return kind >= ItemKind.timestamped && kind <= ItemKind.row;
}
