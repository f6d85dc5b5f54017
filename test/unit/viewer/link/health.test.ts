import { describe, expect, test } from "vitest";
import { Health } from "../../../../src/viewer/link/health.ts";
import { Clock } from "../../../../src/viewer/time/clock.ts";

const NS_PER_MS = 1e6;

/** A clock and what it makes of the ages of samples; times are ms after both began. */
class Bench {
  readonly clock = new Clock(0n);
  readonly health = new Health();

  /** Samples that were taken from `fromMs` to `toMs` come in. */
  arrive(fromMs: number, toMs: number, nowMs: number, count = 1): void {
    const [first, newest] = [fromMs * NS_PER_MS, toMs * NS_PER_MS];
    this.health.arrived(this.clock, first, newest, count, nowMs);
    this.clock.arrived(newest, nowMs);
  }

  draw(untilMs: number, nowMs: number): void {
    this.health.drawn(this.clock, untilMs * NS_PER_MS, nowMs);
  }
}

/** Its first samples are as old as history is; this is after them. */
const FROM_MS = 2_000;

/** A burst of 10 samples every 100 ms, of the 100 ms that ended `lagMs` ago. */
function live(bench: Bench, untilMs: number, lagMs = 40): void {
  for (let ms = 0; ms < untilMs; ms += 100) bench.arrive(ms - lagMs - 90, ms - lagMs, ms, 10);
}

describe("[W-17] how old samples are when they are seen", () => {
  test("is nothing that could be known before there are any", () => {
    expect(new Health().report(0)).toEqual({
      ...{ isCatchingUp: false, samplesPerSecond: 0 },
      ...{ delayP50Ms: Number.NaN, delayP99Ms: Number.NaN },
      ...{ transportMs: Number.NaN, decodingMs: Number.NaN, smoothingMs: Number.NaN },
    });
  });

  test("is told as median and p99, and split into the way here, unpacking, and what was held", () => {
    const bench = new Bench();
    live(bench, 8_000);
    // Pictures every 20 ms show what was taken 150 ms before; the last two of a hundred come late.
    for (let picture = 0; picture < 100; picture++) {
      const untilMs = FROM_MS + picture * 20;
      bench.health.decoded(picture % 2 === 0 ? 3 : 5, untilMs + 150);
      bench.draw(untilMs, untilMs + (picture < 98 ? 150 : 700));
    }
    const report = bench.health.report(8_000);
    // Between two pictures are 20 ms, so what is new in one is 10 ms older on average.
    expect(report.delayP50Ms).toBeCloseTo(160, 6);
    expect(report.delayP99Ms).toBeCloseTo(710, 6);
    // What comes in a burst was taken 40 to 130 ms before.
    expect(report.transportMs).toBeCloseTo(85, 6);
    expect(report.decodingMs).toBe(5);
    expect(report.smoothingMs).toBeCloseTo(160 - 85 - 5, 6);
    expect(report.samplesPerSecond).toBe(80);
  });

  test("does not count what the broadcast delay adds", () => {
    const bench = new Bench();
    live(bench, 8_000);
    bench.clock.delayMs = 1_000;
    for (let untilMs = FROM_MS; untilMs < 4_000; untilMs += 20) bench.draw(untilMs, untilMs + 1_150);
    expect(bench.health.report(8_000).delayP50Ms).toBeCloseTo(160, 6);
  });

  test("does not count pictures that show nothing new, nor what is long past", () => {
    const bench = new Bench();
    live(bench, 8_000);
    bench.draw(3_000, 3_150);
    bench.draw(3_020, 3_170);
    for (let nowMs = 3_200; nowMs < 6_000; nowMs += 20) bench.draw(3_020, nowMs);
    expect(bench.health.report(6_000).delayP99Ms).toBeCloseTo(160, 6);
    expect(bench.health.report(14_000).delayP99Ms).toBeNaN();
  });
});

describe("[W-17] catching up", () => {
  test("lasts while history comes in, and a second; live samples between do not end it", () => {
    const bench = new Bench();
    live(bench, 5_000);
    expect(bench.health.isCatchingUp(5_000)).toBe(false);
    bench.arrive(-60_000, -59_000, 5_000);
    bench.arrive(4_900, 5_000, 5_050);
    expect(bench.health.isCatchingUp(5_900)).toBe(true);
    expect(bench.health.isCatchingUp(6_000)).toBe(false);
  });

  test("is it too when a pause is made up for faster than time passes", () => {
    const bench = new Bench();
    live(bench, 3_000);
    for (let part = 0; part < 10; part++) bench.arrive(3_000 + part * 2_000, 5_000 + part * 2_000, 23_000);
    expect(bench.health.isCatchingUp(23_500)).toBe(true);
    expect(bench.health.isCatchingUp(24_500)).toBe(false);
  });

  test("leaves history out of the delay", () => {
    const bench = new Bench();
    live(bench, 5_000);
    const before = bench.health.report(5_000).transportMs;
    for (let part = 0; part < 500; part++) bench.arrive(-60_000 - part, -59_000 - part, 5_000);
    expect(bench.health.report(5_000).transportMs).toBe(before);
  });
});
