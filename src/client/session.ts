import { asInteger, asList, asNumber, asObject, asText, type JsonObject } from "./json.ts";

/** Inclusive nanoseconds since 1970-01-01T00:00:00Z. */
export interface TimeRange {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** Attaches a configuration: session channel = configuration channel + `channelOffset`. */
export interface ConfigBinding {
  readonly identifier: string;
  readonly channelOffset: number;
}

const STATES = ["unknown", "waiting", "open", "closed", "truncated", "failed", "abandoned"] as const;
export type SessionState = (typeof STATES)[number];

/** What is known of a session, from REST and the stream together. */
export interface Session {
  readonly identity: string;
  /** The name that people read; not unique. */
  readonly identifier: string;
  readonly state: SessionState;
  readonly timeRange: TimeRange | null;
  readonly configBindings: readonly ConfigBinding[];
  /** Every member of the merged Session JSON; integers of 16 and more digits are BigInts. */
  readonly json: JsonObject;
}

/** Where session metadata came from; either side may know less than the other. */
export interface SessionSources {
  readonly identity: string;
  readonly rest: JsonObject | null;
  readonly stream: JsonObject | null;
  /** Union of the ranges streamed beside the Session JSON. */
  readonly streamRange: TimeRange | null;
  /** While connected the stream's state counts, otherwise that of REST. */
  readonly connected: boolean;
}

/** Members that are null or absent on one side come from the other; an explicit empty one stays empty. */
const FILLED = [
  ["details", "extDetails", "configBindings", "children", "alternates", "markers"],
  ["type", "quality", "group", "version", "identifier", "timestamp"],
].flat();

/** True for `closed`, `truncated`, `failed` and `abandoned`: no more data is expected. */
export function isClosed(state: SessionState): boolean {
  return STATES.indexOf(state) >= STATES.indexOf("closed");
}

/** The `state` of a Session JSON; `unknown` for what is not a state. */
export function stateOf(json: JsonObject | null): SessionState {
  return STATES.find((state) => state === json?.state) ?? "unknown";
}

/** The smallest range that holds both. */
export function uniteRanges(a: TimeRange | null, b: TimeRange | null): TimeRange | null {
  if (a === null || b === null) return a ?? b;
  return {
    startNs: a.startNs < b.startNs ? a.startNs : b.startNs,
    endNs: a.endNs > b.endNs ? a.endNs : b.endNs,
  };
}

/** One view of a session: the newer side by end of time range is the base, the other fills its gaps. */
export function mergeSession({ identity, rest, stream, streamRange, connected }: SessionSources): Session {
  const restRange = rangeOf(rest);
  const liveRange = uniteRanges(rangeOf(stream), streamRange);
  const restIsNewer =
    rest !== null &&
    (stream === null || (restRange !== null && (liveRange === null || restRange.endNs > liveRange.endNs)));
  const [base, other] = restIsNewer ? [rest, stream] : [stream, rest];

  const json: Record<string, unknown> = { ...base };
  for (const name of FILLED) json[name] = base?.[name] ?? other?.[name] ?? null;
  return {
    identity,
    identifier: asText(json.identifier, identity),
    state: mergeState(stateOf(rest), stateOf(stream), connected),
    timeRange: uniteRanges(restRange, liveRange),
    configBindings: asList(json.configBindings).map(toBinding),
    json,
  };
}

function mergeState(rest: SessionState, stream: SessionState, connected: boolean): SessionState {
  const [first, second] = connected || isClosed(stream) ? [stream, rest] : [rest, stream];
  return first === "unknown" ? second : first;
}

function rangeOf(json: JsonObject | null): TimeRange | null {
  const range = asObject(json?.timeRange);
  const startNs = asInteger(range.startTime);
  const endNs = asInteger(range.endTime);
  return startNs === null || endNs === null ? null : { startNs, endNs };
}

function toBinding(value: unknown): ConfigBinding {
  const binding = asObject(value);
  return { identifier: asText(binding.identifier), channelOffset: asNumber(binding.channelOffset) };
}
