import { describe, expect, test } from "vitest";
import { Pacer } from "../../../src/session/pacer.ts";
import {
  arrivals,
  busiestRate,
  medianAtFixedInterval,
  type Scenario,
  simulate,
  together,
  waitQuantile,
} from "../../fakes/pacer-simulator.ts";
import { Random } from "../../fuzz/random.ts";

const UNTIL_MS = 120_000;
/** From here on the rhythm is known. */
const LEARNED_MS = 10_000;
/** What the service may cost its gateway. */
const MAX_COMMANDS_PER_SECOND = 12;
/** Half of the time between polls at full pace, and all of it: the wait of entries that come faster than polls may. */
const FASTER_THAN_POLLS_MS = 55;
const A_POLL_APART_MS = 110;

const SEEDS = [1, 2, 3];

function run(seed: number, scenario: (random: Random) => Partial<Scenario> & Pick<Scenario, "arrivalsMs">) {
  const random = new Random(seed);
  return simulate({ untilMs: UNTIL_MS, random, ...scenario(random) });
}

const periodic =
  (periodMs: number, jitterMs = 0) =>
  (random: Random) => ({
    arrivalsMs: arrivals(1_000, UNTIL_MS, periodMs, random, jitterMs),
  });

describe.each(SEEDS)("[D-08] seed %i: added wait", (seed) => {
  test.each<[string, (random: Random) => Partial<Scenario> & Pick<Scenario, "arrivalsMs">, number]>([
    ["10 Hz", periodic(100), 3],
    ["4 Hz", periodic(250), 3],
    ["1 Hz", periodic(1_000), 5],
    ["an odd period", periodic(97), 3],
    ["10 Hz, 5 ms of jitter", periodic(100, 5), 6],
    ["10 Hz, 20 ms of jitter", periodic(100, 20), 15],
    ["10 Hz, 60 ms of jitter", periodic(100, 60), 40],
    ["10 Hz, Redis 50 ms away", (random) => ({ ...periodic(100, 5)(random), roundTripMs: 50 }), 6],
    ["10 Hz, clocks that drift", (random) => ({ ...periodic(100)(random), skewMs: (ms) => ms * 2e-4 }), 3],
    [
      "10 Hz, clocks that drift apart",
      (random) => ({ ...periodic(100)(random), skewMs: (ms) => ms * -2e-4 }),
      3,
    ],
  ])("%s", (_, scenario, mostMs) => {
    const outcome = run(seed, scenario);
    expect(busiestRate(outcome)).toBeLessThanOrEqual(MAX_COMMANDS_PER_SECOND);
    expect(waitQuantile(outcome, 0.5, LEARNED_MS)).toBeLessThanOrEqual(mostMs);
    expect(waitQuantile(outcome, 0.999, 0)).toBeLessThan(1_000);
  });

  test.each<[string, (random: Random) => number[], number, number]>([
    [
      "an entry every 20 ms",
      (random) => arrivals(1_000, UNTIL_MS, 20, random, 5),
      FASTER_THAN_POLLS_MS,
      A_POLL_APART_MS,
    ],
    [
      "an entry every 2 ms",
      (random) => arrivals(1_000, UNTIL_MS, 2, random, 1),
      FASTER_THAN_POLLS_MS,
      A_POLL_APART_MS,
    ],
    [
      "bursts of five entries every 500 ms",
      (random) =>
        arrivals(1_000, UNTIL_MS, 500, random, 5).flatMap((ms) => [0, 1, 2, 3, 4].map((i) => ms + i)),
      12,
      50,
    ],
    [
      "five entries within 20 ms every 500 ms",
      (random) =>
        arrivals(1_000, UNTIL_MS, 500, random).flatMap((ms) => [0, 4, 8, 13, 20].map((i) => ms + i)),
      20,
      50,
    ],
    [
      "two producers at 10 Hz, 37 ms apart",
      (random) =>
        together(arrivals(1_000, UNTIL_MS, 100, random, 2), arrivals(1_037, UNTIL_MS, 100, random, 2)),
      // Each second entry is met at once; between polls there are 87 ms.
      40,
      60,
    ],
    [
      "two producers at 2 Hz",
      (random) =>
        together(arrivals(1_000, UNTIL_MS, 500, random, 2), arrivals(1_170, UNTIL_MS, 500, random, 2)),
      6,
      60,
    ],
    [
      "two producers, at 10 and at 4 Hz",
      (random) =>
        together(arrivals(1_000, UNTIL_MS, 100, random, 2), arrivals(1_037, UNTIL_MS, 250, random, 2)),
      6,
      70,
    ],
  ])("of %s", (_, arrivalsOf, median, p99) => {
    const outcome = run(seed, (random) => ({ arrivalsMs: arrivalsOf(random) }));
    expect(busiestRate(outcome)).toBeLessThanOrEqual(MAX_COMMANDS_PER_SECOND);
    expect(waitQuantile(outcome, 0.5, LEARNED_MS)).toBeLessThanOrEqual(median);
    expect(waitQuantile(outcome, 0.99, LEARNED_MS)).toBeLessThanOrEqual(p99);
    expect(waitQuantile(outcome, 0.999, 0)).toBeLessThan(1_000);
  });

  test.each([
    ["10 Hz", periodic(100)],
    ["10 Hz, 5 ms of jitter", periodic(100, 5)],
    ["10 Hz, 20 ms of jitter", periodic(100, 20)],
    ["4 Hz", periodic(250, 5)],
    ["an odd period", periodic(97, 2)],
  ])("%s: as many commands at a fixed interval have three times the median", (_, scenario) => {
    const outcome = run(seed, scenario);
    const fixed = medianAtFixedInterval(outcome, LEARNED_MS, UNTIL_MS);
    expect(fixed).toBeGreaterThanOrEqual(3 * waitQuantile(outcome, 0.5, LEARNED_MS));
  });

  test("a clock that steps is followed within seconds", () => {
    for (const step of [50, -50]) {
      const outcome = run(seed, (random) => ({
        ...periodic(100)(random),
        skewMs: (ms) => (ms < 60_000 ? 0 : step),
      }));
      expect(waitQuantile(outcome, 0.5, 65_000, 75_000)).toBeLessThanOrEqual(3);
    }
  });

  test("a new rate is taken up within seconds", () => {
    const outcome = run(seed, (random) => ({
      arrivalsMs: [
        ...arrivals(1_000, 40_000, 100, random),
        ...arrivals(40_000, 80_000, 250, random),
        ...arrivals(80_000, UNTIL_MS, 125, random),
      ],
    }));
    expect(busiestRate(outcome)).toBeLessThanOrEqual(MAX_COMMANDS_PER_SECOND);
    for (const changeMs of [1_000, 40_000, 80_000]) {
      expect(waitQuantile(outcome, 0.5, changeMs + 10_000, changeMs + 39_000)).toBeLessThanOrEqual(3);
    }
  });

  test("data after a pause waits at most an eighth of it, and the rhythm is met again at once", () => {
    const pauses = [300, 1_000, 3_000, 10_000, 30_000].map((lengthMs, i) => {
      const fromMs = 10_000 + i * 15_000 + (i === 4 ? 5_000 : 0);
      return { fromMs, lengthMs };
    });
    const outcome = run(seed, (random) => ({
      arrivalsMs: arrivals(1_000, UNTIL_MS, 100, random).filter((time) =>
        pauses.every(({ fromMs, lengthMs }) => time < fromMs || time >= fromMs + lengthMs),
      ),
    }));
    for (const { fromMs, lengthMs } of pauses) {
      const endMs = fromMs + lengthMs;
      const [first] = outcome.waits.filter(({ writtenMs }) => writtenMs >= endMs);
      expect(first!.waitMs).toBeLessThanOrEqual(Math.min(4_000, Math.max(100, lengthMs / 8 + 20)));
      expect(waitQuantile(outcome, 0.5, endMs + 3_000, endMs + 5_000)).toBeLessThanOrEqual(8);
    }
  });
});

