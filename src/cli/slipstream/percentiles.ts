/** Percentiles that say how a service is and not how it was once. */
export const PERCENTILES = [50, 90, 99, 99.9, 100] as const;

/** The value that so many percent of `sorted` do not exceed; NaN of nothing. */
export function percentileOf(sorted: ArrayLike<number>, percent: number): number {
  const index = Math.ceil((percent / 100) * sorted.length) - 1;
  return sorted[Math.max(index, 0)] ?? Number.NaN;
}
