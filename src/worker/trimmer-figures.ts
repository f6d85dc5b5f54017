import { single } from "./metrics.ts";

/** What the trimmer has done since its first round ever. */
export interface TrimmerFigures {
  readonly entriesTrimmed: number;
  readonly errors: number;
  /** Members of the set `streams` in the last round. */
  readonly streams: number;
  /** Our clock, when the last round that could read the set was over; 0 before it. */
  readonly lastRunMs: number;
  /** The last round had errors. */
  readonly failing: boolean;
}

export const NO_TRIMMING: TrimmerFigures = {
  entriesTrimmed: 0,
  errors: 0,
  streams: 0,
  lastRunMs: 0,
  failing: false,
};

/** Prometheus text exposition, format 0.0.4. */
export function renderTrimmerFigures({ entriesTrimmed, errors, streams, lastRunMs }: TrimmerFigures): string {
  return [
    single("trimmer_entries_trimmed_total", "counter", "Stream entries removed", entriesTrimmed),
    single("trimmer_errors_total", "counter", "Streams that could not be trimmed, round by round", errors),
    single("trimmer_streams", "gauge", "Streams in the set of the last round", streams),
    single("trimmer_last_run_timestamp_seconds", "gauge", "When the last round ended", lastRunMs / 1000),
  ].join("");
}