test("silence backs off, to no slower than every 4 s", () => {
  const { commandsMs } = run(1, () => ({ arrivalsMs: [1_000, 1_100, 1_200, 1_300, 1_400, 1_500] }));
  const polls = [...new Set(commandsMs.filter((time) => time > 3_000))];
  const gaps = polls.slice(1).map((time, i) => time - polls[i]!);
  for (const [i, gap] of gaps.slice(1).entries()) expect(gap).toBeGreaterThanOrEqual(gaps[i]! - 1);
  expect(Math.max(...gaps)).toBeGreaterThan(3_900);
  expect(Math.max(...gaps)).toBeLessThan(4_010);
});

test("what is full is read on at once, and what comes next waits for little more than one command", () => {
  const pacer = new Pacer(0);
  for (let nowMs = 0; nowMs < 2_000; nowMs += 5) {
    pacer.polled(nowMs, nowMs + 5, [nowMs], 1, true);
    expect(pacer.nextMs).toBe(nowMs + 5);
  }
  pacer.polled(2_000, 2_005, [2_000], 1, false);
  expect(pacer.nextMs).toBeGreaterThan(2_005 + 100);
  expect(pacer.nextMs).toBeLessThan(2_005 + 125);
});

test.each(SEEDS)(
  "seed %i: a crowd that joins makes nobody wait, and the rate is soon what it was",
  (seed) => {
    const crowds = Array.from({ length: 20 }, (_, i) => 20_000 + 5_003 * i);
    const outcome = run(seed, (random) => ({
      ...periodic(100, 5)(random),
      joinsMs: crowds.flatMap((fromMs) => Array.from({ length: 1_000 }, (_, i) => fromMs + i)),
    }));
    expect(waitQuantile(outcome, 0.9999, LEARNED_MS)).toBeLessThanOrEqual(250);
    for (const fromMs of crowds) {
      const after = outcome.commandsMs.filter((ms) => ms > fromMs + 1_010 && ms <= fromMs + 5_000);
      expect(after.length / 3.99).toBeLessThanOrEqual(MAX_COMMANDS_PER_SECOND);
    }
  },
);

