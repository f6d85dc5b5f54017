import { type SampleArray, sampleArray } from "../wire/samples.ts";
import type { Column } from "./chunk.ts";
import type { SampleRun } from "./samples.ts";

const TWO_32 = 2 ** 32;

/** A run as a column, and which samples of the run it holds; null for the samples of the run as they are. */
export interface OrderedRun extends Column {
  readonly count: number;
  readonly order: readonly number[] | null;
}

/**
 * The samples of a run in order of time, each time once: of equal times the one that came last counts. A run without
 * samples, or of times farther apart than doubles hold exactly (104 days), gives null.
 */
export function orderedRun({ type, timesNs, values }: SampleRun): OrderedRun | null {
  const count = timesNs.length;
  if (count === 0) return null;
  // As halves, low first: reading BigInts one by one would make an object of each.
  const halves = new Int32Array(timesNs.buffer, timesNs.byteOffset, 2 * count);
  const baseLow = halves[0]! >>> 0;
  const baseHigh = halves[1]!;
  const offsetsNs = new Float64Array(count);
  let isAscending = true;
  let previous = -1;
  for (let index = 0; index < count; index++) {
    const offset = (halves[2 * index + 1]! - baseHigh) * TWO_32 + ((halves[2 * index]! >>> 0) - baseLow);
    if (Math.abs(offset) > Number.MAX_SAFE_INTEGER) return null;
    if (offset <= previous) isAscending = false;
    previous = offset;
    offsetsNs[index] = offset;
  }
  const baseNs = timesNs[0]!;
  if (isAscending) return { baseNs, offsetsNs, values, count, order: null };

  // Stable: of equal times the last one stays last.
  const order = [...offsetsNs.keys()]
    .sort((a, b) => offsetsNs[a]! - offsetsNs[b]!)
    .filter((index, at, all) => at + 1 === count || offsetsNs[all[at + 1]!] !== offsetsNs[index]);
  const sorted = sampleArray(type, order.length);
  for (const [at, index] of order.entries()) sorted[at] = values[index]!;
  return {
    baseNs,
    offsetsNs: Float64Array.from(order, (index) => offsetsNs[index]!),
    values: sorted,
    count: order.length,
    order,
  };
}

/** The samples `indexes` of an ordered run as a run. */
export function pickRun(run: SampleRun, ordered: OrderedRun, indexes: readonly number[]): SampleRun {
  const values: SampleArray = sampleArray(run.type, indexes.length);
  const timesNs = new BigInt64Array(indexes.length);
  for (const [at, index] of indexes.entries()) {
    values[at] = ordered.values[index]!;
    timesNs[at] = ordered.baseNs + BigInt(ordered.offsetsNs[index]!);
  }
  return { channel: run.channel, type: run.type, timesNs, values };
}
