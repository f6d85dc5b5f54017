/** A Redis stream id. Both parts are unsigned 64-bit; `ms` is wall-clock time for ids that Redis made up. */
export interface StreamId {
  readonly ms: bigint;
  readonly seq: bigint;
}

/** Below every entry of every stream. */
export const FIRST_STREAM_ID = "0-0";

const MAX_U64 = 0xffff_ffff_ffff_ffffn;

/** Reads `ms-seq`, or `ms` alone for `ms-0` as Redis does; null for anything else. */
export function parseStreamId(text: string): StreamId | null {
  const match = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(text);
  if (match === null) return null;
  const ms = BigInt(match[1]!);
  const seq = BigInt(match[2] ?? 0);
  return ms <= MAX_U64 && seq <= MAX_U64 ? { ms, seq } : null;
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. Throws RangeError if either is no stream id. */
export function compareStreamIds(a: string, b: string): number {
  const dashOfA = a.indexOf("-");
  const dashOfB = b.indexOf("-");
  const byMs = shortNumber(a, 0, dashOfA) - shortNumber(b, 0, dashOfB);
  const bySeq = shortNumber(a, dashOfA + 1, a.length) - shortNumber(b, dashOfB + 1, b.length);
  if (!Number.isNaN(byMs + bySeq)) return byMs || bySeq;
  const left = streamId(a);
  const right = streamId(b);
  return compare(left.ms, right.ms) || compare(left.seq, right.seq);
}

/** The digits `text[from, to)`; NaN where there are none, others than digits, or too many for a double to be exact. */
function shortNumber(text: string, from: number, to: number): number {
  if (to <= from || to - from > 15) return Number.NaN;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = 10 * value + digit;
  }
  return value;
}

/** The time part in ms since 1970, for clock arithmetic. Throws RangeError if `text` is no stream id. */
export function streamIdMs(text: string): number {
  return Number(streamId(text).ms);
}

/** The largest id below `text`; `0-0` has none and stays. Throws RangeError if `text` is no stream id. */
export function previousStreamId(text: string): string {
  const { ms, seq } = streamId(text);
  if (seq > 0n) return `${ms}-${seq - 1n}`;
  return ms > 0n ? `${ms - 1n}-${MAX_U64}` : FIRST_STREAM_ID;
}

function streamId(text: string): StreamId {
  const id = parseStreamId(text);
  if (id === null) throw new RangeError(`Not a Redis stream id: "${text}"`);
  return id;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
