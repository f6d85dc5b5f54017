import type { Statistics as ClientStatistics } from "../../client/index.ts";
import { firstAtOrAbove } from "./series.ts";

/** What the samples between two times say; NaN values do not count, and without any other all but `count` is NaN. */
export type Statistics = Pick<ClientStatistics, "count" | "min" | "max" | "mean" | "deviation">;

/** The statistics of samples from one time to the other, both included, in either order. */
export function statisticsBetween(
  times: Float64Array,
  values: Float64Array,
  a: number,
  b: number,
): Statistics {
  const [from, to] = a <= b ? [a, b] : [b, a];
  let count = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let mean = 0;
  let squares = 0; // of differences from the mean, kept up as Welford does: stable for large values close together
  for (let index = firstAtOrAbove(times, from); (times[index] as number) <= to; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    count++;
    if (value < min) min = value;
    if (value > max) max = value;
    const off = value - mean;
    mean += off / count;
    squares += off * (value - mean);
  }
  if (count === 0)
    return { count, min: Number.NaN, max: Number.NaN, mean: Number.NaN, deviation: Number.NaN };
  return { count, min, max, mean, deviation: Math.sqrt(squares / count) };
}
