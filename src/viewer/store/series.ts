import { type Line, samplesWithin } from "../plot/line.ts";

/** Times and values side by side. */
export interface Points {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** The samples of a line from `startNs` to `endNs`. NaN marks each gap, halfway between its neighbours. */
export function exactPoints(line: Line, startNs: number, endNs: number): Points {
  const times: number[] = [];
  const values: number[] = [];
  for (const { timeNs, value, isApart } of samplesWithin(line, startNs, endNs)) {
    if (timeNs < startNs) continue;
    const before = times.at(-1);
    if (isApart && before !== undefined) {
      times.push((before + timeNs) / 2);
      values.push(Number.NaN);
    }
    times.push(timeNs);
    values.push(value);
  }
  return { times: Float64Array.from(times), values: Float64Array.from(values) };
}

/** The same in fewer points: of each of at most `most` / 2 parts the lowest and the highest, and all marks of gaps. */
export function thinnedPoints(points: Points, most: number): Points {
  const count = points.times.length;
  if (count <= most) return points;
  const parts = Math.max(most >> 1, 1);
  const picked: number[] = [];
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((part * count) / parts);
    const to = Math.floor(((part + 1) * count) / parts);
    picked.push(...extremes(points.values, from, to));
  }
  return pick(points, picked);
}

/** The points of several lines in one order of time. */
export function mergedPoints(all: readonly Points[]): Points {
  const [only] = all;
  if (all.length === 1 && only !== undefined) return only;
  const times = Float64Array.from(all.flatMap((points) => [...points.times]));
  const values = Float64Array.from(all.flatMap((points) => [...points.values]));
  return pick(
    { times, values },
    [...times.keys()].sort((a, b) => times[a]! - times[b]!),
  );
}

/** Index of the lowest and the highest value, and of each NaN, in order. */
function extremes(values: Float64Array, from: number, to: number): number[] {
  const found = new Set<number>();
  let low = -1;
  let high = -1;
  for (let at = from; at < to; at++) {
    const value = values[at]!;
    if (Number.isNaN(value)) found.add(at);
    else {
      if (low < 0 || value < values[low]!) low = at;
      if (high < 0 || value > values[high]!) high = at;
    }
  }
  for (const at of [low, high]) if (at >= 0) found.add(at);
  return [...found].sort((a, b) => a - b);
}

function pick({ times, values }: Points, order: readonly number[]): Points {
  return {
    times: Float64Array.from(order, (index) => times[index]!),
    values: Float64Array.from(order, (index) => values[index]!),
  };
}
