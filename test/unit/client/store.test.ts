import { describe, expect, test } from "vitest";
import { createStore, type SampleRun, type Series, type Store } from "../../../src/client/index.ts";
import { Random } from "../../fuzz/random.ts";

const T0 = 1795424400000000123n;
const MS = 1_000_000n;

const run = (times: readonly bigint[], values: readonly number[], channel = 1): SampleRun => ({
  channel,
  type: "f64",
  timesNs: BigInt64Array.from(times),
  values: Float64Array.from(values),
});
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** Samples at T0 + n ms with value n. */
const counted = (from: number, to: number, channel = 1): SampleRun =>
  run(
    numbers(from, to).map((n) => T0 + BigInt(n) * MS),
    numbers(from, to),
    channel,
  );

function samplesOf(series: Series, within = {}): [bigint, number][] {
  return series
    .spans(within)
    .flatMap(({ baseNs, offsetsNs, values }) =>
      [...offsetsNs].map((offset, i): [bigint, number] => [baseNs + BigInt(offset), values[i]!]),
    );
}
const valuesOf = (store: Store, within = {}) => samplesOf(store.series(1), within).map(([, value]) => value);

describe("[L-05] merging", () => {
  test.each(numbers(0, 12))("keeps order and each time once, as a plain map does: seed %d", (seed) => {
    const random = new Random(seed);
    const store = createStore({ seconds: 1e6 });
    const expected = new Map<bigint, number>();
    for (let step = 0; step < 40; step++) {
      const from = random.below(random.pick([50, 3_000, 100_000]));
      const length = 1 + random.below(random.pick([3, 40, 2_500]));
      const spacing = 1 + random.below(4);
      const order = numbers(0, length).map((n) => (random.chance(0.02) ? random.below(length) : n));
      const times = order.map((n) => T0 + BigInt(from + n * spacing));
      const values = order.map((n) => (random.chance(0.5) ? n : step));
      const added = new Map(times.map((time, i) => [time, values[i]!]));
      const changed = [...added].filter(([time, value]) => !Object.is(expected.get(time), value));
      for (const [time, value] of added) expected.set(time, value);
      const fresh = store.add(run(times, values));
      const told = new Map([...(fresh?.timesNs ?? [])].map((time, i) => [time, fresh!.values[i]!]));
      expect([step, told]).toEqual([step, new Map(changed)]);
    }
    const sorted = [...expected].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(samplesOf(store.series(1))).toEqual(sorted);
    expect(store.series(1).count).toBe(sorted.length);
  });

  test("at one time the value that comes last counts, within a run too", () => {
    const store = createStore();
    store.add(run([T0, T0 + 1n, T0], [1, 2, 3]));
    expect(valuesOf(store)).toEqual([3, 2]);
    store.add(run([T0 + 1n], [Number.NaN]));
    expect(valuesOf(store)).toEqual([3, Number.NaN]);
  });

  test("history, backfill and live data with shifted borders give each sample once", () => {
    const store = createStore();
    store.add(counted(500, 600));
    store.add(counted(0, 130));
    for (let n = 100; n < 520; n += 10) store.add(counted(n, n + 10));
    expect(valuesOf(store)).toEqual(numbers(0, 600));
    expect(store.add(counted(200, 300))).toBeNull();
    expect([...store.add(counted(590, 603))!.values]).toEqual([600, 601, 602]);
  });

  test("times far apart are exact all the same", () => {
    const store = createStore({ seconds: 1e12 });
    for (const time of [T0, -5n, T0 + 1n]) store.add(run([time], [0]));
    expect(samplesOf(store.series(1)).map(([time]) => time)).toEqual([-5n, T0, T0 + 1n]);
    expect(store.series(1).latest()).toEqual({ timeNs: T0 + 1n, value: 0 });
  });

  test("a channel whose type turns out to be another starts over", () => {
    const store = createStore();
    store.add(counted(0, 10));
    store.add({ channel: 1, type: "u8", timesNs: BigInt64Array.of(T0), values: Uint8Array.of(7) });
    expect(valuesOf(store)).toEqual([7]);
    expect(store.series(1).type).toBe("u8");
  });
});

