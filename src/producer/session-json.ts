import { checkText, show } from "./checks.ts";
import { invalid } from "./errors.ts";
import { withMembers } from "./json-members.ts";
import type { TimeRange } from "./session-entry.ts";

/** Session states by their JSON names. */
export type SessionState = "unknown" | "waiting" | "open" | ClosedState;
/** No more data is expected: complete, data missing, missing by a fault, given up after idling. */
export type ClosedState = "closed" | "truncated" | "failed" | "abandoned";

const OPEN_STATES: readonly string[] = ["unknown", "waiting", "open"];
const CLOSED_STATES: readonly unknown[] = [
  "closed",
  "truncated",
  "failed",
  "abandoned",
] satisfies ClosedState[];

/** A named part of a session, such as a lap. Times inclusive, ns since 1970-01-01T00:00:00Z. */
export interface SessionMarker {
  id: string;
  type: string;
  label: string;
  description?: string;
  startTime: bigint;
  endTime: bigint;
}

/**
 * What a Session JSON says. Null means "not known here, ask REST"; an empty collection means there are none.
 * Other properties are allowed and kept.
 */
export interface SessionDescription {
  /** Opaque and unique. */
  identity: string;
  state: SessionState;
  /** ISO 8601 with offset. */
  timestamp: string;
  /** The name shown to people. */
  identifier: string;
  /** Inclusive, ns since 1970-01-01T00:00:00Z. */
  timeRange?: { startTime: bigint; endTime: bigint };
  details?: Record<string, string | number | boolean> | null;
  /** A channel of the session is a channel of the configuration plus `channelOffset`. */
  configBindings?: { identifier: string; channelOffset: number }[] | null;
  markers?: SessionMarker[] | null;
  [other: string]: unknown;
}

/**
 * Serializes a session. A BigInt becomes a bare integer with all its digits, as nanoseconds need.
 * Throws ProducerError `invalid-argument` for one without identity, timestamp, identifier or a known state.
 */
export function sessionJson(session: SessionDescription): string {
  for (const name of ["identity", "timestamp", "identifier"]) checkText(session[name], name);
  if (!OPEN_STATES.includes(session.state) && !isClosedState(session.state)) {
    throw invalid(`state must be a session's, not ${show(session.state)}`);
  }
  return jsonText(session)!;
}

/** As JSON.stringify, BigInts included; JSON.rawJSON would do, but Node 20 has none. */
function jsonText(value: unknown): string | undefined {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if ("toJSON" in value && typeof value.toJSON === "function") return jsonText(value.toJSON());
  if (Array.isArray(value)) return `[${value.map((each) => jsonText(each) ?? "null").join(",")}]`;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const text = jsonText(member);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${members.join(",")}}`;
}

/** The same session in another state, every other character of the text as it was; the time range is set if given. */
export function inState(json: string, state: ClosedState, range: TimeRange | undefined): string {
  return withMembers(json, {
    state: JSON.stringify(state),
    ...(range && { timeRange: `{"startTime":${range.startNs},"endTime":${range.endNs}}` }),
  });
}

export function isClosedState(text: string): text is ClosedState {
  return CLOSED_STATES.includes(text);
}

/** Whether the text is a session in a state that ends it. Text that is not JSON is not closed. */
export function isClosed(json: string): boolean {
  try {
    const session = JSON.parse(json) as { state?: unknown } | null;
    return CLOSED_STATES.includes(session?.state);
  } catch {
    return false;
  }
}