test("a clock of Redis that is set forward by an hour, unseen in a pause, does not stop the polls", () => {
  const { waits } = run(1, (random) => ({
    arrivalsMs: arrivals(1_000, UNTIL_MS, 100, random).filter((ms) => ms < 40_000 || ms > 45_000),
    skewMs: (ms) => (ms < 42_000 ? 0 : -3_600_000),
  }));
  const late = waits.filter(({ writtenMs }) => writtenMs > 51_000);
  expect(late.length).toBeGreaterThan(600);
  expect(Math.max(...late.map(({ waitMs }) => waitMs))).toBeLessThan(500);
});

test("says when data last came", () => {
  const pacer = new Pacer(7);
  expect(pacer.lastDataMs).toBe(7);
  pacer.polled(10, 12, [3], 1, false);
  expect(pacer.lastDataMs).toBe(12);
  pacer.polled(20, 22, [], 1, false);
  expect(pacer.lastDataMs).toBe(12);
});

test.each(SEEDS)("seed %i: ids of any order and distance never stop the polls", (seed) => {
  const random = new Random(seed);
  const pacer = new Pacer(0);
  let nowMs = 0;
  for (let i = 0; i < 5_000; i++) {
    const ids = Array.from({ length: random.below(3) }, () => random.magnitude(42));
    pacer.polled(nowMs, nowMs + 5, ids, 1 + random.below(2), random.chance(0.1));
    expect(pacer.nextMs).toBeGreaterThanOrEqual(nowMs + 5);
    expect(pacer.nextMs).toBeLessThanOrEqual(nowMs + 5 + 4_000);
    nowMs = Math.ceil(pacer.nextMs);
  }
});
