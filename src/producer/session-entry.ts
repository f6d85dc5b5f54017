import type { ScriptRunner } from "./script-runner.ts";
import { ALLOCATE, READ_FIELDS } from "./scripts.ts";

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

const FIELDS = ["streamSessionId", "streamName", "streamPosition", "json", "tStart", "tEnd"] as const;

/** Reads a session's hash; undefined when there is none, or none of a session. */
export async function readEntry(redis: ScriptRunner, identity: string): Promise<StoredEntry | undefined> {
  const values = (await redis.runScript(READ_FIELDS, [sessionKey(identity)], FIELDS)) as (string | null)[];
  const [streamSessionId, streamName, streamPosition, json, tStart, tEnd] = values;
  if (!streamSessionId || !streamName || !streamPosition) return undefined;
  const range = tStart && tEnd ? { startNs: BigInt(tStart), endNs: BigInt(tEnd) } : undefined;
  return { place: { streamSessionId, streamName, streamPosition }, json: json ?? undefined, range };
}

export interface Allocation {
  identity: string;
  streamName: string;
  nowMs: number;
  expirySeconds: number;
  /** The number that the session's hash had when it was read; another by now means that somebody else was faster. */
  found: string | undefined;
  /** The number must be above this one, which a Redis that lost its memory could give again. */
  after?: string;
}

/** Gives the session a number of its own and its place in the stream; undefined when somebody else was faster. */
export async function allocateEntry(
  redis: ScriptRunner,
  { identity, streamName, nowMs, expirySeconds, found = "", after = "0" }: Allocation,
): Promise<StreamPlace | undefined> {
  const keys = [sessionKey(identity), "lastStreamSessionId", "streams", streamKey(streamName)];
  const args = [found, streamName, `${nowMs}`, `${expirySeconds}`, after];
  const place = (await redis.runScript(ALLOCATE, keys, args)) as [string, string] | null;
  return place === null ? undefined : { streamSessionId: place[0], streamName, streamPosition: place[1] };
}
