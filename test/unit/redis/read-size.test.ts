import { expect, test } from "vitest";
import { ReadSize } from "../../../src/redis/read-size.ts";
import { Random } from "../../fuzz/random.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
/** What Upstash allows a reply; seven encoded entries of 1 MiB are just under it. */
const REPLY_LIMIT_BYTES = 10_000_000;
const ENCODED_MIB = Math.ceil(MIB / 3) * 4;

/** Reads from a stream that always has more, entries of the given size each. */
function read(size: ReadSize, bytes: number): void {
  size.observe(new Array<number>(size.count).fill(bytes));
}

test("[D-09] the first read fits even with entries of 1 MiB", () => {
  expect(new ReadSize().count * ENCODED_MIB).toBeLessThan(REPLY_LIMIT_BYTES);
});

test("small entries are read by the hundred, never by more than a thousand", () => {
  const size = new ReadSize();
  for (let i = 0; i < 20; i++) read(size, 200);
  expect(size.count).toBe(1000);
});

test("once sizes are known, what is asked for fits into 1 MiB", () => {
  for (const bytes of [1, 300, 5 * KIB, 44_044, 300 * KIB, ENCODED_MIB]) {
    const size = new ReadSize();
    for (let i = 0; i < 30; i++) {
      read(size, bytes);
      expect(size.count === 1 || size.count * bytes <= MIB).toBe(true);
    }
  }
});

test.each([1, 2, 3])("seed %i: whatever sizes come, the next read of entries like these fits", (seed) => {
  const random = new Random(seed);
  const size = new ReadSize();
  for (let i = 0; i < 500; i++) {
    const entries = Array.from({ length: random.below(size.count + 1) }, () => random.magnitude(20));
    size.observe(entries);
    const largest = Math.max(1, ...entries);
    expect(size.count).toBeGreaterThanOrEqual(1);
    expect(size.count === 1 || size.count * largest <= MIB).toBe(true);
  }
});

test("growth is by steps, so that a change of size is met with few entries asked for", () => {
  const size = new ReadSize();
  let before = size.count;
  for (let i = 0; i < 12; i++) {
    read(size, 10);
    expect(size.count).toBeLessThanOrEqual(2 * before);
    before = size.count;
  }
});

test("few entries a read do not make the next one large: nothing is known of what piles up", () => {
  const size = new ReadSize();
  for (let i = 0; i < 100; i++) size.observe([200]);
  expect(size.count).toBe(7);
});

test("a jump from small to large takes one read to notice, and fades when large ones stay away", () => {
  const size = new ReadSize();
  for (let i = 0; i < 20; i++) read(size, 100);
  size.observe([100, ENCODED_MIB, 100]);
  expect(size.count).toBe(1);
  let reads = 0;
  while (size.count < 100) {
    read(size, 100);
    expect(++reads).toBeLessThan(100);
  }
  expect(reads).toBeGreaterThan(10);
});

test("a read without entries says nothing", () => {
  const size = new ReadSize();
  for (let i = 0; i < 5; i++) read(size, 100);
  const before = size.count;
  size.observe([]);
  expect(size.count).toBe(before);
});

test("a reply over the limit halves the next one, down to a single entry", () => {
  const size = new ReadSize();
  const counts: number[] = [];
  while (size.shrink()) counts.push(size.count);
  expect(counts).toEqual([3, 1]);
  expect(size.shrink()).toBe(false);
  expect(size.count).toBe(1);
});

test("caution forgets what was grown and keeps what was shrunk", () => {
  const size = new ReadSize();
  for (let i = 0; i < 5; i++) read(size, 100);
  size.beCautious();
  expect(size.count).toBe(7);
  size.shrink();
  size.beCautious();
  expect(size.count).toBe(3);
});
