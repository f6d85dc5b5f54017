import type { Redis } from "@upstash/redis/cloudflare";
import { FIRST_STREAM_ID, parseStreamId, previousStreamId } from "../wire/stream-id.ts";
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
  /** Tells its data from other data of that length, by some 256 characters of it. */
  readonly digest: number;
  /** Field `data` decoded, once; null when there is none. */
  data(): Uint8Array | null;
}

/** Tells an entry from another that was given the same id in another life of the stream: `id/bytes/digest`. */
export type Fingerprint = string;

export const fingerprint = ({ id, encodedBytes, digest }: StreamEntry): Fingerprint =>
  `${id}/${encodedBytes}/${digest}`;
export const idOf = (entry: Fingerprint): string => entry.slice(0, entry.indexOf("/"));
export const encodedBytesOf = (entry: Fingerprint): number => Number(entry.split("/")[1]);

export interface StreamRead {
  /** In stream order, all after the cursor. */
  readonly entries: readonly StreamEntry[];
  /** As many as were asked for: there may be more. */
  readonly full: boolean;
}

/** What a read asks for. */
export interface ReadRequest {
  /** Of the stream. */
  readonly name: string;
  readonly cursor: string;
  readonly count: number;
  /** An entry that is to be there still; null when nothing is to be proven. */
  readonly proof: Fingerprint | null;
  /** The session's entry is read too. */
  readonly place: EntryPlace | null;
}

export interface ReadReply extends StreamRead {
  /** Whether the entry `proof` was there, at the moment of the read. */
  readonly proven: boolean;
  /** Null when it is gone, undefined when it was not asked for. */
  readonly entry: SessionEntry | null | undefined;
  /** Commands that the request cost. */
  readonly commands: number;
}

/** Key of a stream. */
export const streamKey = (name: string): string => `stream:${name}`;

/**
 * The next entries after `cursor`, at most `count`, in one request. The session's entry goes before them in one
 * transaction: what it says and the read does not show was written before, or reached the hash alone. A proof that
 * stands at the cursor comes with the entries, at no further command. Throws GatewayError.
 */
export async function readStream(redis: Redis, request: ReadRequest): Promise<ReadReply> {
  const { name, cursor, count, proof, place } = request;
  const key = streamKey(name);
  const overlaps = proof !== null && idOf(proof) === cursor;
  const news = [
    key,
    overlaps ? previousStreamId(cursor) : cursor,
    { count: overlaps ? count + 1 : count },
  ] as const;
  const isApart = proof !== null && !overlaps;
  if (!place && !isApart) {
    const read = parseStream((await redis.xread(...news)) as Reply);
    return { ...takeProof(read, overlaps ? proof : null, count), entry: undefined, commands: 1 };
  }
  const batch = redis.multi();
  if (place) addRead(batch, place);
  if (isApart) batch.xrange(key, idOf(proof), idOf(proof), 1);
  batch.xread(...news);
  const replies = await execute(batch);
  const entries = parseStream(replies.at(-1));
  const read = isApart
    ? takeProof([...parseEntries(replies.at(-2)), ...entries], proof, count)
    : takeProof(entries, overlaps ? proof : null, count);
  return { ...read, entry: place ? entryFromReply(place, replies[0]) : undefined, commands: replies.length };
}

/** Takes the proof from before the news. */
function takeProof(
  all: readonly StreamEntry[],
  proof: Fingerprint | null,
  count: number,
): StreamRead & { readonly proven: boolean } {
  const [first] = all;
  const proven = proof === null || (first !== undefined && fingerprint(first) === proof);
  const entries = proof !== null && proven ? all.slice(1) : all;
  return { entries, full: entries.length >= count, proven };
}

/** What Redis says of a stream as a whole. */
export interface StreamInfo {
  /** Null when the stream has no entries. */
  readonly firstId: string | null;
  /** The highest id that was ever given, also when that entry is gone; `0-0` for a stream that is not there. */
  readonly lastId: string;
  /** Entries that it has. */
  readonly length: number;
  /** Entries that were ever added; null before Redis 7, which does not tell. */
  readonly added: number | null;
}

const NO_STREAM: StreamInfo = { firstId: null, lastId: FIRST_STREAM_ID, length: 0, added: 0 };

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

/** The newest entries up to `to`, newest first, at most `count`. Throws GatewayError. */
export async function readBack(
  redis: Redis,
  name: string,
  to: string,
  count: number,
): Promise<readonly StreamEntry[]> {
  return parseEntries((await redis.xrevrange(streamKey(name), to, "-", count)) as unknown as Reply);
}

/**
 * The stream's last entry (null when it has none) and the session's entry in one transaction, the tail first: no
 * update can hide between the two. Throws GatewayError.
 */
export async function readTailAndEntry(
  redis: Redis,
  place: EntryPlace,
  name: string,
): Promise<{ tail: StreamEntry | null; entry: SessionEntry | null }> {
  const batch = redis.multi();
  batch.xrevrange(streamKey(name), "+", "-", 1);
  addRead(batch, place);
  const [last, hash] = await execute(batch);
  return { tail: parseEntries(last)[0] ?? null, entry: entryFromReply(place, hash) };
}

/** What a read of a part of the stream asks for: entries after `after` up to `to`, oldest first, at most `count`. */
export interface RangeRequest extends Pick<ReadRequest, "name" | "count" | "proof"> {
  readonly after: string;
  readonly to: string;
}

/** A part of the stream, in one transaction with the proof if one is wanted. Throws GatewayError. */
export async function readRange(
  redis: Redis,
  { name, after, to, count, proof }: RangeRequest,
): Promise<StreamRead & { readonly proven: boolean }> {
  const key = streamKey(name);
  if (proof === null) {
    const reply = await redis.xrange(key, `(${after}`, to, count);
    return takeProof(parseEntries(reply as unknown as Reply), null, count);
  }
  const batch = redis.multi();
  batch.xrevrange(key, idOf(proof), idOf(proof), 1);
  batch.xrange(key, `(${after}`, to, count);
  const [there, range] = await execute(batch);
  return takeProof([...parseEntries(there), ...parseEntries(range)], proof, count);
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
  const [length, added] = [values.get("length"), values.get("entries-added")];
  if (typeof length !== "number") throw malformed();
  const first = values.get("first-entry");
  const firstId = Array.isArray(first) ? parseEntry(first).id : null;
  return { firstId, lastId, length, added: typeof added === "number" ? added : null };
}

/** `[[key, [[id, [field, value, …]], …]]]`, or null for no news. */
function parseStream(reply: Reply | undefined): StreamEntry[] {
  if (reply === null || reply === undefined) return [];
  const stream = Array.isArray(reply) ? reply[0] : undefined;
  if (!Array.isArray(stream)) throw malformed();
  return parseEntries(stream[1]);
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
  let data: Uint8Array | null | undefined;
  return {
    id,
    sessionId: sessionId?.trim() ?? null,
    encodedBytes: typeof encoded === "string" ? encoded.length : 0,
    digest: typeof encoded === "string" ? digest(encoded) : 0,
    data: () => {
      if (data === undefined) data = bytesOf(encoded);
      // Decoded it takes less room, and either will do.
      encoded = undefined;
      return data;
    },
  };
}

/** FNV-1a over characters that are spread evenly. */
function digest(text: string): number {
  const step = Math.max(1, text.length >> 8);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += step) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function malformed(): GatewayError {
  return new GatewayError("malformed", "the reply is not shaped as a stream");
}
