/** A JSON object whose members have not been believed yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Doubles hold every integer of 15 digits; nanoseconds since 1970 have 19. */
const LONG_INTEGER = /^-?\d{16,}$/;

/** `context` is what ES2026 adds to revivers. */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

const exactIntegers: Reviver = (_key, value, context) =>
  typeof value === "number" && context?.source !== undefined && LONG_INTEGER.test(context.source)
    ? BigInt(context.source)
    : value;

/** Node 20 and older browsers do not tell revivers how a number was written. */
const TELLS_SOURCE = parseWith("1234567890123456", exactIntegers) === 1234567890123456n;

/**
 * Parses JSON as `JSON.parse` does, except that integers written with 16 or more digits become exact BigInts.
 * Throws SyntaxError on malformed text.
 */
export function parseJson(text: string): unknown {
  return TELLS_SOURCE ? parseWith(text, exactIntegers) : parseMarked(text);
}

/** Strings, so that digits within are left alone, and numbers, each as a whole. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
/** Stands at the beginning of a string that is an integer. */
const MARK = "\u0000";

/** As `parseJson`, on platforms whose revivers know no source: long integers travel as marked strings. */
export function parseMarked(text: string): unknown {
  const marked = text.replace(TOKENS, (token) => (LONG_INTEGER.test(token) ? `"\\u0000${token}"` : token));
  return parseWith(marked, (_key, value) =>
    typeof value === "string" && value.startsWith(MARK) ? unmarked(value.slice(1)) : value,
  );
}

/** A string of the text itself may begin with an escaped mark; what follows it is then hardly an integer. */
function unmarked(rest: string): unknown {
  return LONG_INTEGER.test(rest) ? BigInt(rest) : MARK + rest;
}

function parseWith(text: string, reviver: Reviver): unknown {
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

/** The value as an object; anything else is an object without members. */
export function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value as a list; anything else is an empty list. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; anything else is the fallback. */
export function asText(value: unknown, fallback = ""): string {
  return typeof value === "string" ? value : fallback;
}

/** The value as a finite double; anything else is the fallback. */
export function asNumber(value: unknown, fallback = 0): number {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" && Number.isFinite(value) ? value : fallback;
}

/** The value as an exact integer; null when it is none. */
export function asInteger(value: unknown): bigint | null {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : null;
}
