import { CsvError, parse } from "csv-parse";
import { CommandError } from "../command-error.ts";
import { readCsvTime, type TimeUnit } from "./csv-time.ts";

/** A row of one line, whatever is in it, is no longer than this. */
const MAX_ROW_CHARACTERS = 1024 * 1024;
/** Each becomes a channel and a parameter; the configuration stays a document that can be fetched. */
const MAX_COLUMNS = 5_000;
const TIME_NAMES = ["time", "timestamp", "t", "date", "datetime"];

export interface CsvOptions {
  /** Header of the time column; else one that is called so, else the first. */
  readonly time?: string | undefined;
  readonly timeUnit: TimeUnit;
  /** One character. */
  readonly delimiter: string;
}

/** A column of numbers. */
export interface CsvColumn {
  readonly name: string;
  /** Empty when the header gives none. */
  readonly unit: string;
}

export interface CsvRow {
  readonly line: number;
  /** As the file has it: since 1970-01-01T00:00:00Z, or since whenever it counts from. */
  readonly timeNs: bigint;
  /** One for each column; undefined for an empty cell. */
  readonly values: readonly (number | undefined)[];
}

export interface CsvTable {
  readonly columns: readonly CsvColumn[];
  /** Throws CommandError with the line of what it cannot read. */
  readonly rows: AsyncGenerator<CsvRow, void, void>;
}

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Reads a table whose first line names its columns. Rejects with CommandError that names what is wrong. */
export async function readCsv(
  input: NodeJS.ReadableStream,
  name: string,
  options: CsvOptions,
): Promise<CsvTable> {
  const parser = parse({
    bom: true,
    info: true,
    delimiter: options.delimiter,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MAX_ROW_CHARACTERS,
  });
  input.once("error", (error) => parser.destroy(error));
  const records = recordsOf(input.pipe(parser), name);
  const first = await records.next();
  if (first.done) throw new CommandError(`${name} is empty: it needs a line with the names of its columns`);
  const { record: header, info } = first.value;
  const at = `${name} line ${info.lines}`;
  const timeColumn = timeColumnOf(header, options.time, at);
  const columns = header.map(columnOf);
  checkColumns(columns, timeColumn, at);
  return {
    columns: columns.filter((_, index) => index !== timeColumn),
    rows: rowsOf(records, name, columns, timeColumn, options.timeUnit),
  };
}

async function* recordsOf(
  parser: AsyncIterable<unknown>,
  name: string,
): AsyncGenerator<ParsedRecord, void, void> {
  try {
    yield* parser as AsyncIterable<ParsedRecord>;
  } catch (error) {
    if (error instanceof CsvError) throw new CommandError(`${name} ${csvTrouble(error)}`);
    throw new CommandError(`cannot read ${name} (${(error as NodeJS.ErrnoException).code})`);
  }
}

function csvTrouble(error: CsvError): string {
  const { lines, record, columns } = error as { lines?: number; record?: unknown[]; columns?: unknown };
  if (error.code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH") {
    return `line ${lines}: ${record?.length} cells, but ${error.message.match(/expect (\d+)/)?.[1] ?? columns} columns`;
  }
  return `line ${lines}: ${error.message.replace(/ (?:on|at) line \d+.*$/, "")}`;
}

function timeColumnOf(header: readonly string[], wanted: string | undefined, at: string): number {
  if (wanted === undefined) {
    const named = header.findIndex((text) => TIME_NAMES.includes(columnOf(text).name.toLowerCase()));
    return Math.max(named, 0);
  }
  const index = header.findIndex((text) => text === wanted || columnOf(text).name === wanted);
  if (index >= 0) return index;
  throw new CommandError(
    `${at}: no column "${wanted}"; there are ${header.map((text) => `"${text}"`).join(", ")}`,
  );
}

/** `speed [km/h]` and `speed (km/h)` give a unit. */
function columnOf(text: string): CsvColumn {
  const [, name, unit] = /^(.*?)\s*[[(]([^\])]*)[\])]$/.exec(text) ?? [];
  return name ? { name, unit: unit ?? "" } : { name: text, unit: "" };
}

function checkColumns(columns: readonly CsvColumn[], timeColumn: number, at: string): void {
  if (columns.length < 2)
    throw new CommandError(`${at}: a time column and another at least; is --delimiter right?`);
  if (columns.length > MAX_COLUMNS) {
    throw new CommandError(`${at}: ${columns.length} columns, more than ${MAX_COLUMNS}`);
  }
  const names = new Set<string>();
  for (const [index, { name }] of columns.entries()) {
    if (index === timeColumn) continue;
    if (name === "") throw new CommandError(`${at}: column ${index + 1} has no name`);
    if (names.has(name)) throw new CommandError(`${at}: two columns are called "${name}"`);
    names.add(name);
  }
}

async function* rowsOf(
  records: AsyncGenerator<ParsedRecord, void, void>,
  name: string,
  columns: readonly CsvColumn[],
  timeColumn: number,
  timeUnit: TimeUnit,
): AsyncGenerator<CsvRow, void, void> {
  for await (const { record, info } of records) {
    const at = (column: number) => `${name} line ${info.lines}: column "${columns[column]!.name}"`;
    const timeText = record[timeColumn]!;
    const timeNs = readCsvTime(timeText, timeUnit);
    if (timeNs === null) throw new CommandError(`${at(timeColumn)} has no time: "${timeText}"`);
    const values: (number | undefined)[] = [];
    for (const [index, text] of record.entries()) {
      if (index === timeColumn) continue;
      const value = text === "" ? undefined : numberOf(text);
      if (value === null) throw new CommandError(`${at(index)} has no number: "${text}"`);
      values.push(value);
    }
    yield { line: info.lines, timeNs, values };
  }
}

/** Null for what is no number. */
function numberOf(text: string): number | null {
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}
