import { describe, expect, test } from "vitest";
import { createStore } from "../../../../src/client/index.ts";
import { Columns, type Slices } from "../../../../src/viewer/plot/columns.ts";
import type { Line } from "../../../../src/viewer/plot/line.ts";
import { Raster } from "../../../../src/viewer/plot/raster.ts";
import { Track } from "../../../../src/viewer/store/track.ts";
import { Random } from "../../../fuzz/random.ts";

const ORIGIN_NS = 1_795_424_400_000_000_000n;
const CHANNEL = 7;
/** A line of 1.5 pixels covers at least three quarters of the pixel that its middle is in. */
const LIT = 0xc0;

type Sample = readonly [timeNs: number, value: number];

interface Recording {
  readonly store: ReturnType<typeof createStore>;
  readonly track: Track;
  add(samples: readonly Sample[]): void;
}

function recording(intervalNs = 0, isState = false): Recording {
  const store = createStore({ seconds: 1e6 });
  const kind = { originNs: ORIGIN_NS, intervalNs, isState };
  const track = new Track(store.series(CHANNEL), { ...kind, convert: (raw) => Float64Array.from(raw) });
  return {
    store,
    track,
    add(samples) {
      const timesNs = BigInt64Array.from(samples, ([timeNs]) => ORIGIN_NS + BigInt(timeNs));
      const values = Float64Array.from(samples, ([, value]) => value);
      const fresh = store.add({ channel: CHANNEL, type: "f64", timesNs, values });
      if (fresh === null) return;
      track.changed(fresh.timesNs.reduce((first, timeNs) => (timeNs < first ? timeNs : first)));
    },
  };
}

function lineOf(samples: readonly Sample[], intervalNs = 0, isState = false): Line {
  const { track, add } = recording(intervalNs, isState);
  add(samples);
  return track;
}

function columnsOf(line: Line, count: number, slices: Partial<Slices> = {}): Columns {
  const columns = new Columns(count);
  columns.add(line, { startNs: 0, widthNs: 10, untilNs: Number.POSITIVE_INFINITY, ...slices });
  return columns;
}

const pairs = ({ low, high }: Columns) => [...low].map((value, index) => [value, high[index]]);
const NOTHING = [Number.NaN, Number.NaN];

describe("columns", () => {
  test("hold the extremes of their samples, and what the line passes between them", () => {
    const line = lineOf([
      [0, 0],
      [5, 8],
      [9, -2],
      [25, 30],
    ]);
    // From (9, -2) to (25, 30) the line rises by 2 a ns: 0 at 10, 20 at 20.
    expect(pairs(columnsOf(line, 3))).toEqual([
      [-2, 8],
      [0, 20],
      [20, 30],
    ]);
  });

  test("let the line come in from the left and go out to the right", () => {
    const line = lineOf([
      [-10, 0],
      [30, 40],
    ]);
    expect(pairs(columnsOf(line, 2))).toEqual([
      [10, 20],
      [20, 30],
    ]);
  });

  test("[W-13] are empty in gaps: nothing is drawn across one", () => {
    const line = lineOf(
      [
        [0, 1],
        [10, 1],
        [50, 2],
        [60, 2],
      ],
      10,
    );
    expect(pairs(columnsOf(line, 7))).toEqual([[1, 1], [1, 1], NOTHING, NOTHING, NOTHING, [2, 2], [2, 2]]);
  });

  test("show values that hold as steps, up to now and no further", () => {
    const line = lineOf(
      [
        [5, 1],
        [25, 3],
      ],
      0,
      true,
    );
    expect(pairs(columnsOf(line, 5, { untilNs: 39 }))).toEqual([[1, 1], [1, 1], [1, 3], [3, 3], NOTHING]);
  });

  test("[W-14] know nothing of samples that may not be seen yet, not even by where the line would go", () => {
    const line = lineOf([
      [5, 1],
      [15, 100],
    ]);
    expect(pairs(columnsOf(line, 2, { untilNs: 14 }))).toEqual([[1, 1], NOTHING]);
  });

  test("values that are no numbers interrupt the line", () => {
    const line = lineOf([
      [5, 1],
      [15, Number.NaN],
      [25, 2],
    ]);
    expect(pairs(columnsOf(line, 3))).toEqual([[1, 1], NOTHING, [2, 2]]);
  });
});

