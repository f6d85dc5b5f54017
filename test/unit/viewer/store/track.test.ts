import { describe, expect, test } from "vitest";
import { createStore } from "../../../../src/client/index.ts";
import { samplesWithin } from "../../../../src/viewer/plot/line.ts";
import { Track } from "../../../../src/viewer/store/track.ts";

const ORIGIN_NS = 1_795_424_400_000_000_123n;
const MS = 1_000_000;
const CHANNEL = 3;

function recording(intervalNs = 0, isState = false) {
  const store = createStore({ seconds: 600 });
  const kind = { originNs: ORIGIN_NS, intervalNs, isState };
  const track = new Track(store.series(CHANNEL), {
    ...kind,
    convert: (raw) => Float64Array.from(raw, (x) => x / 2),
  });
  const add = (timesMs: readonly number[], raw = timesMs) => {
    const timesNs = BigInt64Array.from(timesMs, (ms) => ORIGIN_NS + BigInt(ms * MS));
    store.add({ channel: CHANNEL, type: "f64", timesNs, values: Float64Array.from(raw) });
    track.changed(timesNs[0]!);
  };
  const samples = () => [...samplesWithin(track, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)];
  return { store, track, add, samples };
}

const evenly = (from: number, count: number, step = 50) =>
  Array.from({ length: count }, (_, index) => from + index * step);

describe("a track", () => {
  test("has the samples of its channel in the parameter's unit, exact in time", () => {
    const { add, samples } = recording();
    add([0, 10, 20]);
    expect(samples().map(({ timeNs, value }) => [timeNs, value])).toEqual([
      [0, 0],
      [10 * MS, 5],
      [20 * MS, 10],
    ]);
  });

  test("follows changes: later ones, late ones, and others at the same time", () => {
    const { add, samples } = recording();
    add(evenly(0, 3000));
    expect(samples()).toHaveLength(3000);
    add([25, 50], [1000, 2000]);
    const [, second, third] = samples();
    expect([second!.timeNs, second!.value, third!.value]).toEqual([25 * MS, 500, 1000]);
    add(evenly(150_000, 10));
    expect(samples()).toHaveLength(3011);
    expect(samples().at(-1)!.timeNs).toBe(150_450 * MS);
  });

  test("[W-13] of a channel without a period, has a gap where it was silent for much longer than usual", () => {
    const { add, samples } = recording();
    add([...evenly(0, 100), ...evenly(20_000, 100)]);
    expect(samples().flatMap(({ isApart }, index) => (isApart ? [index] : []))).toEqual([0, 100]);
  });

  test("of states that hold until they change, has none", () => {
    const { add, samples } = recording(0, true);
    add([0, 50, 60_000]);
    expect(samples().filter(({ isApart }) => isApart)).toHaveLength(1);
  });

  test("[W-13] joins nothing across a hole that the store knows of", () => {
    const { store, add, samples } = recording(100 * MS);
    const coverage = store.coverage.of(CHANNEL);
    const told = (from: number, to: number) =>
      coverage.told(ORIGIN_NS + BigInt(from * MS), ORIGIN_NS + BigInt(to * MS));
    told(0, 200);
    add([0, 100, 200]);
    coverage.broken();
    told(400, 500);
    add([400, 500]);
    // 200 ms are not yet a gap to this channel; that a message was lost between makes it one.
    expect(samples().flatMap(({ isApart }, index) => (isApart ? [index] : []))).toEqual([0, 3]);
  });

  test("forgets what the store forgets", () => {
    const { add, samples } = recording();
    add(evenly(0, 5000, 100));
    expect(samples()[0]!.timeNs).toBe(0);
    // The store looks after a thousand runs.
    for (const timeMs of evenly(1_000_000, 1_000)) add([timeMs]);
    expect(samples()[0]!.timeNs).toBeGreaterThan(200_000 * MS);
  });
});
