import { expect, test } from "vitest";
import { sessionJsonItem, timeRangeItem } from "../../../src/producer/items.ts";
import { data, numbered } from "../../fakes/bursts.ts";
import { type FakeSocket, SessionDriver } from "../../fakes/session-driver.ts";

const json = (state: string): string => `{"identity":"s1","state":"${state}"}`;

/** The numbers that a viewer got of channel 5. */
function numbers(viewer: FakeSocket): number[] {
  return viewer
    .items()
    .flatMap(({ periodicData: run }) => (run ? [Buffer.from(run.buffer!).readDoubleLE()] : []));
}

async function following(options = {}): Promise<{ driver: SessionDriver; viewer: FakeSocket }> {
  const driver = new SessionDriver(options);
  driver.open();
  const viewer = driver.connect();
  driver.subscribe(viewer, { channelIds: [5] });
  await driver.run(500);
  return { driver, viewer };
}

test.each(["closed", "truncated", "failed", "abandoned"])(
  "[X-03] %s: the JSON goes out, late data follows, then 1000 after the linger",
  async (state) => {
    const { driver, viewer } = await following();
    driver.open(json(state));
    driver.redis.xadd("car", "7", data(sessionJsonItem(json(state))));
    await driver.run(2_000);
    expect(viewer.items(-1)).toEqual([{ sessionJson: json(state) }]);
    driver.redis.xadd("car", "7", data(numbered(5, 1)));
    await driver.run(9_000);
    expect(numbers(viewer)).toEqual([1]);
    expect(viewer.closed).toBeNull();
    await driver.run(6_000);
    expect(viewer.closed).toEqual({ code: 1000, reason: "session ended" });
    expect(driver.session.nextWake()).toEqual({ kind: "never" });
  },
);

test("[X-03] data that never stops is cut off a minute after the closing JSON", async () => {
  const { driver, viewer } = await following();
  driver.redis.xadd("car", "7", data(sessionJsonItem(json("closed"))));
  for (let second = 0; second < 62; second++) {
    driver.redis.xadd("car", "7", data(numbered(5, second)));
    await driver.run(1_000);
  }
  expect(viewer.closed?.code).toBe(1000);
});

test("a session that opens again stays", async () => {
  const { driver, viewer } = await following();
  driver.redis.xadd("car", "7", data(sessionJsonItem(json("closed"))));
  await driver.run(5_000);
  driver.redis.xadd("car", "7", data(sessionJsonItem(json("open"))));
  await driver.run(60_000);
  expect(viewer.closed).toBeNull();
});

test("a viewer of a session that is closed already gets its metadata and its own linger", async () => {
  const driver = new SessionDriver();
  driver.open(json("closed"));
  const first = driver.connect();
  await driver.run(8_000);
  const second = driver.connect();
  await driver.run(8_000);
  expect(first.closed?.code).toBe(1000);
  expect(second.items()).toEqual([{ sessionJson: json("closed") }]);
  expect(second.closed).toBeNull();
  await driver.run(4_000);
  expect(second.closed?.code).toBe(1000);
});

test.each(["open", "waiting", "unknown"])(
  "[X-04] a silent session in state %s is not closed",
  async (state) => {
    const driver = new SessionDriver();
    driver.open(json(state));
    const viewer = driver.connect();
    await driver.run(30 * 60_000);
    expect(viewer.closed).toBeNull();
  },
);

test("[X-05] without viewers nothing is asked of Redis", async () => {
  const { driver, viewer } = await following();
  driver.disconnect(viewer);
  const before = driver.redis.commands.length;
  await driver.run(600_000);
  expect(driver.redis.commands.length).toBe(before);
  expect(driver.stored.size).toBe(0);
});

test("silent for less than the idle time: new data shows within 5 s", async () => {
  const { driver, viewer } = await following();
  for (const [i, silenceMs] of [1_000, 10_000, 60_000, 590_000].entries()) {
    await driver.run(silenceMs);
    driver.redis.xadd("car", "7", data(numbered(5, i)));
    await driver.run(5_000);
    expect(numbers(viewer).at(-1)).toBe(i);
  }
});

