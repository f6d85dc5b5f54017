import { describe, expect, test, vi } from "vitest";
import { periodicItem } from "../../../src/producer/items.ts";
import { data, numbered, T0_NS } from "../../fakes/bursts.ts";
import { sorted, subscribed, upTo, withPast } from "../../fakes/past-session.ts";
import { type DriverOptions, type FakeSocket, SessionDriver } from "../../fakes/session-driver.ts";
import { Random } from "../../fuzz/random.ts";

/** Much is simulated here: a busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000 });

const KiB = 1024;
const MiB = 1024 * KiB;

const TOO_SLOW = { code: 1013, reason: "too slow" };
const TOO_MANY_REQUESTS = { code: 1008, reason: "too many requests" };

async function live(viewers: number, options: DriverOptions = {}) {
  const { driver, write } = withPast(0, options);
  const sockets: FakeSocket[] = [];
  for (let i = 0; i < viewers; i++) sockets.push(await subscribed(driver));
  await driver.run(500);
  return { driver, write, sockets };
}

const NOISE = new Random(1).bytes(250 * KiB);

/** An entry whose sample `number` of channel 5 comes with as many bytes that do not pack. */
function bulk(number: number, bytes: number): Uint8Array {
  const samples = NOISE.subarray(0, bytes);
  const item = periodicItem({ channel: 6, startNs: T0_NS, intervalNs: 1n, samples });
  return data(numbered(5, number), item);
}

/** Nothing that is sent to it leaves. Returns how much has waited at most. */
function stall(socket: FakeSocket): () => number {
  const send = socket.send.bind(socket);
  let most = 0;
  socket.send = (message) => {
    send(message);
    socket.buffered = (socket.buffered ?? 0) + message.byteLength;
    most = Math.max(most, socket.buffered);
  };
  return () => most;
}

describe("slow viewers", () => {
  test("past its queue a viewer is closed with 1013 and counted, the others get everything", async () => {
    const { driver, write, sockets } = await live(3, { viewerQueueBytes: 600 });
    stall(sockets[1]!);
    for (let i = 0; i < 20; i++) {
      const waited = sockets[1]!.buffered!;
      write();
      await driver.run(100);
      expect(sockets[1]!.closed).toEqual(waited <= 600 ? null : TOO_SLOW);
    }
    expect(sockets[1]!.closed).toEqual(TOO_SLOW);
    expect(sockets[0]!.numbers(5)).toEqual(upTo(20));
    expect(sockets[2]!.numbers(5)).toEqual(upTo(20));
    expect(driver.counters.get("slow_viewers_closed_total")).toBe(1);
    expect(driver.session.viewerCount).toBe(2);
  });

  test("it is closed also when nothing new comes", async () => {
    const { driver, write, sockets } = await live(1, { viewerQueueBytes: 20 });
    stall(sockets[0]!);
    write();
    await driver.run(100);
    expect(sockets[0]!.closed).toBeNull();
    await driver.run(5_000);
    expect(sockets[0]!.closed).toEqual(TOO_SLOW);
  });

  test("stalled viewers cost their queue and one round each", async () => {
    const { driver, sockets } = await live(4, { viewerQueueBytes: MiB });
    for (const socket of sockets) driver.subscribe(socket, { channelIds: [6] });
    const [, ...stalled] = sockets;
    const waited = stalled.map(stall);
    for (let i = 0; i < 60; i++) {
      driver.redis.xadd("car", "7", bulk(i, 60 * KiB));
      await driver.run(100);
    }
    await driver.run(1_000);
    for (const socket of stalled) expect(socket.closed).toEqual(TOO_SLOW);
    for (const most of waited) expect(most()).toBeLessThan(MiB + 256 * KiB);
    expect(sockets[0]!.numbers(5)).toEqual(upTo(60));
  });

  test("of all that lag, the slowest are closed first until the rest is bearable", async () => {
    const { driver, write, sockets } = await live(7);
    const [quick, ...slow] = sockets as [FakeSocket, ...FakeSocket[]];
    for (const socket of sockets) driver.subscribe(socket, { channelIds: [6] });
    // One after the other stops reading; in the end the first lags by just less than its queue, all by just over 32 MiB.
    for (let i = 0; i < 32; i++) {
      expect(slow.map(({ closed }) => closed)).toEqual([null, null, null, null, null, null]);
      if (i % 4 === 0 && i < 24) stall(slow[i / 4]!);
      driver.redis.xadd("car", "7", bulk(i, 253 * KiB));
      await driver.run(100);
    }
    write();
    await driver.run(500);
    expect(slow.map(({ closed }) => closed)).toEqual([TOO_SLOW, null, null, null, null, null]);
    expect(quick.numbers(5)).toEqual([...upTo(32), 0]);
  });

  test.each([
    [40, null],
    [60, TOO_SLOW],
  ])(
    "a socket that does not tell is judged by the pace of a good line: 100 KB at %i a second",
    async (perSecond, closed) => {
      const { driver, sockets } = await live(2, { viewerQueueBytes: MiB });
      const [silent, telling] = sockets as [FakeSocket, FakeSocket];
      silent.buffered = null;
      for (const socket of sockets) driver.subscribe(socket, { channelIds: [6] });
      for (let i = 0; i < 100; i++) {
        driver.redis.xadd("car", "7", bulk(i, 100 * KiB));
        await driver.run(1_000 / perSecond);
      }
      await driver.run(2_000);
      expect(silent.closed).toEqual(closed);
      for (const socket of closed ? [telling] : sockets) expect(socket.numbers(5)).toEqual(upTo(100));
    },
  );

  test("history that many wait for is no reason to close any of them", async () => {
    const driver = new SessionDriver();
    driver.open();
    driver.travelMs = () => 2;
    for (let i = 0; i < 60; i++) driver.redis.xadd("car", "7", bulk(i, 60 * KiB));
    // Each takes 2 MiB a second.
    const sockets = Array.from({ length: 200 }, () => driver.connect());
    const got = new Map<FakeSocket, number>();
    for (const socket of sockets) {
      let drainedMs = driver.nowMs;
      let waiting = 0;
      const drain = (): void => {
        waiting = Math.max(0, waiting - (driver.nowMs - drainedMs) * 2 * KiB);
        drainedMs = driver.nowMs;
      };
      socket.bufferedBytes = () => {
        drain();
        return waiting;
      };
      socket.send = (message) => {
        drain();
        waiting += message.byteLength;
        if (message.byteLength > 1_000) got.set(socket, (got.get(socket) ?? 0) + message.byteLength);
      };
      driver.subscribe(socket, { channelIds: [6] });
    }
    await driver.run(10_000);
    expect(sockets.filter(({ closed }) => closed)).toEqual([]);
    expect(new Set(got.values()).size).toBe(1);
    expect(got.get(sockets[0]!)).toBeGreaterThan(60 * 60 * KiB);
  });
});

