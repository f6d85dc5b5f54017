import type { Session, SessionState } from "../../client/index.ts";

/** Live ones come first, then those that may be soon. */
const RANKS: Readonly<Record<SessionState, number>> = {
  open: 0,
  waiting: 1,
  unknown: 2,
  closed: 3,
  truncated: 3,
  failed: 3,
  abandoned: 3,
};

/** Details that say which session it is. How it stands, such as the fastest lap, is not told to who may watch it later. */
const TELLING = /^(driver|car|vehicle|team|track|circuit|venue|event|series|location)(_?name)?$/i;

/** What a list says of a session. */
export interface SessionRow {
  readonly identity: string;
  readonly name: string;
  readonly state: SessionState;
  readonly isLive: boolean;
  /** When it was, as people say it; empty when nobody knows. */
  readonly age: string;
  /** Other words about it, from its type and details that do not change. */
  readonly about: string;
}

/** Sessions that hold every word of the query, live ones first and of those the newest. */
export function sessionRows(sessions: readonly Session[], query: string, nowMs: number): SessionRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return sessions
    .filter(({ identity }) => identity !== "")
    .map((session) => ({ session, row: rowOf(session, nowMs), startMs: startOf(session) }))
    .filter(({ row }) => {
      const text = [row.identity, row.name, row.state, row.about].join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => RANKS[a.row.state] - RANKS[b.row.state] || b.startMs - a.startMs)
    .map(({ row }) => row);
}

function rowOf(session: Session, nowMs: number): SessionRow {
  const { identity, identifier, state, timeRange, json } = session;
  const isLive = state === "open";
  const startMs = startOf(session);
  const endMs = timeRange === null ? Number.NaN : Number(timeRange.endNs / 1_000_000n);
  const isOver = RANKS[state] === RANKS.closed;
  const age =
    isOver && !Number.isNaN(endMs) ? saidOf("ended", nowMs - endMs) : saidOf("started", nowMs - startMs);
  const details = Object.entries((json.details ?? {}) as Record<string, unknown>);
  const told = details.filter(([name]) => TELLING.test(name)).map(([, value]) => value);
  const about = [json.type, ...told].filter((value) => typeof value === "string").join(" · ");
  return { identity, name: identifier, state, isLive, age: startMs === 0 && !isOver ? "" : age, about };
}

/** ms since 1970; 0 when nothing tells. */
function startOf({ timeRange, json }: Session): number {
  const stamp = Date.parse(typeof json.timestamp === "string" ? json.timestamp : "");
  if (!Number.isNaN(stamp)) return stamp;
  return timeRange === null ? 0 : Number(timeRange.startNs / 1_000_000n);
}

function saidOf(verb: string, ms: number): string {
  if (Number.isNaN(ms)) return "";
  return ms < 0 ? `${verb} by a clock ahead of this one` : `${verb} ${ageText(ms)} ago`;
}

/** A span of time in its largest unit: `40 s`, `5 min`, `3 h`, `2 days`. */
export function ageText(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`;
  if (minutes < 120) return `${Math.floor(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
