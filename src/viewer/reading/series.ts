/** Samples of one parameter: ascending times, all from one origin and in one unit, and a value for each. */
export interface Series {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Index of the first of ascending `sorted` that is not below `wanted`; their number when all are. */
export function firstAtOrAbove(sorted: Float64Array, wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
