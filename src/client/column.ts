import { type SampleArray, sampleArray } from "../wire/samples.ts";
import type { SampleRun } from "./samples.ts";

const TWO_32 = 2 ** 32;
/** Doubles hold every whole number up to here: 104 days of ns. */
export const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** Samples in order of time, each time once. */
export interface Column {
  readonly baseNs: bigint;
  /** ns after `baseNs`; whole numbers, exact. The first `count` are valid. */
  readonly offsetsNs: Float64Array;
  readonly values: SampleArray;
  readonly count: number;
  /** True when these are all the samples of the run, in its order. */
  readonly isWhole: boolean;
}

/** One for all: a column is used up before the next is made. */
let scratch = new Float64Array(1024);

/** Where the times of a run lie: as ns after the first one. NaN for what doubles do not hold exactly. */
function readOffsets(timesNs: BigInt64Array): { minNs: number; maxNs: number; isAscending: boolean } {
  const count = timesNs.length;
  if (count > scratch.length) scratch = new Float64Array(2 * count);
  // As halves, low first: reading BigInts one by one would make an object of each.
  const halves = new Int32Array(timesNs.buffer, timesNs.byteOffset, 2 * count);
  const baseLow = halves[0]! >>> 0;
  const baseHigh = halves[1]!;
  let minNs = 0;
  let maxNs = 0;
  let isAscending = true;
  let previous = -1;
  for (let index = 0; index < count; index++) {
    const offset = (halves[2 * index + 1]! - baseHigh) * TWO_32 + ((halves[2 * index]! >>> 0) - baseLow);
    if (offset <= previous) isAscending = false;
    if (offset < minNs) minNs = offset;
    if (offset > maxNs) maxNs = offset;
    previous = offset;
    scratch[index] = offset;
  }
  return { minNs, maxNs, isAscending };
}

/** The first and the last time of a run that has samples, whatever their order. */
export function timesOf({ timesNs }: SampleRun): [firstNs: bigint, lastNs: bigint] {
  const { minNs, maxNs, isAscending } = readOffsets(timesNs);
  const first = timesNs[0]!;
  if (isAscending) return [first, timesNs[timesNs.length - 1]!];
  return [first + BigInt(minNs), first + BigInt(maxNs)];
}

/**
 * The samples of a run in order of time, each time once: of equal times the one that came last counts. Valid until the
 * next is made. Null for a run without samples, or of times farther apart than doubles hold.
 */
export function columnOf(run: SampleRun): Column | null {
  const { timesNs, values } = run;
  if (timesNs.length === 0) return null;
  const { minNs, maxNs, isAscending } = readOffsets(timesNs);
  if (Math.max(maxNs, -minNs) > MAX_EXACT) return null;
  const column = { baseNs: timesNs[0]!, offsetsNs: scratch, values, count: timesNs.length, isWhole: true };
  return isAscending ? column : sorted(column, run);
}

function sorted({ baseNs, offsetsNs, values, count }: Column, run: SampleRun): Column {
  // Stable: of equal times the last one stays last.
  const order = [...offsetsNs.subarray(0, count).keys()]
    .sort((a, b) => offsetsNs[a]! - offsetsNs[b]!)
    .filter((index, at, all) => at + 1 === count || offsetsNs[all[at + 1]!] !== offsetsNs[index]);
  const picked = sampleArray(run.type, order.length);
  for (const [at, index] of order.entries()) picked[at] = values[index]!;
  const offsets = Float64Array.from(order, (index) => offsetsNs[index]!);
  return { baseNs, offsetsNs: offsets, values: picked, count: order.length, isWhole: false };
}

/** The samples `indexes` of a column as a run of its own. */
export function runOf(
  { channel, type }: SampleRun,
  { baseNs, offsetsNs, values }: Column,
  indexes: readonly number[],
): SampleRun {
  const picked = sampleArray(type, indexes.length);
  const timesNs = new BigInt64Array(indexes.length);
  for (const [at, index] of indexes.entries()) {
    picked[at] = values[index]!;
    timesNs[at] = baseNs + BigInt(offsetsNs[index]!);
  }
  return { channel, type, timesNs, values: picked };
}