describe("bounds", () => {
  test("what is older than the time kept goes; a channel that is silent keeps what it has", () => {
    const store = createStore({ seconds: 10 });
    store.add(counted(0, 1000, 2));
    for (let n = 0; n < 60_000; n += 10) store.add(counted(n, n + 10));
    const [oldest] = valuesOf(store);
    expect(oldest).toBeLessThanOrEqual(50_000);
    expect(oldest).toBeGreaterThan(48_000);
    expect(store.channels).toEqual([2, 1]);
    expect(store.series(2).latest()).toEqual({ timeNs: T0 + 999n * MS, value: 999 });
  });

  test("one time that is far ahead costs the other channels nothing", () => {
    const store = createStore({ seconds: 10 });
    for (let n = 0; n < 15_000; n += 10) store.add(counted(n, n + 10));
    store.add(run([T0 * 2n], [1], 2));
    for (let n = 15_000; n < 30_000; n += 10) store.add(counted(n, n + 10));
    expect(store.series(1).count).toBeGreaterThanOrEqual(10_000);
  });

  test("bytes are bounded, and counted", () => {
    const bytes = 400_000;
    const store = createStore({ seconds: 1e6, bytes });
    for (let n = 0; n < 60_000; n += 10)
      for (const channel of [1, 2, 3]) store.add(counted(n, n + 10, channel));
    expect(store.bytes).toBeLessThanOrEqual(bytes);
    const held = [1, 2, 3].reduce((sum, channel) => sum + store.series(channel).count, 0);
    expect(store.bytes / held).toBeGreaterThanOrEqual(16);
    expect(held).toBeGreaterThan((0.8 * bytes) / 16);
    expect(valuesOf(store).at(-1)).toBe(59_999);
  });

  test.each([
    ["seconds", { seconds: 0 }],
    ["bytes", { bytes: Number.NaN }],
  ])("%s must be a number above 0", (argument, options) => {
    expect(() => createStore(options)).toThrow(
      expect.objectContaining({ name: "ClientError", code: "invalid-argument", argument }),
    );
  });
});

describe("reading", () => {
  const store = createStore();
  store.add(counted(0, 5_000));
  const series = store.series(1);

  test("ranges are inclusive, and copy nothing", () => {
    const within = { startNs: T0 + 1_000n * MS, endNs: T0 + 3_000n * MS };
    expect(valuesOf(store, within)).toEqual(numbers(1_000, 3_001));
    const [a, b] = [series.spans(within)[0]!, series.spans(within)[0]!];
    expect(a.values.buffer).toBe(b.values.buffer);
    expect(a.chunk).toBe(b.chunk);
    expect(series.spans({ startNs: T0 + 5_000n * MS })).toEqual([]);
    expect(series.spans({ endNs: T0 - 1n })).toEqual([]);
  });

  test("single values by time", () => {
    expect(series.first()).toEqual({ timeNs: T0, value: 0 });
    expect(series.latest()).toEqual({ timeNs: T0 + 4_999n * MS, value: 4_999 });
    expect(series.at(T0 + 1_500n * MS + 7n)).toEqual({ timeNs: T0 + 1_500n * MS, value: 1_500 });
    expect(series.at(T0 - 1n)).toBeNull();
    expect(store.series(99).latest()).toBeNull();
    expect(store.series(99).spans()).toEqual([]);
  });

  test("statistics of a range, raw and converted, NaN left out", () => {
    const within = { startNs: T0 + 1_000n * MS, endNs: T0 + 2_999n * MS };
    const { deviation, ...rest } = series.statistics(within)!;
    expect(rest).toEqual({ count: 2_000, min: 1_000, max: 2_999, mean: 1_999.5, first: 1_000, last: 2_999 });
    expect(deviation).toBeCloseTo(Math.sqrt((2_000 ** 2 - 1) / 12), 6);
    expect(series.statistics(within, (raw) => -raw)).toMatchObject({ min: -2_999, max: -1_000 });
    const holey = createStore();
    holey.add(run([1n, 2n, 3n], [Number.NaN, 4, 6]));
    expect(holey.series(1).statistics()).toMatchObject({ count: 3, min: 4, max: 6, mean: 5, first: 4 });
    expect(series.statistics({ endNs: 0n })).toBeNull();
  });
});
