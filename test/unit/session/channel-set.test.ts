import { expect, test } from "vitest";
import { ChannelSet } from "../../../src/session/channel-set.ts";
import { Random } from "../../fuzz/random.ts";

const MAX_ID = 0xffff_ffff;

/** Ids that make runs and gaps at both ends of their range, with repeats and in no order. */
function randomIds(random: Random): number[] {
  return Array.from({ length: random.below(4) }, () => {
    const start = random.pick([0, random.below(60), MAX_ID - random.below(60), random.magnitude(32)]);
    return Array.from({ length: random.below(20) }, () => Math.min(MAX_ID, start + random.below(25)));
  }).flat();
}

/** Every id at which something may change, with its neighbours. */
function edges(...sets: Iterable<number>[]): Set<number> {
  const ids = new Set([0, 1, MAX_ID - 1, MAX_ID]);
  for (const set of sets) {
    for (const id of set) for (const near of [id - 1, id, id + 1]) ids.add(near);
  }
  return ids;
}

function expectSame(set: ChannelSet, expected: ReadonlySet<number>, near: Iterable<number>): void {
  for (const id of edges(expected, near)) {
    if (set.has(id) !== expected.has(id))
      expect.fail(`${id} is ${expected.has(id) ? "missing" : "too much"}`);
  }
  expect(set.encode()).toEqual(ChannelSet.of(expected).encode());
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))("seed %i: holds what a plain set holds", (seed) => {
  const random = new Random(seed);
  for (let round = 0; round < 25; round++) {
    const a = randomIds(random);
    const b = random.chance(0.2) ? a : randomIds(random);
    const setA = ChannelSet.of(a);
    const setB = ChannelSet.of(b);
    const plainA = new Set(a);
    const plainB = new Set(b);
    expectSame(setA, plainA, b);
    expectSame(setA.union(setB), plainA.union(plainB), []);
    expectSame(setA.minus(setB), plainA.difference(plainB), [...a, ...b]);
    expectSame(ChannelSet.decode(setA.encode()), plainA, []);
    expect(setA.runs).toBe([...plainA].filter((id) => !plainA.has(id - 1)).length);
  }
});

test("the empty set", () => {
  expect(ChannelSet.EMPTY.runs).toBe(0);
  expect(ChannelSet.EMPTY.has(0)).toBe(false);
  expect(ChannelSet.EMPTY.encode()).toHaveLength(0);
  expect(
    ChannelSet.of([])
      .union(ChannelSet.EMPTY)
      .minus(ChannelSet.of([1])).runs,
  ).toBe(0);
});

test("all ids are one run, and taking one from it leaves two", () => {
  const all = ChannelSet.decode(Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff, 0x0f));
  expect(all.runs).toBe(1);
  for (const id of [0, 300, MAX_ID]) expect(all.has(id)).toBe(true);
  const some = all.minus(ChannelSet.of([300]));
  expect([299, 300, 301].map((id) => some.has(id))).toEqual([true, false, true]);
  expect(some.union(ChannelSet.of([300])).encode()).toEqual(all.encode());
});

test("every length of a distance comes back", () => {
  for (const distance of [2, 7, 14, 21, 28, 32].flatMap((bits) => [
    2 ** bits - 1,
    2 ** bits - 2,
    2 ** bits,
  ])) {
    if (distance > MAX_ID) continue;
    const set = ChannelSet.decode(ChannelSet.of([0, distance]).encode());
    expectSame(set, new Set([0, distance]), []);
  }
});

test("[S-08] 60,000 neighbours are one run of a few bytes, in any order", () => {
  const ids = Array.from({ length: 60_000 }, (_, i) => (i * 7_919) % 60_000);
  const set = ChannelSet.of(ids);
  expect(set.runs).toBe(1);
  expect(set.encode()).toHaveLength(4);
  expect([0, 59_999, 60_000].map((id) => set.has(id))).toEqual([true, true, false]);
});

test("[S-08] 60,000 scattered ids cost two bytes each", () => {
  const set = ChannelSet.of(Array.from({ length: 60_000 }, (_, i) => i * 100));
  expect(set.runs).toBe(60_000);
  expect(set.encode()).toHaveLength(120_000);
  expect(ChannelSet.decode(set.encode()).encode()).toEqual(set.encode());
  expect([0, 100, 5_999_900].every((id) => set.has(id))).toBe(true);
  expect([1, 99, 101, 5_999_901].some((id) => set.has(id))).toBe(false);
});
