import type { Redis } from "@upstash/redis/cloudflare";
import { FIRST_STREAM_ID, parseStreamId } from "../wire/stream-id.ts";
import { bytesOf, textOf } from "./base64.ts";
import { addRead, type EntryPlace, entryFromReply } from "./directory.ts";
import { commandError, GatewayError, type Reply } from "./gateway.ts";
import type { SessionEntry } from "./session-entry.ts";

/** A stream entry, still encoded: most entries of a shared stream are somebody else's. */
export interface StreamEntry {
  /** Redis stream id, `ms-seq`. */
  readonly id: string;
  /** Field `id`: the stream session id that wrote it; null when there is none. */
  readonly sessionId: string | null;
  /** Length of the encoded `data`. */
  readonly encodedBytes: number;
  /** Field `data` decoded; null when there is none. */
  data(): Uint8Array | null;
}

export interface StreamRead {
  /** In stream order, all after the cursor. */
  readonly entries: readonly StreamEntry[];
  /** As many as were asked for: there may be more. */
  readonly full: boolean;
}

/** Key of a stream. */
export const streamKey = (name: string): string => `stream:${name}`;

/** The next entries after `cursor`, at most `count`. Throws GatewayError. */
export async function readStream(
  redis: Redis,
  name: string,
  cursor: string,
  count: number,
): Promise<StreamRead> {
  const reply = await redis.xread(streamKey(name), cursor, { count });
  return parseRead(reply as Reply, count);
}

/**
 * The session's entry and the next stream entries in one transaction, the entry first: what the hash says
 * and the read does not show was written before, or reached the hash alone. Throws GatewayError.
 */
export async function readEntryAndStream(
  redis: Redis,
  place: EntryPlace,
  name: string,
  cursor: string,
  count: number,
): Promise<{ entry: SessionEntry | null; read: StreamRead }> {
  const batch = redis.multi();
  addRead(batch, place);
  batch.xread(streamKey(name), cursor, { count });
  const [hash, stream] = await execute(batch);
  return { entry: entryFromReply(place, hash), read: parseRead(stream, count) };
}

/** What Redis says of a stream as a whole. */
export interface StreamInfo {
  /** The highest id that was ever given, also when that entry is gone; `0-0` for a stream that is not there. */
  readonly lastId: string;
  /** Entries that were ever added; null before Redis 7, which does not tell. */
  readonly added: number | null;
}

const NO_STREAM: StreamInfo = { lastId: FIRST_STREAM_ID, added: 0 };

/**
 * The stream's state. Not for every poll: the reply holds the first and the last entry whole. Throws
 * GatewayError.
 */
export async function readInfo(redis: Redis, name: string): Promise<StreamInfo> {
  try {
    return parseInfo((await redis.exec(["XINFO", "STREAM", streamKey(name)])) as Reply);
  } catch (error) {
    if (error instanceof GatewayError && error.code === "no-such-key") return NO_STREAM;
    throw error;
  }
}

/**
 * The id of the stream's last entry (`0-0` when it has none) and the session's entry in one transaction, the
 * tail first: no update can hide between the two. Throws GatewayError.
 */
export async function readTailAndEntry(
  redis: Redis,
  place: EntryPlace,
  name: string,
): Promise<{ tail: string; entry: SessionEntry | null }> {
  const batch = redis.multi();
  batch.xrevrange(streamKey(name), "+", "-", 1);
  addRead(batch, place);
  const [last, hash] = await execute(batch);
  const [entry] = parseEntries(last);
  return { tail: entry?.id ?? FIRST_STREAM_ID, entry: entryFromReply(place, hash) };
}

/** Entries from `from` (itself only when `inclusive`) to `to`, oldest first, at most `count`. Throws GatewayError. */
export async function readRange(
  redis: Redis,
  name: string,
  { from, inclusive, to, count }: { from: string; inclusive: boolean; to: string; count: number },
): Promise<StreamRead> {
  const reply = await redis.xrange(streamKey(name), inclusive ? from : `(${from}`, to, count);
  const entries = parseEntries(reply as unknown as Reply);
  return { entries, full: entries.length >= count };
}

async function execute(batch: ReturnType<Redis["multi"]>): Promise<Reply[]> {
  const replies = (await batch.exec({ keepErrors: true })) as { result?: Reply; error?: string }[];
  return replies.map(({ result, error }) => {
    if (error !== undefined) throw commandError(error);
    return result ?? null;
  });
}

/** `[name, value, …]`. */
function parseInfo(reply: Reply): StreamInfo {
  if (!Array.isArray(reply)) throw malformed();
  const values = new Map<string | null, Reply>();
  for (let i = 0; i + 1 < reply.length; i += 2) values.set(textOf(reply[i]), reply[i + 1]!);
  const lastId = textOf(values.get("last-generated-id"));
  if (lastId === null || !parseStreamId(lastId)) throw malformed();
  const added = values.get("entries-added");
  return { lastId, added: typeof added === "number" ? added : null };
}

/** `[[key, [[id, [field, value, …]], …]]]`, or null for no news. */
function parseRead(reply: Reply | undefined, count: number): StreamRead {
  if (reply === null || reply === undefined) return { entries: [], full: false };
  const stream = Array.isArray(reply) ? reply[0] : undefined;
  if (!Array.isArray(stream)) throw malformed();
  const entries = parseEntries(stream[1]);
  return { entries, full: entries.length >= count };
}

function parseEntries(reply: Reply | undefined): StreamEntry[] {
  if (!Array.isArray(reply)) throw malformed();
  return reply.map(parseEntry);
}

const ID_FIELD = btoa("id");
const DATA_FIELD = btoa("data");

function parseEntry(reply: Reply): StreamEntry {
  const id = Array.isArray(reply) ? textOf(reply[0]) : null;
  const fields = Array.isArray(reply) ? reply[1] : undefined;
  if (id === null || !parseStreamId(id) || !Array.isArray(fields)) throw malformed();
  let sessionId: string | null = null;
  let encoded: Reply | undefined;
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (fields[i] === ID_FIELD) sessionId = textOf(fields[i + 1]);
    else if (fields[i] === DATA_FIELD) encoded = fields[i + 1];
  }
  return {
    id,
    sessionId: sessionId?.trim() ?? null,
    encodedBytes: typeof encoded === "string" ? encoded.length : 0,
    data: () => bytesOf(encoded),
  };
}

function malformed(): GatewayError {
  return new GatewayError("malformed", "the reply is not shaped as a stream");
}
