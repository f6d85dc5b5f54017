import { ReadSize } from "../../redis/read-size.ts";
import { compareStreamIds, FIRST_STREAM_ID, previousStreamId, streamIdMs } from "../../wire/stream-id.ts";
import { CommandError } from "../command-error.ts";
import type { StreamEntry } from "./recording.ts";
import {
  listOf,
  type RedisReader,
  type Reply,
  ReplyTooLargeError,
  textOf,
  valuesOf,
} from "./redis-reader.ts";
import { type FoundSession, sessionIn } from "./session-place.ts";

/** What a look at the session's entry and its stream told. */
export interface Look {
  /** The entry as it is now, when it says something else than before; null when it is gone. */
  readonly changed: FoundSession | null | undefined;
  /** Entries that were trimmed from the stream before they were read, whichever session they were of. */
  readonly lost: number;
  /** The stream ends before what was read of it: it was deleted, or Redis went back in time. */
  readonly wentBack: boolean;
  /** Since the session's last entry, by the clock of Redis. */
  readonly quietMs: number;
}

/** Reads a session's entries, one after the other, out of a stream that it may share with others. */
export class SessionReader {
  readonly #redis: RedisReader;
  readonly #size = new ReadSize();
  readonly #ids = new Set<string>();
  #session: FoundSession;
  #cursor: string;
  #lastOwn: string;
  /** Entries of the stream up to the cursor, by the count of Redis; null while that is not known. */
  #ordinal: number | null = null;

  constructor(redis: RedisReader, session: FoundSession) {
    this.#redis = redis;
    this.#session = session;
    this.#ids.add(session.streamSessionId);
    // Some producers store the id of their first message, and not that of the one before.
    this.#cursor = previousStreamId(session.streamPosition);
    this.#lastOwn = session.streamPosition;
  }

  get session(): FoundSession {
    return this.#session;
  }

  /** Goes on behind what the stream holds now. */
  async skipToEnd(): Promise<void> {
    this.#cursor = (await this.#info()).lastId;
    this.#lastOwn = this.#cursor;
  }

  /** The next entries of the session. `isEnd`: there is nothing more in the stream for now. */
  async next(): Promise<{ entries: StreamEntry[]; isEnd: boolean }> {
    const count = this.#size.count;
    let reply: Reply | undefined;
    try {
      [reply] = await this.#redis.ask(["XREAD", "COUNT", `${count}`, "STREAMS", this.#key, this.#cursor]);
    } catch (error) {
      if (error instanceof ReplyTooLargeError && this.#size.shrink()) return { entries: [], isEnd: false };
      throw error;
    }
    const all = listOf(listOf(listOf(reply)[0])[1]).map(entryOf);
    this.#size.observe(all.map(({ fields }) => fields.reduce((bytes, field) => bytes + field.length, 0)));
    if (this.#ordinal !== null) this.#ordinal += all.length;
    this.#cursor = all.at(-1)?.id ?? this.#cursor;
    const entries = all.filter((entry) => this.#ids.has(sessionIdOf(entry)));
    this.#lastOwn = entries.at(-1)?.id ?? this.#lastOwn;
    return { entries, isEnd: all.length < count };
  }

  /** Looks at the entry and at the stream. To be called at the stream's end, where the counts can be compared. */
  async look(): Promise<Look> {
    const [entry, time] = await this.#redis.ask(this.#session.command, ["TIME"]);
    const { lastId, added } = await this.#info();
    const wentBack = compareStreamIds(lastId, this.#cursor) < 0;
    const nowMs = Number(textOf(listOf(time)[0])) * 1000;
    return {
      changed: this.#change(sessionIn(this.#session.place, this.#session.command, entry!)),
      lost: wentBack || lastId !== this.#cursor ? 0 : this.#countLost(added),
      wentBack,
      quietMs: nowMs - streamIdMs(this.#lastOwn),
    };
  }

  /** Starts over with the stream as it is now, after it went back. */
  restart(): void {
    this.#cursor = FIRST_STREAM_ID;
    this.#ordinal = null;
  }

  get #key(): string {
    return `stream:${this.#session.streamName}`;
  }

  async #info(): Promise<{ lastId: string; added: number | null }> {
    const values = valuesOf(await this.#stream());
    const added = textOf(values.get("entries-added"));
    const lastId = textOf(values.get("last-generated-id")) ?? FIRST_STREAM_ID;
    return { lastId, added: added === null ? null : Number(added) };
  }

  /** Null when there is no such stream. */
  async #stream(): Promise<Reply> {
    try {
      const [reply] = await this.#redis.ask(["XINFO", "STREAM", this.#key]);
      return reply!;
    } catch (error) {
      if (error instanceof CommandError && /no such key/.test(error.message)) return null;
      throw error;
    }
  }

  #countLost(added: number | null): number {
    const lost = added === null || this.#ordinal === null ? 0 : added - this.#ordinal;
    this.#ordinal = added;
    return Math.max(lost, 0);
  }

  /** A producer that starts over gets a new id, sometimes another stream, which is then read from its position on. */
  #change(now: FoundSession | null): FoundSession | null | undefined {
    if (now === null) return null;
    if (saysTheSame(now.fields, this.#session.fields)) return undefined;
    const isElsewhere = now.streamName !== this.#session.streamName;
    this.#session = now;
    this.#ids.add(now.streamSessionId);
    if (isElsewhere) {
      this.#cursor = previousStreamId(now.streamPosition);
      this.#ordinal = null;
    }
    return now;
  }
}

function entryOf(reply: Reply): StreamEntry {
  const [id, fields] = listOf(reply);
  return { id: textOf(id)!, fields: listOf(fields) as readonly Buffer[] };
}

/** Which session wrote the entry. */
function sessionIdOf({ fields }: StreamEntry): string {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field.toString() === "id");
  return at < 0 ? "" : fields[at + 1]!.toString().trim();
}

/** Fields that follow from the entries, and change with nearly every one. */
const DERIVED = ["lastUpdated", "tStart", "tEnd"];

function saysTheSame(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  const [before, now] = [a, b].map((fields) => {
    const pairs = fields.flatMap((name, index) =>
      index % 2 === 0 ? [[`${name}`, fields[index + 1]!.toString("latin1")]] : [],
    );
    return JSON.stringify(pairs.filter(([name]) => !DERIVED.includes(name!)).sort());
  });
  return before === now;
}
