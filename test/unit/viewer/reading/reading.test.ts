import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../../src/cli/car-random.ts";
import {
  interpolate,
  overDistance,
  timeAtDistance,
  trackDistance,
} from "../../../../src/viewer/reading/distance.ts";
import type { Series } from "../../../../src/viewer/reading/series.ts";
import { statisticsBetween } from "../../../../src/viewer/reading/statistics.ts";
import {
  extentOf,
  passagesOf,
  placeOfDegrees,
  projection,
} from "../../../../src/viewer/reading/track-map.ts";

const series = (...points: readonly (readonly [time: number, value: number])[]): Series => ({
  times: Float64Array.from(points, ([time]) => time),
  values: Float64Array.from(points, ([, value]) => value),
});

describe("statistics between two times", () => {
  const between = ({ times, values }: Series, a: number, b: number) => statisticsBetween(times, values, a, b);
  const samples = series([1, 10], [2, 20], [3, Number.NaN], [4, 30], [5, 40], [6, 99]);

  test("[W-02] take in the samples at both ends, in either order, and leave out what is no number", () => {
    const expected = { count: 4, min: 10, max: 40, mean: 25, deviation: Math.sqrt(125) };
    expect(between(samples, 1, 5)).toEqual(expected);
    expect(between(samples, 5, 1)).toEqual(expected);
  });

  test("of one sample, and of none", () => {
    expect(between(samples, 2, 2)).toEqual({ count: 1, min: 20, max: 20, mean: 20, deviation: 0 });
    const nothing = { count: 0, min: Number.NaN, max: Number.NaN, mean: Number.NaN, deviation: Number.NaN };
    expect(between(samples, 2.1, 2.9)).toEqual(nothing);
    expect(between(samples, 2.1, 3.5)).toEqual(nothing);
    expect(between(samples, 7, 9)).toEqual(nothing);
    expect(between(series(), 0, 1)).toEqual(nothing);
  });

  test.each([1, 2, 3, 4])("agree with the textbook for large values close together, seed %i", (seed) => {
    const random = seededRandom(seed);
    const points = Array.from({ length: 2000 }, (_, index) => [index, 1e9 + random()] as const);
    const [from, to] = [Math.floor(random() * 900), 1000 + Math.floor(random() * 999)];
    const found = between(series(...points), from, to);
    const values = points.slice(from, to + 1).map(([, value]) => value);
    const mean = values.reduce((sum, value) => sum + (value - 1e9), 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - 1e9 - mean) ** 2, 0) / values.length;
    expect(found.count).toBe(values.length);
    expect([found.min, found.max]).toEqual([Math.min(...values), Math.max(...values)]);
    expect(found.mean - 1e9).toBeCloseTo(mean, 5);
    expect(found.deviation).toBeCloseTo(Math.sqrt(variance), 5);
  });
});

describe("distance", () => {
  /** 40 m/s at 50 Hz from 100 m into laps of 1000 m. */
  const driven = series(
    ...Array.from({ length: 5001 }, (_, index) => [index / 50, (100 + index * 0.8) % 1000] as const),
  );

  test("goes on over the start line, and tells when laps began", () => {
    const { travelled, lapStarts } = trackDistance(driven);
    expect(travelled.values.at(-1)).toBeCloseTo(4100, 6);
    expect(lapStarts).toHaveLength(4);
    for (const [index, lap] of lapStarts.entries()) {
      expect(lap.time).toBeCloseTo((900 + 1000 * index) / 40, 6);
      expect(lap.travelled).toBeCloseTo(1000 * (index + 1), 6);
    }
    expect(interpolate(travelled, 60.01)).toBeCloseTo(100 + 40 * 60.01, 6);
    expect(timeAtDistance(travelled, 2500)).toBeCloseTo(60, 6);
  });

  test("that never starts again stays as it is, and noise does not make laps", () => {
    const noisy = series([0, 0], [1, 50], [2, 49.5], [3, 120], [4, 119], [4.5, Number.NaN], [5, 200]);
    const { travelled, lapStarts } = trackDistance(noisy);
    expect(lapStarts).toEqual([]);
    expect([...travelled.values]).toEqual([0, 50, 50, 120, 120, 200]);
  });

  test("is not known outside the samples nor in their gaps", () => {
    const broken = series([0, 0], [1, 10], [5, 50]);
    expect(interpolate(broken, 3)).toBe(30);
    expect(interpolate(broken, 3, 2)).toBeNaN();
    expect(interpolate(broken, 5, 2)).toBe(50);
    expect(interpolate(broken, -1)).toBeNaN();
    expect(interpolate(broken, 6)).toBeNaN();
    expect(interpolate(series(), 0)).toBeNaN();
  });

  test("takes the place of time, from where a lap begins and without what lies in a gap", () => {
    const travelled = series([10, 1000], [11, 1040], [12, 1080], [15, 1200], [16, 1240]);
    const values = series([9, 0], [10, 1], [10.5, 2], [12, 3], [13, 4], [15.5, 5], [17, 6]);
    const over = overDistance(values, travelled, 1000, 2);
    expect([...over.times]).toEqual([0, 20, 80, 80, 220, 220]);
    expect([...over.values]).toEqual([1, 2, 3, Number.NaN, 5, Number.NaN]);
  });
});

describe("the track map", () => {
  test("keeps directions and lengths of degrees", () => {
    const origin = { longitude: 3.25, latitude: 46.5 };
    const place = placeOfDegrees(3.26, 46.51, origin);
    expect(place.northM).toBeCloseTo(1113.2, 1);
    expect(place.eastM).toBeCloseTo(1113.2 * Math.cos((46.5 * Math.PI) / 180), 1);
    expect(placeOfDegrees(-179.99, 0, { longitude: 179.99, latitude: 0 }).eastM).toBeCloseTo(2226.4, 1);
  });

  test("fits every place into its box, north up, to one scale", () => {
    const places = [
      { eastM: -500, northM: 0 },
      { eastM: 1500, northM: 200 },
      { eastM: 300, northM: -300 },
    ];
    const toPixel = projection(extentOf(places)!, { width: 320, height: 200, margin: 10 });
    const [a, b, c] = places.map(toPixel) as [
      ReturnType<typeof toPixel>,
      ReturnType<typeof toPixel>,
      ReturnType<typeof toPixel>,
    ];
    expect([a.x, b.x]).toEqual([10, 310]);
    expect(b.y).toBeLessThan(a.y);
    expect(c.y - b.y).toBeCloseTo((500 * 300) / 2000, 9);
    expect((b.y + c.y) / 2).toBeCloseTo(100, 9);
  });

  test("has room for a car that stands still, and none for a car that is nowhere", () => {
    const extent = extentOf([{ eastM: 7, northM: 9 }])!;
    expect(projection(extent, { width: 100, height: 50, margin: 5 })({ eastM: 7, northM: 9 })).toEqual({
      x: 50,
      y: 25,
    });
    expect(extentOf([])).toBeNull();
  });

  test("joins coordinates that were sampled apart, and leaves out what is no place", () => {
    const across = series([0, 0], [1, 10], [2, Number.NaN], [3, 30], [9, 90]);
    const along = series([0, 0], [2, 4], [4, 8]);
    const passages = passagesOf(across, along, 3, (x, y) => ({ eastM: x, northM: y }));
    expect(passages).toEqual([
      { time: 1, place: { eastM: 10, northM: 2 } },
      { time: 3, place: { eastM: 30, northM: 6 } },
    ]);
  });
});
