import { createHash } from "node:crypto";
import type { CsvColumn } from "./csv.ts";

const APP = "CSV";

/** The least and the greatest value of a column. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/**
 * The configuration of a table: channel and parameter of each column, in their order from 0 on, doubles with a time
 * each. `ranges`: what the plots of each are to cover.
 */
export function csvConfiguration(
  columns: readonly CsvColumn[],
  ranges: readonly (ValueRange | undefined)[],
): { identifier: string; json: string } {
  const qualified = (name: string) => `${name}:${APP}`;
  const json = JSON.stringify({
    [APP]: {
      desc: "Columns of a CSV file",
      tree: { params: columns.map(({ name }) => qualified(name)), groups: [] },
      parameters: columns.map(({ name, unit }, channel) => ({
        id: qualified(name),
        name,
        desc: name,
        conv: qualified("plain"),
        ...(ranges[channel] ?? { min: 0, max: 1 }),
        format: "%.6g",
        unit,
        channels: [channel],
      })),
      channels: columns.map(({ name }, id) => ({
        id,
        name,
        source: "timestamped",
        type: "f64",
        interval: 0,
      })),
      conversions: [{ name: qualified("plain") }],
      events: [],
    },
  });
  const digest = createHash("sha256").update(json).digest("hex").slice(0, 12);
  return { identifier: `csv-${digest}`, json };
}
