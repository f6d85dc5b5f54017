/** C conversion specifications that configurations use: flags, width, precision, type. */
const SPECIFICATION = /%([-+ 0#]*)(\d*)(?:\.(\d+))?[hlLqjzt]*([idufFgGeEoxXcs%])/;
/** Wider fields than this come from a broken configuration, not from a display. */
const MAX_WIDTH = 32;
/** `toFixed` and `toExponential` accept up to 100 digits; doubles carry 17. */
const MAX_PRECISION = 20;
/** Digits shown when a configuration states no format. */
const DEFAULT_SIGNIFICANT_DIGITS = 6;

/**
 * A value as the configuration wants it written: a C style format (`%5.2f`, `%d`, `%04X` …).
 * Without a usable format: up to six significant digits. Values that are no number become "–".
 */
export function formatValue(format: string, value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "-∞";
  const match = SPECIFICATION.exec(format);
  if (match === null || match[4] === "%") return general(value, DEFAULT_SIGNIFICANT_DIGITS);
  const [specification, flags = "", width = "", precision, type = "g"] = match;
  const digits = precision === undefined ? 6 : Math.min(Number(precision), MAX_PRECISION);
  const body = digitsOf(type, value, digits);
  const signed = value >= 0 && /[idfFgGeE]/.test(type) ? sign(flags) + body : body;
  return format.replace(specification, () => pad(signed, flags, Math.min(Number(width), MAX_WIDTH)));
}

function digitsOf(type: string, value: number, digits: number): string {
  switch (type) {
    case "f":
    case "F":
      return value.toFixed(digits);
    case "e":
      return exponent(value.toExponential(digits));
    case "E":
      return exponent(value.toExponential(digits)).toUpperCase();
    case "g":
      return general(value, digits);
    case "G":
      return general(value, digits).toUpperCase();
    case "o":
      return unsigned(value).toString(8);
    case "x":
      return unsigned(value).toString(16);
    case "X":
      return unsigned(value).toString(16).toUpperCase();
    case "c":
      return String.fromCodePoint(Math.min(unsigned(value), 0x10ffff));
    case "s":
      return general(value, DEFAULT_SIGNIFICANT_DIGITS);
    default:
      return String(Math.trunc(value) + 0);
  }
}

/** `%g`: significant digits without trailing zeros, exponent form outside 1e-4 … 10^digits. */
function general(value: number, digits: number): string {
  const significant = Math.max(digits, 1);
  if (value === 0) return "0";
  const power = Number(value.toExponential(significant - 1).split("e")[1]);
  if (power < -4 || power >= significant) {
    const [mantissa = "", suffix = ""] = value.toExponential(significant - 1).split("e");
    return exponent(`${trimZeros(mantissa)}e${suffix}`);
  }
  return trimZeros(value.toFixed(Math.max(significant - 1 - power, 0)));
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** C writes at least two digits of exponent. */
function exponent(text: string): string {
  return text.replace(/e([-+])(\d)$/, "e$10$2");
}

function unsigned(value: number): number {
  return Math.trunc(value) >>> 0;
}

function sign(flags: string): string {
  if (flags.includes("+")) return "+";
  return flags.includes(" ") ? " " : "";
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  const digitsAt = /^[-+ ]/.test(text) ? 1 : 0;
  return text.slice(0, digitsAt) + text.slice(digitsAt).padStart(width - digitsAt, "0");
}
