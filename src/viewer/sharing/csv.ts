import type { Series } from "../engine/messages.ts";

/** One column: what it is called, its samples, and the names of its values if it has any. */
export interface Column {
  readonly name: string;
  readonly unit: string;
  readonly series: Series;
  /** For each sample, when values are names; else null. */
  readonly texts: readonly string[] | null;
}

/** What stands where samples are missing. */
export const GAP = "gap";
/** Rows that are joined before they are handed on. */
const ROWS_PER_PART = 5_000;
const NS_PER_MS = 1_000_000n;

/**
 * A table of samples: time in UTC, seconds after `startNs`, and a column for each trace. Every sample has its own time
 * in a row; samples of one time share it, and an empty cell says only that the trace has no sample just then. Where
 * samples are missing, a row says `gap` in the column. Yields parts to write one after the other.
 */
export function* csvParts(columns: readonly Column[], startNs: bigint): Generator<string> {
  const heading = columns.map(({ name, unit }) => (unit === "" ? name : `${name} [${unit}]`));
  let rows = [["time", "seconds", ...heading].map(cell).join(",")];
  const next = columns.map(() => 0);
  for (;;) {
    const timeNs = earliest(columns, next);
    if (timeNs === null) break;
    const cells = columns.map((column, index) => {
      const at = next[index] as number;
      if (timeAt(column.series, at) !== timeNs) return "";
      next[index] = at + 1;
      return valueCell(column, at);
    });
    rows.push([isoTime(timeNs), secondsText(timeNs - startNs), ...cells].join(","));
    if (rows.length < ROWS_PER_PART) continue;
    yield `${rows.join("\r\n")}\r\n`;
    rows = [];
  }
  if (rows.length > 0) yield `${rows.join("\r\n")}\r\n`;
}

function earliest(columns: readonly Column[], next: readonly number[]): bigint | null {
  let found: bigint | null = null;
  for (const [index, { series }] of columns.entries()) {
    const timeNs = timeAt(series, next[index] as number);
    if (timeNs !== null && (found === null || timeNs < found)) found = timeNs;
  }
  return found;
}

function timeAt({ originNs, times }: Series, index: number): bigint | null {
  const time = times[index];
  return time === undefined ? null : originNs + BigInt(Math.round(time));
}

function valueCell({ series, texts }: Column, index: number): string {
  const value = series.values[index] as number;
  if (Number.isNaN(value)) return GAP;
  return texts === null ? String(value) : cell(texts[index] ?? "");
}

/** A text in a cell. Spreadsheets take some first characters for a formula: an apostrophe keeps it a text. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** `2026-11-26T09:00:01.500000000Z` */
function isoTime(ns: bigint): string {
  const ms = ns / NS_PER_MS;
  const whole = new Date(Number(ms)).toISOString().slice(0, -1);
  return `${whole}${(ns % NS_PER_MS).toString().padStart(6, "0")}Z`;
}

/** Seconds with every nanosecond; before the start they are negative. */
function secondsText(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  const fraction = (size % 1_000_000_000n).toString().padStart(9, "0");
  return `${ns < 0n ? "-" : ""}${size / 1_000_000_000n}.${fraction}`;
}
