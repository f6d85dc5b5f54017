import { BurstError, ItemKind } from "../wire/burst.ts";
import { ChunkError, ChunkReader, type HistoryChunk } from "../wire/chunks.ts";
import { channelList } from "./channel-list.ts";
import type { Channel, ChannelSource } from "./configuration.ts";
import type { SessionCoverage } from "./coverage.ts";
import type { RestAnswer } from "./rest.ts";
import type { Hole } from "./samples.ts";

/** Channels of one request: its URL stays below what servers take, even if none is the neighbour of another. */
const MAX_CHANNELS = 200;
/** Times that a hole is asked for again: what REST has not flushed by then it will not have. */
const MAX_REFILLS = 10;

const KIND: Readonly<Record<ChannelSource | "events", number>> = {
  timestamped: ItemKind.timestamped,
  periodic: ItemKind.periodic,
  row: ItemKind.row,
  events: ItemKind.event,
};

/** Both inclusive, ns since 1970; an absent end is open. */
interface Range {
  readonly startNs: bigint | null;
  readonly endNs: bigint | null;
}

type TakenChunk = Omit<HistoryChunk, "list"> & { readonly isRead: boolean };

/** What history needs around it. */
export interface HistoryLink {
  /** `path` is what follows `data/`. */
  data(path: string): Promise<RestAnswer<ReadableStream<Uint8Array>>>;
  /** Takes the items of a list in, all of one kind. Throws BurstError. */
  takeList(list: Uint8Array, kind: number): void;
  eventsBegin(): void;
  problem(message: string): void;
}

/** Reads what REST has of a session's samples and events: one request at a time, one chunk in memory at a time. */
export class History {
  readonly #link: HistoryLink;
  readonly #coverage: SessionCoverage;
  readonly #asked = new Set<number>();
  readonly #refills = new Map<string, number>();
  #hasAskedEvents = false;
  #queue: Promise<void> = Promise.resolve();

  constructor(link: HistoryLink, coverage: SessionCoverage) {
    this.#link = link;
    this.#coverage = coverage;
  }

