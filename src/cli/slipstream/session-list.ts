import { streamIdMs } from "../../wire/stream-id.ts";
import { fieldOf } from "./burst-metadata.ts";
import {
  listOf,
  type RedisReader,
  type Reply,
  ReplyTooLargeError,
  textOf,
  valuesOf,
} from "./redis-reader.ts";
import { type FoundSession, readCommand, sessionIn } from "./session-place.ts";

/** What Redis knows of a session. */
export interface ListedSession {
  readonly identity: string;
  /** The name that people read; null without a Session JSON. */
  readonly identifier: string | null;
  /** Null without a Session JSON: it cannot be streamed yet. */
  readonly state: string | null;
  readonly streamName: string;
  readonly streamSessionId: string;
  /** Entries in the stream, whichever session they are of. */
  readonly streamLength: number;
  /** Since its last entry, or its last update where the stream's end has none of it; null when nobody knows. */
  readonly ageMs: number | null;
  /** Entries that it wrote in a second, of late. */
  readonly entriesPerSecond: number;
}

/** What the hashes of sessions are called. */
const PATTERNS = ["sessions:*", "session:*"];
const KEYS_PER_SCAN = 500;
/** Entries at a stream's end by which rates are judged. */
const RECENT_ENTRIES = 50;
/** Who wrote nothing for longer has no rate. */
const SILENT_MS = 10_000;

/** All sessions, the newest data first. Rejects with CommandError. */
export async function listSessions(redis: RedisReader): Promise<ListedSession[]> {
  const found = [...(await hashSessions(redis)), ...(await fieldSessions(redis))];
  const [time] = await redis.ask(["TIME"]);
  const nowMs = Number(textOf(listOf(time)[0])) * 1000 + Number(textOf(listOf(time)[1])) / 1000;
  const streams = new Map<string, StreamEnd>();
  for (const { streamName } of found.map(({ session }) => session)) {
    if (!streams.has(streamName)) streams.set(streamName, await endOf(redis, streamName));
  }
  return found
    .map(({ identity, session }) => listed(identity, session, streams.get(session.streamName)!, nowMs))
    .sort((a, b) => (a.ageMs ?? Number.POSITIVE_INFINITY) - (b.ageMs ?? Number.POSITIVE_INFINITY));
}

interface Found {
  readonly identity: string;
  readonly session: FoundSession;
}

async function hashSessions(redis: RedisReader): Promise<Found[]> {
  const keys = new Set<string>();
  for (const pattern of PATTERNS) for (const key of await scan(redis, pattern)) keys.add(key);
  const places = [...keys].map((key) => ({ kind: "hash", key }) as const);
  const found: Found[] = [];
  for (let i = 0; i < places.length; i += KEYS_PER_SCAN) {
    const some = places.slice(i, i + KEYS_PER_SCAN);
    const replies = await redis.ask(...some.map(readCommand));
    for (const [index, place] of some.entries()) {
      const session = sessionIn(place, readCommand(place), replies[index]!);
      if (session) found.push({ identity: place.key.slice(place.key.indexOf(":") + 1), session });
    }
  }
  return found;
}

async function scan(redis: RedisReader, pattern: string): Promise<string[]> {
  const keys: string[] = [];
  let cursor = "0";
  do {
    const command = ["SCAN", cursor, "MATCH", pattern, "COUNT", `${KEYS_PER_SCAN}`, "TYPE", "hash"];
    const [next, some] = listOf((await redis.ask(command))[0]);
    keys.push(...listOf(some).map((key) => textOf(key)!));
    cursor = textOf(next) ?? "0";
  } while (cursor !== "0");
  return keys;
}

/** Sessions that are JSON in fields of one hash. */
async function fieldSessions(redis: RedisReader): Promise<Found[]> {
  const [type] = await redis.ask(["TYPE", "sessions"]);
  if (textOf(type) !== "hash") return [];
  const [reply] = await redis.ask(["HGETALL", "sessions"]);
  return [...valuesOf(reply)].flatMap(([identity, value]) => {
    const place = { kind: "field", key: "sessions", field: identity } as const;
    const session = sessionIn(place, readCommand(place), value);
    return session ? [{ identity, session }] : [];
  });
}

/** The end of a stream: its length, and which sessions wrote its last entries when. */
interface StreamEnd {
  readonly length: number;
  readonly recent: readonly { readonly sessionId: string; readonly ms: number }[];
}

async function endOf(redis: RedisReader, streamName: string): Promise<StreamEnd> {
  const key = `stream:${streamName}`;
  for (let count = RECENT_ENTRIES; ; count = Math.max(1, count >> 2)) {
    try {
      const [length, entries] = await redis.ask(
        ["XLEN", key],
        ["XREVRANGE", key, "+", "-", "COUNT", `${count}`],
      );
      return { length: Number(textOf(length)), recent: listOf(entries).map(recentOf) };
    } catch (error) {
      if (!(error instanceof ReplyTooLargeError) || count === 1) throw error;
    }
  }
}

function recentOf(reply: Reply): StreamEnd["recent"][number] {
  const [id, fields] = listOf(reply);
  const sessionId =
    fieldOf({ fields: listOf(fields) as readonly Buffer[] }, "id")
      ?.toString()
      .trim() ?? "";
  return { sessionId, ms: streamIdMs(textOf(id)!) };
}

function listed(identity: string, session: FoundSession, stream: StreamEnd, nowMs: number): ListedSession {
  const own = stream.recent.filter(({ sessionId }) => sessionId === session.streamSessionId);
  const lastMs = own[0]?.ms ?? lastUpdated(session);
  const ageMs = lastMs === null ? null : Math.max(0, nowMs - lastMs);
  const { identifier, state } = described(session.json);
  const spanMs = own.length > 1 ? own[0]!.ms - own.at(-1)!.ms : 0;
  const isSilent = ageMs === null || ageMs > SILENT_MS || spanMs <= 0;
  return {
    identity,
    identifier,
    state,
    streamName: session.streamName,
    streamSessionId: session.streamSessionId,
    streamLength: stream.length,
    ageMs,
    entriesPerSecond: isSilent ? 0 : ((own.length - 1) * 1000) / spanMs,
  };
}

function lastUpdated(session: FoundSession): number | null {
  const text = fieldOf(session, "lastUpdated")?.toString() ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function described(json: string | null): { identifier: string | null; state: string | null } {
  if (json === null) return { identifier: null, state: null };
  try {
    const { identifier, state } = JSON.parse(json) as { identifier?: unknown; state?: unknown };
    const textOrNull = (value: unknown) => (typeof value === "string" ? value : null);
    return { identifier: textOrNull(identifier), state: textOrNull(state) };
  } catch {
    return { identifier: null, state: "not JSON" };
  }
}
