import { describe, expect, test } from "vitest";
import { eventItem, periodicItem, sessionJsonItem, timeRangeItem } from "../../../src/producer/items.ts";
import { Outbox } from "../../../src/session/outbox.ts";
import { data, numbered, T0_NS } from "../../fakes/bursts.ts";
import { limitLine } from "../../fakes/line.ts";
import { upTo } from "../../fakes/past-session.ts";
import { type FakeSocket, SessionDriver } from "../../fakes/session-driver.ts";
import { Random } from "../../fuzz/random.ts";

const KIB = 1024;
const NOISE = new Random(1).bytes(60 * KIB);

const message = (number: number): Uint8Array => Uint8Array.of(number);

describe("an outbox", () => {
  const order = (...added: readonly (readonly [number, "urgent" | "bulk" | "mixed"])[]): number[] => {
    const outbox = new Outbox();
    for (const [number, kind] of added) outbox.add(message(number), kind);
    expect(outbox.bytes).toBe(added.length);
    const taken: number[] = [];
    for (let next = outbox.take(); next; next = outbox.take()) taken.push(next[0]!);
    expect(outbox.isEmpty).toBe(true);
    return taken;
  };

  test("gives out what is urgent before what is not, each in order", () => {
    expect(order([1, "bulk"], [2, "urgent"], [3, "bulk"], [4, "urgent"])).toEqual([2, 4, 1, 3]);
  });

  test("lets nothing overtake a message that holds both, nor that one anything", () => {
    expect(order([1, "mixed"], [2, "bulk"], [3, "urgent"])).toEqual([1, 3, 2]);
    expect(order([1, "bulk"], [2, "urgent"], [3, "mixed"], [4, "urgent"])).toEqual([2, 1, 3, 4]);
  });

  test("keeps the messages themselves, not copies", () => {
    const outbox = new Outbox();
    const shared = message(1);
    outbox.add(shared, "bulk");
    expect(outbox.take()).toBe(shared);
  });
});

/** Two viewers of the same, the first on a line of `bytesPerSecond`, and a producer of 600 KB a second. */
async function heldUp(bytesPerSecond: number) {
  const driver = new SessionDriver();
  driver.open();
  const [slow, quick] = [driver.connect(), driver.connect()];
  limitLine(driver, slow, bytesPerSecond);
  for (const socket of [slow, quick]) driver.subscribe(socket, { allDataChannels: true, allEvents: true });
  await driver.run(500);
  let written = 0;
  const produce = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const bulk = periodicItem({ channel: 6, startNs: T0_NS, intervalNs: 1n, samples: NOISE });
      const event = eventItem({ definition: written, app: "car", timestampNs: T0_NS });
      const range = timeRangeItem(T0_NS, T0_NS + BigInt(written));
      driver.redis.xadd("car", "7", data(numbered(5, written++), bulk, event, range));
      await driver.run(100);
    }
  };
  return { driver, slow, quick, produce, written: () => written };
}

const events = (socket: FakeSocket): number[] =>
  socket.items().flatMap(({ event }) => (event ? [event.eventDefinitionId ?? 0] : []));
const texts = (socket: FakeSocket): string[] =>
  socket.items().flatMap(({ sessionJson }) => sessionJson ?? []);
const lastRange = (socket: FakeSocket): bigint =>
  socket
    .items()
    .reduce((end, { timeRange }) => (timeRange ? BigInt(String(timeRange.endTime ?? 0)) : end), 0n);

describe("[D-12] a viewer whose line is too slow for live data", () => {
  test("has Session JSON, events and time ranges as soon as 256 KiB have left its socket, samples later", async () => {
    const { driver, slow, quick, produce, written } = await heldUp(150 * KIB);
    await produce(60);
    const json = `{"identity":"s1","state":"open","version":2}`;
    driver.redis.xadd("car", "7", data(sessionJsonItem(json)));
    await driver.run((1_000 * (256 + 64)) / 150);
    expect(texts(slow).at(-1)).toBe(json);
    expect(events(slow)).toEqual(upTo(written()));
    expect(lastRange(slow)).toBe(lastRange(quick));
    expect(slow.numbers(5).length).toBeLessThan(written() - 20);
    expect(quick.numbers(5)).toEqual(upTo(written()));
    await driver.run(30_000);
    for (const socket of [slow, quick]) {
      expect(socket.closed).toBeNull();
      expect(socket.numbers(5)).toEqual(upTo(written()));
      expect(events(socket)).toEqual(upTo(written()));
      expect(texts(socket)).toHaveLength(2);
    }
  });

  test("has a socket that never holds more than 256 KiB and a message", async () => {
    const { slow, produce } = await heldUp(0);
    let most = 0;
    const send = slow.send.bind(slow);
    slow.send = (bytes) => {
      send(bytes);
      most = Math.max(most, slow.bufferedBytes()!);
    };
    await produce(60);
    expect(most).toBeGreaterThan(256 * KIB);
    expect(most).toBeLessThanOrEqual((256 + 64) * KIB);
  });

  test("has everything before it is closed in good order", async () => {
    const { driver, slow, produce, written } = await heldUp(150 * KIB);
    await produce(40);
    driver.redis.xadd("car", "7", data(sessionJsonItem(`{"identity":"s1","state":"closed"}`)));
    await driver.run(11_000);
    expect(slow.closed).toEqual({ code: 1000, reason: "session ended" });
    expect(slow.numbers(5)).toEqual(upTo(written()));
  });

  test("changes nothing for the messages of viewers who want something else", async () => {
    const messages = async (bytesPerSecond: number): Promise<Uint8Array[]> => {
      const { driver, produce } = await heldUp(bytesPerSecond);
      const other = driver.connect();
      driver.subscribe(other, { channelIds: [5], allEvents: true });
      await driver.run(100);
      await produce(20);
      return other.messages;
    };
    expect(await messages(0)).toEqual(await messages(100 * KIB * KIB));
  });
});

test("nobody is asked for room while nobody is held up, and more and more seldom while nothing moves", async () => {
  const { driver, slow, produce } = await heldUp(0);
  expect(driver.session.drainWake).toEqual({ kind: "never" });
  await produce(20);
  let asked = 0;
  const buffered = slow.bufferedBytes.bind(slow);
  slow.bufferedBytes = () => {
    asked++;
    return buffered();
  };
  await driver.run(60_000);
  expect(asked).toBeGreaterThan(30);
  expect(asked).toBeLessThan(400);
  driver.disconnect(slow);
  expect(driver.session.drainWake).toEqual({ kind: "never" });
});
