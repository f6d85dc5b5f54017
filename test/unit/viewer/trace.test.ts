import { describe, expect, test } from "vitest";
import { Trace } from "../../../src/viewer/trace.ts";

function traceOf(...runs: [time: number, value: number][][]): Trace {
  const trace = new Trace();
  for (const run of runs) {
    trace.add(
      Float64Array.from(run, ([time]) => time),
      Float64Array.from(run, ([, value]) => value),
    );
  }
  return trace;
}

function samplesOf(trace: Trace, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) {
  const { times, values } = trace.between(from, to);
  return [...times].map((time, index) => [time, values[index]]);
}

describe("a trace", () => {
  test("without samples has neither newest nor value", () => {
    const trace = traceOf([]);
    expect([trace.newest, trace.value]).toEqual([Number.NaN, Number.NaN]);
    expect(samplesOf(trace)).toEqual([]);
  });

  test("appends", () => {
    const trace = traceOf(
      [
        [1, 10],
        [2, 20],
      ],
      [[3, 30]],
    );
    expect(samplesOf(trace)).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect([trace.newest, trace.value]).toEqual([3, 30]);
  });

  test("[D-06] puts runs that come late in their place", () => {
    expect(
      samplesOf(
        traceOf(
          [[5, 50]],
          [
            [1, 10],
            [3, 30],
          ],
          [
            [2, 20],
            [6, 60],
          ],
        ),
      ),
    ).toEqual([1, 2, 3, 5, 6].map((time) => [time, time * 10]));
  });

  test("[L-05] keeps one sample for each time, the one that came last", () => {
    const trace = traceOf(
      [
        [1, 10],
        [2, 20],
        [3, 30],
      ],
      [
        [2, 21],
        [3, 31],
        [4, 41],
      ],
      [
        [4, 40],
        [4, 42],
      ],
    );
    expect(samplesOf(trace)).toEqual([
      [1, 10],
      [2, 21],
      [3, 31],
      [4, 42],
    ]);
  });

  test("drops what is older than the 35 s kept, also from backfill", () => {
    const trace = traceOf(
      [
        [0, 0],
        [10, 1],
      ],
      [[50, 2]],
      [
        [14, 3],
        [16, 4],
      ],
    );
    expect(samplesOf(trace)).toEqual([
      [16, 4],
      [50, 2],
    ]);
  });

  test("is bounded: of very fast channels the oldest samples go first", () => {
    const burst = Array.from({ length: 20_000 }, (_, i): [number, number] => [i / 10_000, i]);
    const later = burst.map(([time, value]): [number, number] => [time + 2, value + 20_000]);
    const samples = samplesOf(traceOf(burst, later));
    expect(samples).toHaveLength(35_000);
    expect([samples[0]![1], samples.at(-1)![1]]).toEqual([5000, 39_999]);
  });

  test("gives a window one more sample on either side", () => {
    const trace = traceOf([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
    expect(samplesOf(trace, 2.5, 3.5).map(([time]) => time)).toEqual([2, 3, 4]);
    expect(samplesOf(trace, 7, 9).map(([time]) => time)).toEqual([5]);
  });
});
