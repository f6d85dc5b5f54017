import { describe, expect, test } from "vitest";
import { data, numbered } from "../../fakes/bursts.ts";
import { sorted, subscribed, upTo, withPast } from "../../fakes/past-session.ts";
import type { FakeSocket, SessionDriver } from "../../fakes/session-driver.ts";

const HOUR_MS = 3_600_000;

/** A viewer that has followed for 3 s, and a producer that goes on at ten entries a second. */
async function following(): Promise<{
  driver: SessionDriver;
  viewer: FakeSocket;
  produce(s: number): Promise<void>;
}> {
  const { driver, write } = withPast(0);
  const viewer = await subscribed(driver);
  await driver.run(500);
  const produce = async (seconds: number): Promise<void> => {
    for (let i = 0; i < 10 * seconds; i++) {
      write();
      await driver.run(100);
    }
  };
  await produce(3);
  return { driver, viewer, produce };
}

const gaps = (driver: SessionDriver): number => driver.counters.get("trim_gaps_total") ?? 0;

const from = (first: number, end: number): number[] => upTo(end).slice(first);

/** Everything is gone; a producer begins again a moment later. */
async function beginAgain(driver: SessionDriver, sessionId: string, clockAheadMs: number): Promise<void> {
  driver.redis.flush();
  driver.redis.clockAheadMs = clockAheadMs;
  await driver.run(1_000);
  driver.open(undefined, { streamSessionId: sessionId });
}

/** Numbers from 1000 on, of the session `sessionId`. */
async function produceAnew(
  driver: SessionDriver,
  sessionId: string,
  count: number,
  first = 1_000,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    driver.redis.xadd("car", sessionId, data(numbered(5, first + i)));
    await driver.run(100);
  }
}

describe("[R-05] trimming", () => {
  test.each([50, 1])(
    "past what was read: goes on at the oldest of %i, counted and logged once",
    async (left) => {
      const { driver, viewer, produce } = await following();
      driver.redis.fault = () => new Response("", { status: 500 });
      await produce(20);
      driver.redis.xtrim("car", left);
      driver.redis.fault = undefined;
      await driver.run(6_000);
      expect(viewer.numbers(5)).toEqual([...upTo(30), ...from(230 - left, 230)]);
      await produce(10);
      await driver.run(60_000);
      await produce(1);
      await driver.run(5_000);
      expect(viewer.numbers(5)).toEqual([...upTo(30), ...from(230 - left, 340)]);
      expect(gaps(driver)).toBe(1);
      expect(driver.logged.filter((event) => event === "entries-trimmed-unread")).toHaveLength(1);
    },
  );

  test("of everything unread is noticed when the next entry comes", async () => {
    const { driver, viewer, produce } = await following();
    driver.redis.fault = () => new Response("", { status: 500 });
    await produce(10);
    driver.redis.xtrim("car", 0);
    driver.redis.fault = undefined;
    await driver.run(6_000);
    await produce(1);
    await driver.run(30_000);
    expect(viewer.numbers(5)).toEqual([...upTo(30), ...from(130, 140)]);
    expect(gaps(driver)).toBe(1);
  });

  test("of what has been read is no gap, nor is silence, an outage or an eviction", async () => {
    const { driver, viewer, produce } = await following();
    for (const left of [10, 1, 0]) {
      driver.redis.xtrim("car", left);
      await produce(2);
      driver.redis.xtrim("car", left);
      await driver.run(30_000);
      await produce(2);
      // After silence new data shows within 5 s.
      await driver.run(5_000);
      driver.redis.fault = () => new Response("", { status: 500 });
      await driver.run(5_000);
      await produce(2);
      driver.redis.xtrim("car", 20);
      driver.redis.fault = undefined;
      await driver.run(6_000);
      driver.hibernate();
      driver.redis.xadd("car", "8", data(numbered(5, -1)));
      await driver.run(6_000);
    }
    expect(viewer.numbers(5)).toEqual(upTo(30 + 3 * 60));
    expect(gaps(driver)).toBe(0);
    expect(driver.logged).not.toContain("entries-trimmed-unread");
    expect(driver.logged).not.toContain("stream-went-back");
  });
});

describe("[R-05] a Redis that lost everything, and a producer that begins again", () => {
  const CLOCKS = [
    ["ids go on", 0],
    ["ids go back by an hour", -HOUR_MS],
    ["ids go back by seconds", -5_037],
  ] as const;
  const CASES = CLOCKS.flatMap(([name, aheadMs]) => ["7", "8"].map((id) => [name, id, aheadMs] as const));

  test.each(CASES)("%s, as %s: all of the new life comes once", async (_, id, aheadMs) => {
    const { driver, viewer } = await following();
    await beginAgain(driver, id, aheadMs);
    await produceAnew(driver, id, 50);
    await driver.run(30_000);
    await produceAnew(driver, id, 50, 1_050);
    await driver.run(5_000);
    expect(viewer.closed).toBeNull();
    expect(viewer.numbers(5)).toEqual([...upTo(30), ...from(1_000, 1_100)]);
    const late = await subscribed(driver);
    await driver.run(1_000);
    expect(late.numbers(5)).toEqual(from(1_000, 1_100));
    expect(gaps(driver)).toBe(0);
  });

  test.each(CASES)("%s, as %s: also when it flows without a pause", async (_, id, aheadMs) => {
    const { driver, viewer } = await following();
    await beginAgain(driver, id, aheadMs);
    await produceAnew(driver, id, 300);
    const inTime = viewer.numbers(5);
    expect(inTime).toEqual([...upTo(30), ...from(1_000, 1_300)]);
  });

  test.each(CASES)("%s, as %s: amid a history, and with evictions", async (_, id, aheadMs) => {
    const { driver, write } = withPast(3_000);
    driver.travelMs = () => 20;
    const viewer = await subscribed(driver);
    await driver.run(250);
    write();
    await beginAgain(driver, id, aheadMs);
    const old = viewer.numbers(5);
    driver.hibernate();
    await produceAnew(driver, id, 50);
    driver.hibernate();
    await produceAnew(driver, id, 250, 1_050);
    expect(viewer.numbers(5)).toEqual([...old, ...from(1_000, 1_300)]);
  });
});