/** Samples at random times, with stretches of silence, told in random runs in a random order, some of them twice. */
function randomRecording(random: Random): { track: Track; samples: Sample[] } {
  const byTime = new Map<number, number>();
  let timeNs = -random.below(3_000);
  for (let count = 1 + random.below(6_000); count > 0; count--) {
    timeNs += random.chance(0.01) ? 500 + random.below(3_000) : 1 + random.below(6);
    byTime.set(timeNs, random.chance(0.02) ? random.below(1e6) - 5e5 : random.below(100));
  }
  const samples = [...byTime];
  const runs: Sample[][] = [];
  for (let at = 0; at < samples.length; ) {
    const length = 1 + random.below(700);
    runs.push(samples.slice(at, at + length));
    at += length;
  }
  const { track, add } = recording(10);
  while (runs.length > 0) {
    const run = random.chance(0.7) ? runs.shift()! : runs.splice(random.below(runs.length), 1)[0]!;
    add(run);
    if (random.chance(0.1)) runs.push(run);
    // What has been looked at in between must not stay as it was.
    if (random.chance(0.3)) columnsOf(track, 50, { widthNs: 100 });
  }
  return { track, samples };
}

describe.each(Array.from({ length: 60 }, (_, index) => 1_000 + index))("seed %i", (seed) => {
  const random = new Random(seed);
  const { track, samples } = randomRecording(random);
  const count = 1 + random.below(400);
  const startNs = random.below(8_000) - 4_000;
  const widthNs = 1 + random.below(200);
  const untilNs = startNs + random.below(2 * count * widthNs);
  const columns = columnsOf(track, count, { startNs, widthNs, untilNs });
  const endNs = startNs + count * widthNs;
  const seen = samples.filter(([timeNs]) => timeNs <= untilNs);
  const inView = seen.filter(([timeNs]) => timeNs >= startNs && timeNs < endNs);
  const columnOf = (timeNs: number) => Math.floor((timeNs - startNs) / widthNs);

  test("[D-06] [W-12] no peak is lost, in whatever order samples come", () => {
    const lost = inView.filter(([timeNs, value]) => {
      const column = columnOf(timeNs);
      return !(columns.low[column]! <= value && value <= columns.high[column]!);
    });
    expect(lost).toEqual([]);
  });

  test("nothing is invented: each column has what its samples and their neighbours have, and gaps are empty", () => {
    const wrong: number[] = [];
    for (let column = 0; column < count; column++) {
      const [from, to] = [startNs + column * widthNs, startNs + (column + 1) * widthNs];
      const touching: number[] = [];
      for (const [index, [timeNs, value]] of seen.entries()) {
        if (timeNs >= from && timeNs < to) touching.push(value);
        const next = seen[index + 1];
        if (next === undefined || next[0] - timeNs > 25) continue;
        if (timeNs <= to && next[0] >= from) touching.push(value, next[1]);
      }
      const [low, high] = [columns.low[column]!, columns.high[column]!];
      const isWithin =
        touching.length === 0
          ? Number.isNaN(low) && Number.isNaN(high)
          : !(low < Math.min(...touching) || high > Math.max(...touching));
      if (!isWithin) wrong.push(column);
    }
    expect(wrong).toEqual([]);
  });

  test("each sample has its pixel in the picture", () => {
    const height = 60;
    const { min, max } = columns.extent();
    const raster = new Raster(count, height);
    raster.fill(0x101010);
    const row = (value: number) => ((max - value) / (max - min || 1)) * (height - 1) + 0.5;
    const spans = { top: columns.high.map(row), bottom: columns.low.map(row) };
    raster.line(spans, 0xffffff, 1.5, 0);
    const dark = inView.filter(([timeNs, value]) => {
      const pixel = raster.pixels[Math.floor(row(value)) * count + columnOf(timeNs)]!;
      return (pixel & 0xff) < LIT;
    });
    expect(dark).toEqual([]);
  });
});
