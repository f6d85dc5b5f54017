import { ErrorReply } from "@redis/client";
import type { RedisConnection } from "./connect.ts";

/** Where in Redis a session's messages are. */
export interface StreamPlace {
  /** Tags the session's entries in the stream. */
  streamSessionId: string;
  /** Without the `stream:` prefix. */
  streamName: string;
  /** The stream's last id before the session's first message; `0-0` in a new stream. */
  streamPosition: string;
}

/** What the hash of a session holds. Metadata is absent until its first message. */
export interface StoredEntry {
  place: StreamPlace;
  json: string | undefined;
  range: TimeRange | undefined;
}

/** Both inclusive, ns since 1970-01-01T00:00:00Z. */
export interface TimeRange {
  startNs: bigint;
  endNs: bigint;
}

export function sessionKey(identity: string): string {
  return `sessions:${identity}`;
}

export function streamKey(streamName: string): string {
  return `stream:${streamName}`;
}

/** Reads a session's hash; undefined when there is none, or none of a session. */
export async function readEntry(redis: RedisConnection, identity: string): Promise<StoredEntry | undefined> {
  const { streamSessionId, streamName, streamPosition, json, tStart, tEnd } = await redis.hGetAll(
    sessionKey(identity),
  );
  if (streamSessionId === undefined || streamName === undefined || streamPosition === undefined) {
    return undefined;
  }
  const range = tStart && tEnd ? { startNs: BigInt(tStart), endNs: BigInt(tEnd) } : undefined;
  return { place: { streamSessionId, streamName, streamPosition }, json, range };
}

/**
 * Gives the session a number of its own and its place in the stream, and stores both. `after`: a number the
 * session had before in the same stream, which a Redis that lost its memory could give again.
 */
export async function allocateEntry(
  redis: RedisConnection,
  identity: string,
  streamName: string,
  times: { nowMs: number; expirySeconds: number },
  after = 0,
): Promise<StreamPlace> {
  let id = await redis.incrBy("lastStreamSessionId", 1);
  if (id <= after) id = await redis.incrBy("lastStreamSessionId", after + 1 - id);
  await redis.sAdd("streams", streamName);
  const place = {
    streamSessionId: String(id),
    streamName,
    streamPosition: await lastStreamId(redis, streamName),
  };
  const key = sessionKey(identity);
  await redis
    .multi()
    .del(key)
    .hSet(key, { ...place, lastUpdated: times.nowMs })
    .expire(key, times.expirySeconds)
    .exec();
  return place;
}

/** The last id the stream ever gave, which a trimmed stream still knows. */
async function lastStreamId(redis: RedisConnection, streamName: string): Promise<string> {
  try {
    return (await redis.xInfoStream(streamKey(streamName)))["last-generated-id"];
  } catch (error) {
    if (error instanceof ErrorReply && error.message.includes("no such key")) return "0-0";
    throw error;
  }
}
