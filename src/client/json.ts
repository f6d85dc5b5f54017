/** A JSON object whose members have not been believed yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Doubles hold every integer of 15 digits; nanoseconds since 1970 have 19. */
const LONG_INTEGER = /^-?\d{16,}$/;

/** `context` is what ES2026 adds to revivers. */
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const exactIntegers: Reviver = (_key, value, { source }) =>
  typeof value === "number" && source !== undefined && LONG_INTEGER.test(source) ? BigInt(source) : value;

/**
 * Parses JSON as `JSON.parse` does, except that integers written with 16 or more digits become exact BigInts.
 * Throws SyntaxError on malformed text.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, exactIntegers as (key: string, value: unknown) => unknown);
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
