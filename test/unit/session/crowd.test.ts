import { describe, expect, test, vi } from "vitest";
import { periodicItem } from "../../../src/producer/items.ts";
import { data, numbered } from "../../fakes/bursts.ts";
import { limitLine } from "../../fakes/line.ts";
import { commands } from "../../fakes/past-session.ts";
import { type FakeSocket, SessionDriver } from "../../fakes/session-driver.ts";
import { Random } from "../../fuzz/random.ts";

/** Much is simulated here: a busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000 });

const KIB = 1024;
const MIB = 1024 * KIB;
const ENTRY_BYTES = 16 * KIB;
const TOO_SLOW = { code: 1013, reason: "too slow" };

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** An entry that does not compress, nor does it with others. */
function bulk(number: number): Uint8Array {
  const samples = new Random(number).bytes(ENTRY_BYTES);
  return data(numbered(5, number), periodicItem({ channel: 6, startNs: 0n, intervalNs: 1n, samples }));
}

describe("what piled up in an outage of 30 s, 5 MB", () => {
  /** Viewers by the speed of their lines, after it is over; the session goes on for another 20 s. */
  async function afterOutage(speeds: number[]): Promise<{ viewers: FakeSocket[]; written: number }> {
    const driver = new SessionDriver({ viewerQueueBytes: 2 * MIB });
    driver.travelMs = () => 2;
    driver.open();
    const viewers = speeds.map(() => driver.connect());
    for (const [i, viewer] of viewers.entries()) {
      driver.subscribe(viewer, { allDataChannels: true });
      limitLine(driver, viewer, speeds[i]!);
    }
    let written = 0;
    const produce = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        driver.redis.xadd("car", "7", bulk(written++));
        await driver.run(100);
      }
    };
    await produce(10);
    driver.redis.fault = () => new Response("", { status: 500 });
    await produce(300);
    driver.redis.fault = undefined;
    await produce(200);
    return { viewers, written };
  }

  test("[X-06] comes no faster than viewers take it", async () => {
    const { viewers, written } = await afterOutage([MIB, 10 * MIB]);
    for (const viewer of viewers) {
      expect(viewer.closed).toBeNull();
      expect(viewer.numbers(5)).toEqual(upTo(written));
    }
  });

  test("is not kept from others by one that takes nothing, which is closed", async () => {
    const { viewers, written } = await afterOutage([0, 10 * MIB]);
    expect(viewers[0]!.closed).toEqual(TOO_SLOW);
    expect(viewers[1]!.closed).toBeNull();
    expect(viewers[1]!.numbers(5)).toEqual(upTo(written));
  });

  test("reaches the others as soon as ever, with one among them that has stopped reading", async () => {
    /** ms after the outage until viewer 0 has all that had been written by its end. */
    const catchUpMs = async (stalledBytes: number | null): Promise<number> => {
      const driver = new SessionDriver();
      driver.travelMs = () => 2;
      driver.open();
      const viewers = upTo(50).map(() => driver.connect());
      for (const viewer of viewers) driver.subscribe(viewer, { allDataChannels: true });
      const stalled = viewers.at(-1)!;
      await driver.run(500);
      if (stalledBytes !== null) {
        let waiting = stalledBytes;
        const send = stalled.send.bind(stalled);
        stalled.bufferedBytes = () => waiting;
        stalled.send = (message) => {
          waiting += message.byteLength;
          send(message);
        };
      }
      driver.redis.fault = () => new Response("", { status: 500 });
      for (let i = 0; i < 200; i++) {
        driver.redis.xadd("car", "7", bulk(i));
        await driver.run(100);
      }
      driver.redis.fault = undefined;
      const endedAtMs = driver.nowMs;
      while (viewers[0]!.numbers(5).length < 200) await driver.run(100);
      return driver.nowMs - endedAtMs;
    };
    const alone = await catchUpMs(null);
    // One wait of a second tells that it takes nothing; after that nobody waits for it.
    expect(await catchUpMs(5 * MIB)).toBeLessThanOrEqual(alone + 1_500);
  });

  test("is read in smaller parts the more viewers there are, but never one by one", async () => {
    const countsFor = async (viewers: number): Promise<number[]> => {
      const driver = new SessionDriver();
      driver.open();
      for (let i = 0; i < viewers; i++) driver.connect();
      await driver.run(100);
      for (let i = 0; i < 200; i++) driver.redis.xadd("car", "7", bulk(i));
      const before = driver.redis.commands.length;
      await driver.run(10_000);
      const reads = driver.redis.commands.slice(before).filter(([name]) => name === "XREAD");
      return reads.map(([, , count]) => Number(count));
    };
    expect(Math.max(...(await countsFor(1)))).toBeGreaterThan(16);
    // One more where the entry that was read last comes along.
    for (const count of await countsFor(500)) expect([2, 3]).toContain(count);
  });
});

describe("history for a crowd", () => {
  /** Range reads for viewers that join over a second, with lines of all these speeds; all have everything. */
  async function readsFor(viewers: number, speeds: readonly number[]): Promise<number> {
    const driver = new SessionDriver({ backScanMs: 0 });
    driver.travelMs = () => 1;
    driver.open();
    for (const number of upTo(200)) driver.redis.xadd("car", "7", bulk(number));
    const sockets: FakeSocket[] = [];
    for (let i = 0; i < viewers; i++) {
      const socket = driver.connect();
      limitLine(driver, socket, speeds[i % speeds.length]!);
      driver.subscribe(socket, { channelIds: [5, 6] });
      sockets.push(socket);
      await driver.run(1_000 / viewers);
    }
    await driver.run(5_000);
    for (const socket of sockets) expect(socket.closed).toBeNull();
    for (const socket of sockets.slice(-speeds.length)) expect(socket.numbers(5)).toEqual(upTo(200));
    return commands(driver, "XRANGE");
  }

  test("[R-06] is read as if for one, however many join over a second and whatever their lines", async () => {
    const forOne = await readsFor(1, [100 * MIB]);
    expect(forOne).toBeGreaterThan(10);
    expect(await readsFor(40, [100 * MIB])).toBeLessThanOrEqual(forOne + 2);
    expect(await readsFor(40, [2 * MIB, 10 * MIB, 100 * MIB])).toBeLessThanOrEqual(forOne + 2);
  });

  test("[B-01] that asks at once is not read entry by entry", async () => {
    const driver = new SessionDriver();
    driver.open();
    for (const number of upTo(600)) driver.redis.xadd("car", "7", data(numbered(5, number)));
    const viewers = upTo(200).map(() => driver.connect());
    await driver.run(500);
    for (const viewer of viewers) driver.subscribe(viewer, { channelIds: [5] });
    await driver.run(5_000);
    for (const viewer of viewers) expect(viewer.numbers(5)).toEqual(upTo(600));
    expect(commands(driver, "XRANGE")).toBeLessThan(20);
  });
});

test("a crowd has its history in few messages, whatever else was in the entries", async () => {
  const driver = new SessionDriver();
  driver.open();
  for (let i = 0; i < 64; i++) driver.redis.xadd("car", "7", bulk(i));
  const viewers = Array.from({ length: 200 }, () => driver.connect());
  for (const viewer of viewers) driver.subscribe(viewer, { channelIds: [5] });
  await driver.run(5_000);
  const pages = (64 * ENTRY_BYTES) / (256 * KIB);
  for (const viewer of viewers) {
    expect(viewer.numbers(5)).toEqual(upTo(64));
    expect(viewer.messages.length).toBeLessThanOrEqual(1 + 3 * pages);
  }
});