describe("floods", () => {
  test("joins beyond a crowd are turned away with 1013, and later ones let in", async () => {
    const { driver, write, sockets } = await live(1);
    const crowd = Array.from({ length: 5_100 }, () => driver.connect());
    await driver.run(100);
    const closed = crowd.filter((socket) => socket.closed);
    expect(closed.length).toBeGreaterThan(90);
    expect(closed.length).toBeLessThanOrEqual(100 + 1);
    for (const socket of closed) {
      expect(socket.closed).toEqual({ code: 1013, reason: "too many viewers" });
      expect(socket.messages).toEqual([]);
    }
    await driver.run(1_000);
    const later = driver.connect();
    write();
    await driver.run(500);
    expect(later.messages).toHaveLength(1);
    expect(sockets[0]!.numbers(5)).toEqual([0]);
  });

  test("requests beyond what a page needs close with 1008, and no other viewer notices", async () => {
    const { driver, write, sockets } = await live(2);
    const [calm, flooding] = sockets as [FakeSocket, FakeSocket];
    let sent = 0;
    while (!flooding.closed && sent < 1_000) {
      driver.send(flooding, new Uint8Array([0x12, 0x00]));
      sent++;
    }
    expect(flooding.closed).toEqual(TOO_MANY_REQUESTS);
    expect(sent).toBeLessThanOrEqual(202);
    write();
    await driver.run(500);
    expect(calm.numbers(5)).toEqual([0]);
    expect(calm.closed).toBeNull();
  });

  test("a page that asks 15 times a second for long is served", async () => {
    const { driver, sockets } = await live(1);
    for (let i = 0; i < 900; i++) {
      driver.subscribe(sockets[0]!, { channelIds: [i % 300] });
      await driver.run(67);
    }
    expect(sockets[0]!.closed).toBeNull();
  });

  test("a viewer that takes no history may ask for 64 pieces of it, then is closed with 1008", async () => {
    const { driver } = withPast(100);
    const viewer = await subscribed(driver, []);
    await driver.run(500);
    viewer.buffered = MiB;
    for (let i = 1; i <= 64; i++) {
      driver.subscribe(viewer, { channelIds: [10 * i] });
      await driver.run(100);
    }
    expect(viewer.closed).toBeNull();
    driver.hibernate();
    driver.subscribe(viewer, { channelIds: [5] });
    expect(viewer.closed).toEqual(TOO_MANY_REQUESTS);
    await driver.run(1_000);
    expect([...driver.stored.keys()]).toEqual([]);
  });
});

describe("exceptions", () => {
  test.each(["send", "keep"] as const)(
    "a socket that cannot %s is closed, also amid its history, and harms nobody else",
    async (name) => {
      for (const afterMs of [0, 100, 200, 300, 5_000]) {
        const { driver, write } = withPast(1_000);
        driver.travelMs = () => 20;
        const broken = await subscribed(driver);
        const viewers = [await subscribed(driver), await subscribed(driver)];
        await driver.run(afterMs);
        broken[name] = () => {
          throw new TypeError("gone");
        };
        write();
        await driver.run(3_000);
        expect(broken.closed, `after ${afterMs} ms`).toEqual({ code: 1011, reason: "internal error" });
        for (const viewer of viewers) {
          expect(sorted(viewer.numbers(5)), `after ${afterMs} ms`).toEqual(upTo(1_001));
        }
        expect(driver.logged).toEqual([]);
      }
    },
  );
});
