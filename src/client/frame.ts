import {
  BurstError,
  ItemKind,
  ItemTable,
  readSessionJson,
  readTimeRange,
  walkBurst,
  walkList,
} from "../wire/burst.ts";
import { decompress, Lz4Error } from "../wire/lz4.ts";
import { MAX_BURST_BYTES } from "../wire/payload.ts";
import {
  type ByteOrder,
  type ChannelType,
  type EventItem,
  RunReader,
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

const SAMPLES: ReadonlySet<number> = new Set([ItemKind.timestamped, ItemKind.periodic, ItemKind.row]);
/** Samples that may wait for the catalogue, before decoding: some seconds of a rich subscription. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;

/** How samples are read when only their width is known. */
const TYPE_OF_WIDTH: Readonly<Record<number, ChannelType>> = { 1: "u8", 2: "u16", 4: "f32", 8: "f64" };

/** Takes server messages apart: each is one LZ4 block of one burst. */
export class FrameReader {
  readonly #metadata: Metadata;
  readonly #events: FrameEvents;
  readonly #table = new ItemTable();
  readonly #run = new RunReader();
  readonly #arena = new SampleArena();
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
    let burst: Uint8Array;
    this.#table.reset();
    try {
      burst = decompress(block, MAX_BURST_BYTES);
      walkBurst(burst, 0, burst.length, this.#table);
    } catch (error) {
      if (!(error instanceof Lz4Error || error instanceof BurstError)) throw error;
      this.#report("bad-frame", `A message of ${block.length} bytes was skipped: ${error.message}`);
      this.#events.broken();
      return;
    }
    if (this.#metadata.catalogue.origin === "pending") this.#hold(burst);
    this.#takeItems(burst);
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
  #hold(burst: Uint8Array): void {
    const { kind, count } = this.#table;
    if (!kind.subarray(0, count).some((each) => SAMPLES.has(each))) return;
    if (this.#heldBytes + burst.length > MAX_HELD_BYTES) {
      this.#report(
        "no-catalogue",
        "Samples that came before the configuration were skipped: they are too many",
      );
      this.#events.broken();
      return;
    }
    this.#held.push(burst);
    this.#heldBytes += burst.length;
  }

  #takeItems(burst: Uint8Array, samplesOnly = false): void {
    const isKnown = this.#metadata.catalogue.origin !== "pending";
    for (let item = 0; item < this.#table.count; item++) {
      const isSamples = SAMPLES.has(this.#table.kind[item]!);
      if (isSamples ? isKnown : !samplesOnly) this.#takeItem(burst, item);
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
    const run = this.#run;
    run.read(burst, this.#table, item);
    const { channel } = run;
    const type = this.#typeOf(channel, (run.dataEnd - run.dataStart) / run.times);
    if (type === undefined) {
      this.#reportWidth(`channel ${channel}`);
      return;
    }
    this.#events.samples(this.#arena.run(run, type, this.#orderOf(channel)));
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
    const known = this.#metadata.catalogue.channels.get(channel);
    if (known !== undefined) return known.type;
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
