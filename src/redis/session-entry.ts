import { FIRST_STREAM_ID, parseStreamId } from "../wire/stream-id.ts";
import { textOf } from "./base64.ts";
import { GatewayError, type Reply } from "./gateway.ts";

/** Inclusive, ns since 1970-01-01T00:00:00Z. */
export interface TimeRange {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** What a producer wrote about its session beside the stream. */
export interface SessionEntry {
  /** Tags the session's messages in a stream that others share. */
  readonly streamSessionId: string;
  /** Without the `stream:` prefix. */
  readonly streamName: string;
  /** Stream id at or before the session's first message. */
  readonly streamPosition: string;
  /** Current Session JSON as stored; null until the session can be streamed. */
  readonly json: string | null;
  readonly range: TimeRange | null;
}

/** Fields read of a session's hash, in this order. */
export const ENTRY_FIELDS = [
  "streamSessionId",
  "streamName",
  "streamPosition",
  "json",
  "tStart",
  "tEnd",
] as const;

type Fields = Partial<Record<(typeof ENTRY_FIELDS)[number], string | null>>;

/** From the reply of HMGET with ENTRY_FIELDS; null when there is no session. Throws GatewayError. */
export function entryFromHash(reply: Reply | undefined): SessionEntry | null {
  if (!Array.isArray(reply) || reply.length !== ENTRY_FIELDS.length) throw malformed();
  return entryFrom(Object.fromEntries(ENTRY_FIELDS.map((name, i) => [name, textOf(reply[i])])));
}

/** From the reply of HGET of a field that holds a JSON object; null when there is no session. Throws GatewayError. */
export function entryFromField(reply: Reply | undefined): SessionEntry | null {
  if (reply !== null && typeof reply !== "string") throw malformed();
  const text = textOf(reply);
  if (text === null) return null;
  try {
    const fields: unknown = JSON.parse(text, numbersAsText);
    return typeof fields === "object" && fields !== null ? entryFrom(fields as Fields) : null;
  } catch {
    return null;
  }
}

/** Redis never answers like this, and what it did not say must not end a session. */
function malformed(): GatewayError {
  return new GatewayError("malformed", "the reply is not shaped as a session's entry");
}

/** Times in ns have more digits than a double holds, so a number keeps the text that it had. */
function numbersAsText(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" ? (context?.source ?? String(value)) : value;
}

function entryFrom(fields: Fields): SessionEntry | null {
  const { streamSessionId, streamName, streamPosition, json, tStart, tEnd } = fields;
  if (typeof streamSessionId !== "string" || typeof streamName !== "string") return null;
  return {
    streamSessionId: streamSessionId.trim(),
    streamName,
    streamPosition: positionFrom(streamPosition),
    json: typeof json === "string" && json !== "" ? json : null,
    range: rangeFrom(tStart, tEnd),
  };
}

/** An unreadable position means that the whole stream is to be looked through. */
function positionFrom(value: unknown): string {
  const position = typeof value === "string" ? value.trim() : "";
  return parseStreamId(position) ? position : FIRST_STREAM_ID;
}

function rangeFrom(start: unknown, end: unknown): TimeRange | null {
  const startNs = nanoseconds(start);
  const endNs = nanoseconds(end);
  return startNs === null || endNs === null ? null : { startNs, endNs };
}

function nanoseconds(value: unknown): bigint | null {
  if (typeof value !== "string" || !/^\s*-?\d{1,19}\s*$/.test(value)) return null;
  const ns = BigInt(value);
  return BigInt.asIntN(64, ns) === ns ? ns : null;
}

/** The smallest range that covers both. */
export function unite(a: TimeRange | null, b: TimeRange | null): TimeRange | null {
  if (a === null || b === null) return a ?? b;
  return {
    startNs: a.startNs < b.startNs ? a.startNs : b.startNs,
    endNs: a.endNs > b.endNs ? a.endNs : b.endNs,
  };
}