describe("[R-05] a failover", () => {
  test.each([
    ["beyond what was read", 0],
    ["below it", -10_000],
    ["below it, after a while beyond", -5_000],
  ])("that lost the newest entries and goes on %s", async (_, aheadMs) => {
    const { driver, viewer } = await following();
    driver.redis.failOver("car", 5);
    driver.redis.clockAheadMs = aheadMs;
    await produceAnew(driver, "7", 300);
    await driver.run(1_000);
    expect(viewer.numbers(5)).toEqual([...upTo(30), ...from(1_000, 1_300)]);
    expect(driver.logged.filter((event) => event === "stream-went-back")).toHaveLength(1);
    expect(gaps(driver)).toBe(0);
  });

  test("in silence", async () => {
    const { driver, viewer, produce } = await following();
    driver.redis.failOver("car", 5);
    await driver.run(60_000);
    await produce(1);
    await driver.run(5_000);
    expect(viewer.numbers(5)).toEqual(upTo(40));
    expect(gaps(driver)).toBe(0);
  });
});

describe("deleted and made anew", () => {
  test("the entry: nobody is closed, nothing is lost", async () => {
    const { driver, viewer, produce } = await following();
    const hash = driver.redis.hashes.get("sessions:s1")!;
    for (const missingMs of [1_000, 4_000, 4_900]) {
      driver.redis.hashes.delete("sessions:s1");
      await driver.run(missingMs);
      driver.redis.hashes.set("sessions:s1", hash);
      await produce(10);
    }
    expect(viewer.numbers(5)).toEqual(upTo(330));
    expect(viewer.closed).toBeNull();
  });

  test.each([0, -HOUR_MS])("the stream, with a clock %i ms ahead", async (aheadMs) => {
    const { driver, viewer, produce } = await following();
    driver.redis.del("car");
    driver.redis.clockAheadMs = aheadMs;
    await driver.run(2_000);
    await produce(40);
    expect(viewer.numbers(5)).toEqual(upTo(430));
    expect(viewer.closed).toBeNull();
    expect(gaps(driver)).toBe(0);
  });

  test("the stream, before anything new was read", async () => {
    const { driver, write } = withPast(20);
    const viewer = await subscribed(driver);
    await driver.run(1_000);
    driver.redis.del("car");
    driver.redis.clockAheadMs = -HOUR_MS;
    await driver.run(10_000);
    write();
    await driver.run(20_000);
    expect(viewer.numbers(5)).toEqual(upTo(21));
    expect(driver.logged).toEqual(["stream-went-back"]);
  });

  test("the stream, and nothing comes for long", async () => {
    const { driver, viewer, produce } = await following();
    driver.redis.del("car");
    await driver.run(120_000);
    await produce(2);
    await driver.run(5_000);
    expect(viewer.numbers(5)).toEqual(upTo(50));
    expect(driver.logged.filter((event) => event === "stream-went-back")).toHaveLength(1);
  });
});

describe("a producer that restarts amid a history", () => {
  test.each(["car", "next"])("in stream %s: all of both comes once", async (streamName) => {
    for (const atMs of [0, 30, 100, 250]) {
      const { driver } = withPast(1_000);
      driver.travelMs = () => 20;
      const viewer = await subscribed(driver);
      await driver.run(atMs);
      const last = driver.redis.streams.get("stream:car")!.at(-1)!.id;
      const streamPosition = streamName === "car" ? last : "0-0";
      for (let i = 1_000; i < 1_020; i++) {
        driver.redis.xadd(streamName, "8", data(numbered(5, i)));
        if (i === 1_010) driver.open(undefined, { streamSessionId: "8", streamName, streamPosition });
        await driver.run(20);
      }
      await driver.run(8_000);
      const late = await subscribed(driver);
      await driver.run(3_000);
      expect(sorted(viewer.numbers(5)), `after ${atMs} ms`).toEqual(upTo(1_020));
      const first = streamName === "car" ? 0 : 1_000;
      expect(sorted(late.numbers(5)), `after ${atMs} ms`).toEqual(from(first, 1_020));
    }
  });
});

describe("a wrong type", () => {
  test.each(["stream:car", "sessions:s1"])("under %s for 20 s: nothing is lost", async (key) => {
    const { driver, viewer, produce } = await following();
    const { hashes, streams } = driver.redis;
    const stream = streams.get(key);
    const hash = hashes.get(key);
    if (stream) hashes.set(key, new Map([["not", "a stream"]]));
    else {
      hashes.delete(key);
      streams.set(key, []);
    }
    await driver.run(20_000);
    if (stream) hashes.delete(key);
    else {
      streams.delete(key);
      hashes.set(key, hash!);
    }
    await driver.run(6_000);
    await produce(5);
    expect(viewer.closed).toBeNull();
    expect(viewer.numbers(5)).toEqual(upTo(80));
  });
});
