/** Session states by their JSON names. */
export type SessionState = "unknown" | "waiting" | "open" | ClosedState;
/** No more data is expected: complete, data missing, missing by a fault, given up after idling. */
export type ClosedState = "closed" | "truncated" | "failed" | "abandoned";

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

// ECMAScript 2026; TypeScript 7.0 does not declare it yet (2026-11).
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

/** Serializes a session. A BigInt becomes a bare integer with all its digits, as nanoseconds need. */
export function sessionJson(session: SessionDescription): string {
  return JSON.stringify(session, (_key, value: unknown) =>
    typeof value === "bigint" ? rawJSON(value.toString()) : value,
  );
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