test("silent for longer: only checks, which may sleep; then full pace again", async () => {
  const { driver, viewer } = await following({ idleMs: 60_000 });
  await driver.run(65_000);
  expect(driver.session.nextWake().kind).toBe("check");
  const before = driver.redis.commands.length;
  await driver.run(200_000);
  expect(driver.redis.commands.length - before).toBeLessThanOrEqual(3 * 10);
  driver.hibernate();
  driver.redis.xadd("car", "7", data(numbered(5, 1)));
  await driver.run(25_000);
  expect(numbers(viewer)).toEqual([1]);
  expect(driver.session.nextWake().kind).toBe("poll");
  for (let i = 2; i < 30; i++) {
    driver.redis.xadd("car", "7", data(numbered(5, i)));
    await driver.run(100);
  }
  await driver.run(300);
  expect(numbers(viewer)).toEqual(Array.from({ length: 29 }, (_, i) => i + 1));
});

test("hibernation at any moment loses and repeats nothing", async () => {
  const { driver, viewer } = await following();
  const second = driver.connect();
  driver.subscribe(second, { channelIds: Array.from({ length: 60_000 }, (_, i) => i * 7 + 5) });
  await driver.run(100);
  for (let i = 0; i < 100; i++) {
    if (i % 3 === 0) driver.hibernate();
    driver.redis.xadd("car", "7", data(numbered(5, i)));
    await driver.run(i % 5 === 0 ? 7 : 130);
  }
  await driver.run(1_000);
  expect(numbers(viewer)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(numbers(second)).toEqual(numbers(viewer));
});

test("[M-07] an idle connection is kept awake by the time range", async () => {
  const { driver, viewer } = await following();
  driver.redis.xadd("car", "7", data(timeRangeItem(10n, 20n)));
  await driver.run(100_000);
  const ranges = viewer.items().filter((item) => item.timeRange);
  expect(ranges.length).toBeGreaterThanOrEqual(4);
  expect(String(ranges.at(-1)?.timeRange?.endTime)).toBe("20");
});

test("an entry that vanishes closes with 1000 after two misses, not after one", async () => {
  const { driver, viewer } = await following();
  const entry = driver.redis.hashes.get("sessions:s1")!;
  driver.redis.hashes.delete("sessions:s1");
  await driver.run(5_100);
  expect(viewer.closed).toBeNull();
  driver.redis.hashes.set("sessions:s1", entry);
  await driver.run(20_000);
  expect(viewer.closed).toBeNull();
  driver.redis.hashes.delete("sessions:s1");
  await driver.run(12_000);
  expect(viewer.closed).toEqual({ code: 1000, reason: "session gone" });
});

test("a producer that restarts with a new id is followed from where it began, the old one too", async () => {
  const { driver, viewer } = await following();
  driver.redis.xadd("car", "7", data(numbered(5, 0)));
  await driver.run(300);
  const streamPosition = driver.redis.streams.get("stream:car")!.at(-1)!.id;
  driver.redis.xadd("car", "8", data(numbered(5, 1)));
  driver.redis.xadd("car", "7", data(numbered(5, 2)));
  await driver.run(300);
  driver.redis.xadd("car", "8", data(numbered(5, 3)));
  driver.open(undefined, { streamSessionId: "8", streamPosition });
  await driver.run(6_000);
  driver.redis.xadd("car", "7", data(numbered(5, 4)));
  driver.redis.xadd("car", "8", data(numbered(5, 5)));
  await driver.run(5_000);
  expect(numbers(viewer).toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
});

test("a producer that moves to another stream is followed after the old one is read to its end", async () => {
  const { driver, viewer } = await following();
  for (let i = 0; i < 20; i++) driver.redis.xadd("car", "7", data(numbered(5, i)));
  driver.redis.xadd("next", "9", data(numbered(5, 20)));
  driver.open(undefined, { streamSessionId: "9", streamName: "next" });
  await driver.run(7_000);
  driver.hibernate();
  driver.redis.xadd("next", "9", data(numbered(5, 21)));
  await driver.run(6_000);
  expect(numbers(viewer)).toEqual(Array.from({ length: 22 }, (_, i) => i));
});
