/** Powers of ten that make ns of a number in that unit. */
const DIGITS = { s: 9, ms: 6, us: 3, ns: 0 } as const;

/** What the numbers of a time column count. */
export type TimeUnit = keyof typeof DIGITS;

export const TIME_UNITS = Object.keys(DIGITS) as TimeUnit[];

const MAX_NS = 2n ** 63n;

/**
 * Reads a time to the nanosecond: a number in `unit`, or a date and time like `2026-11-26T12:00:00.000000001Z`,
 * in UTC unless it says otherwise. Null for what is neither.
 */
export function readCsvTime(text: string, unit: TimeUnit): bigint | null {
  const ns = readNumber(text, DIGITS[unit]) ?? readDate(text);
  return ns !== null && ns > -MAX_NS && ns < MAX_NS ? ns : null;
}

/** A double would lose the last digits of a time since 1970. */
function readNumber(text: string, digits: number): bigint | null {
  const match = /^([+-]?)(\d{1,20})(?:\.(\d*))?$/.exec(text);
  if (match) {
    const [, sign, whole, fraction = ""] = match;
    const ns = BigInt(whole! + fraction.padEnd(digits, "0").slice(0, digits));
    return sign === "-" ? -ns : ns;
  }
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)
    ? Number(text) * 10 ** digits
    : Number.NaN;
  return Number.isFinite(value) ? BigInt(Math.round(value)) : null;
}

const DATE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9})\d*)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

function readDate(text: string): bigint | null {
  const match = DATE.exec(text);
  if (!match) return null;
  const [, date, time, fraction = "", zone = "Z"] = match;
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase().replace(/^(...)(\d\d)$/, "$1:$2")}`);
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}