  /** Asks for those of the channels that have not been asked for, and for events. Resolves when all has been read. */
  update(channels: readonly Channel[], events: boolean, startNs: bigint | null): Promise<void> {
    const added = channels.filter(({ id }) => !this.#asked.has(id));
    for (const { id } of added) this.#asked.add(id);
    this.#ask(added, { startNs, endNs: null }, "first");
    if (events && !this.#hasAskedEvents) {
      this.#hasAskedEvents = true;
      this.#then(async () => {
        this.#link.eventsBegin();
        const chunks = await this.#read("events", `events${query({ startNs, endNs: null })}`);
        if (chunks === null) this.#hasAskedEvents = false;
      });
    }
    return this.#queue;
  }

  /** Asks again, some times, for what the holes of the channels may lack. Resolves when all has been read. */
  refill(channels: readonly Channel[]): Promise<void> {
    const holes = channels.map(({ id }) =>
      this.#coverage
        .of(id)
        .finalHoles()
        .filter((hole) => this.#mayAsk(hole)),
    );
    const lacking = channels.filter((_, index) => holes[index]!.length > 0);
    if (lacking.length > 0) this.#ask(lacking, spanOf(holes.flat()), "again");
    return this.#queue;
  }

  /** The session is over: asks once more for all that connections have told, since REST has the last word then. */
  conclude(channels: readonly Channel[]): Promise<void> {
    const begins = channels.map(({ id }) => this.#coverage.of(id).beginNs);
    const told = channels.filter((_, index) => begins[index] !== null);
    const startNs = begins.reduce(
      (least, each) => (least === null || (each ?? least) < least ? each : least),
      null,
    );
    if (told.length > 0) this.#ask(told, { startNs, endNs: null }, "again");
    return this.#queue;
  }

  /** Counts the times that a hole is asked for. */
  #mayAsk({ channel, startNs, endNs }: Hole): boolean {
    const key = `${channel} ${startNs} ${endNs}`;
    const times = this.#refills.get(key) ?? 0;
    this.#refills.set(key, times + 1);
    return times < MAX_REFILLS;
  }

  #ask(channels: readonly Channel[], range: Range, time: "first" | "again"): void {
    for (const source of ["timestamped", "periodic", "row"] as const) {
      const ids = channels.filter((channel) => channel.source === source).map(({ id }) => id);
      for (let at = 0; at < ids.length; at += MAX_CHANNELS) {
        const some = ids.slice(at, at + MAX_CHANNELS);
        this.#then(async () => {
          const chunks = await this.#read(source, `${source}/${channelList(some)}${query(range)}`);
          for (const id of some) {
            if (chunks !== null) this.#claim(id, chunks, range, time);
            else if (time === "first") this.#asked.delete(id);
          }
        });
      }
    }
  }

  #then(task: () => Promise<void>): void {
    this.#queue = this.#queue.then(task);
  }

  /** The chunks of the answer, without their content; null when it was not complete, or there was none. */
  async #read(source: ChannelSource | "events", path: string): Promise<TakenChunk[] | null> {
    const answer = await this.#link.data(path);
    if (answer.kind === "missing" || answer.kind === "absent") return [];
    if (answer.kind !== "found") {
      this.#link.problem(`History cannot be had: ${answer.kind === "failed" ? answer.reason : answer.kind}`);
      return null;
    }
    const taken: TakenChunk[] = [];
    const body = answer.value.getReader();
    const reader = new ChunkReader();
    try {
      for (let piece = await body.read(); !piece.done; piece = await body.read()) {
        for (const chunk of reader.push(piece.value)) taken.push(this.#take(chunk, KIND[source]));
      }
      if (reader.isBetween) return taken;
      this.#link.problem("History ends in the middle of a chunk");
    } catch (error) {
      const reason = error instanceof ChunkError ? error.message : "no connection";
      this.#link.problem(`History was left in the middle: ${reason}`);
      await body.cancel().catch(() => {});
    }
    return null;
  }

  #take({ list, channels, startNs, endNs }: HistoryChunk, kind: number): TakenChunk {
    let isRead = list !== null;
    try {
      if (list !== null) this.#link.takeList(list, kind);
    } catch (error) {
      if (!(error instanceof BurstError)) throw error;
      isRead = false;
    }
    if (!isRead) this.#link.problem("A chunk of history cannot be read; it was skipped");
    return { channels, startNs, endNs, isRead };
  }

  /** A channel's history reaches to the end of its last chunk. */
  #claim(channel: number, taken: readonly TakenChunk[], { startNs }: Range, time: "first" | "again"): void {
    const chunks = taken.filter(({ channels }) => channels.includes(channel));
    const last = chunks.reduce((latest, chunk) => (chunk.endNs > latest.endNs ? chunk : latest), chunks[0]!);
    if (last === undefined) return;
    const coverage = this.#coverage.of(channel);
    const fromNs = startNs ?? chunks[0]!.startNs;
    if (time === "first") coverage.history(fromNs, last.endNs);
    else coverage.filled(fromNs, last.endNs);
    for (const chunk of chunks) if (!chunk.isRead) coverage.lost(chunk.startNs, chunk.endNs);
  }
}

function spanOf(holes: readonly Hole[]): Range {
  return {
    startNs: holes.reduce((least, { startNs }) => (startNs < least ? startNs : least), holes[0]!.startNs),
    endNs: holes.reduce((most, { endNs }) => (endNs > most ? endNs : most), holes[0]!.endNs),
  };
}

function query({ startNs, endNs }: Range): string {
  const parts = [
    ...(startNs === null ? [] : [`start=${startNs}`]),
    ...(endNs === null ? [] : [`end=${endNs}`]),
  ];
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
