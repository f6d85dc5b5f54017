import type { Span } from "./series.ts";

/** Of values in order of time; NaN values are left out of all but `count`. */
export interface Statistics {
  /** Samples, NaN included. */
  readonly count: number;
  /** NaN when there is no number among the values; the same for the others. */
  readonly min: number;
  readonly max: number;
  /** Of the samples, whatever the time between them. */
  readonly mean: number;
  /** Standard deviation of the population. */
  readonly deviation: number;
  readonly first: number;
  readonly last: number;
}

/** Null without samples. */
export function statisticsOf(
  spans: readonly Span[],
  toValue: (raw: number) => number = (raw) => raw,
): Statistics | null {
  let count = 0;
  let numbers = 0;
  let mean = 0;
  let squares = 0;
  let [min, max, first, last] = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  for (const { values } of spans) {
    count += values.length;
    for (let index = 0; index < values.length; index++) {
      const value = toValue(values[index]!);
      if (Number.isNaN(value)) continue;
      if (numbers++ === 0) min = max = first = value;
      else if (value < min) min = value;
      else if (value > max) max = value;
      last = value;
      // Welford's way keeps its digits where values are large and alike.
      const distance = value - mean;
      mean += distance / numbers;
      squares += distance * (value - mean);
    }
  }
  if (count === 0) return null;
  if (numbers === 0) mean = Number.NaN;
  return { count, min, max, mean, deviation: Math.sqrt(squares / numbers), first, last };
}
