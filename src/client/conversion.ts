import { asList, asNumber, asObject, asText, type JsonObject } from "./json.ts";

/** How a raw value becomes the value that people read. */
export interface Conversion {
  readonly unit: string;
  readonly format: string;
  /** Raw to calibrated; a conversion that yields text leaves the number as it is. */
  readonly toNumber: (raw: number) => number;
  /** Raw to text, for conversions that name their values. */
  readonly toText: ((raw: number) => string) | null;
}

const same = (raw: number): number => raw;

/** Raw values as they are, without unit or format. */
export const IDENTITY: Conversion = { unit: "", format: "", toNumber: same, toText: null };

/** One conversion of a configuration. Unknown kinds and formulas show the raw value. */
export function parseConversion(json: JsonObject): Conversion {
  const base = { ...IDENTITY, unit: asText(json.unit), format: asText(json.format) };
  if (json.rational) return { ...base, toNumber: rational(asObject(json.rational)) };
  if (json.table) return { ...base, toNumber: table(asObject(json.table)) };
  if (json.text) return { ...base, toText: text(asObject(json.text)) };
  return base;
}

/** (c1 x² + c2 x + c3) / (c4 x² + c5 x + c6), where a denominator written 0, 1, 0 means 1 (decision A-39). */
function rational(json: JsonObject): (raw: number) => number {
  const coeffs = asList(json.coeffs);
  if (coeffs.length !== 6) return same;
  const [c1, c2, c3, c4, c5, c6] = coeffs.map((c) => asNumber(c)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (c4 === 0 && c5 === 1 && c6 === 0) return (x) => (c1 * x + c2) * x + c3;
  return (x) => ((c1 * x + c2) * x + c3) / ((c4 * x + c5) * x + c6);
}

/** Decision A-41: interpolated, linear and clamped; otherwise the value of the greatest key not above x. */
function table(json: JsonObject): (raw: number) => number {
  const calibrated = asList(json.calibrated);
  const points = asList(json.raw)
    .slice(0, calibrated.length)
    .map((key, index) => ({ raw: asNumber(key), value: asNumber(calibrated[index]) }))
    .sort((a, b) => a.raw - b.raw);
  const first = points[0];
  if (first === undefined) return same;
  const interpolated = json.interpolated === true;
  return (x) => {
    const at = points.findLastIndex((point) => point.raw <= x);
    const lower = points[at];
    const upper = points[at + 1];
    if (lower === undefined) return Number.isNaN(x) ? x : first.value;
    if (!interpolated || upper === undefined) return lower.value;
    return lower.value + ((x - lower.raw) / (upper.raw - lower.raw)) * (upper.value - lower.value);
  };
}

function text(json: JsonObject): (raw: number) => string {
  const values = asList(json.values);
  const byKey = new Map(asList(json.keys).map((key, index) => [asNumber(key), asText(values[index])]));
  const fallback = asText(json.default);
  return (raw) => byKey.get(raw) ?? fallback;
}
