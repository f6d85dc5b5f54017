/** Figures of a statistic; six are more than a plot shows. */
const DIGITS = 6;

/** A number that no format belongs to, in as many digits as help; `–` for none. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const power = Math.floor(Math.log10(Math.abs(value)));
  if (power < -4 || power >= 9) return value.toExponential(3);
  return value
    .toFixed(Math.min(Math.max(DIGITS - 1 - power, 0), 4))
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** A number with as many decimals as a reading of the same parameter has, and `more`; as `numberText` beside other readings. */
export function likeReading(value: number, reading: string, more = 0): string {
  const decimals = /^[-+]?\d+(?:\.(\d+))?$/.exec(reading.trim());
  if (decimals === null || !Number.isFinite(value)) return numberText(value);
  return value.toFixed((decimals[1]?.length ?? 0) + more).replace(/^-(0(?:\.0*)?)$/, "$1");
}

/** A difference with its sign. */
export function signed(text: string): string {
  return /^[1-9]|^0\.\d*[1-9]/.test(text) ? `+${text}` : text;
}

/** A span of time in seconds, to the thousandth and with its sign. */
export function spanText(ns: bigint): string {
  const seconds = Number(ns) / 1e9;
  return `${seconds > 0 ? "+" : ""}${seconds.toFixed(3)} s`;
}
