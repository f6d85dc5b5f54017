import { expect, test } from "vitest";
import { eventItem, rowItem, timeRangeItem } from "../../../src/producer/items.ts";
import { data, numbered, T0_NS } from "../../fakes/bursts.ts";
import { type FakeSocket, SessionDriver } from "../../fakes/session-driver.ts";

const event = (definition: number): Uint8Array =>
  eventItem({ definition, app: "car", timestampNs: T0_NS, text: `event ${definition}` });

const row = (...channels: number[]): Uint8Array =>
  rowItem({ channels, timestampNs: T0_NS, buffer: new Uint8Array(8 * channels.length) });

/** What a viewer got, one letter for each kind: p3 is channel 3, r a row, e an event, t a time range. */
function seen(viewer: FakeSocket): string[] {
  return viewer.items().flatMap((item) => {
    if (item.periodicData) return `p${item.periodicData.channelId}`;
    if (item.rowData) return "r";
    if (item.event) return "e";
    return item.timeRange ? "t" : [];
  });
}

async function connected(count: number): Promise<{ driver: SessionDriver; viewers: FakeSocket[] }> {
  const driver = new SessionDriver();
  driver.open();
  const viewers = Array.from({ length: count }, () => driver.connect());
  await driver.run(500);
  return { driver, viewers };
}

test("[S-02] [D-03] [D-04] [S-05] [C-07] each viewer gets what it subscribed to and nothing else", async () => {
  const { driver, viewers } = await connected(5);
  const [nothing, some, inRow, channels, events] = viewers as [FakeSocket, ...FakeSocket[]];
  driver.subscribe(some!, { channelIds: [3, 7] });
  driver.subscribe(inRow!, { channelIds: [21] });
  driver.subscribe(channels!, { allDataChannels: true });
  driver.subscribe(events!, { allEvents: true });
  driver.redis.xadd(
    "car",
    "7",
    data(
      numbered(3, 1),
      numbered(4, 1),
      event(1),
      row(20, 21),
      row(22),
      timeRangeItem(1n, 2n),
      numbered(7, 1),
    ),
  );
  await driver.run(500);
  expect(seen(nothing)).toEqual(["t"]);
  expect(seen(some!)).toEqual(["p3", "t", "p7"]);
  expect(seen(inRow!)).toEqual(["r", "t"]);
  expect(seen(channels!)).toEqual(["p3", "p4", "r", "r", "t", "p7"]);
  expect(seen(events!)).toEqual(["e", "t"]);
});

test("[S-03] [S-04] [S-01] requests widen and nothing narrows", async () => {
  const { driver, viewers } = await connected(1);
  const [viewer] = viewers as [FakeSocket];
  const burst = data(numbered(3, 1), numbered(7, 1), event(1));
  const next = async (): Promise<string[]> => {
    const before = seen(viewer).length;
    driver.redis.xadd("car", "7", burst);
    await driver.run(500);
    return seen(viewer).slice(before);
  };
  expect(await next()).toEqual([]);
  // Each widening also brings the history of what it adds.
  driver.subscribe(viewer, { channelIds: [3] });
  expect(await next()).toEqual(["p3", "p3"]);
  driver.subscribe(viewer, { channelIds: [7] });
  expect(await next()).toEqual(["p7", "p7", "p3", "p7"]);
  driver.subscribe(viewer, { channelIds: [3] });
  expect(await next()).toEqual(["p3", "p7"]);
  driver.send(viewer, new Uint8Array(0));
  driver.send(viewer, new Uint8Array([0x12, 0x00]));
  driver.subscribe(viewer, { allEvents: true });
  expect(await next()).toEqual(["e", "e", "e", "e", "p3", "p7", "e"]);
});

test("[S-09] a new connection begins without a subscription", async () => {
  const { driver, viewers } = await connected(1);
  driver.subscribe(viewers[0]!, { allDataChannels: true, allEvents: true });
  driver.disconnect(viewers[0]!);
  const again = driver.connect();
  await driver.run(500);
  driver.redis.xadd("car", "7", data(numbered(3, 1), event(1), timeRangeItem(1n, 2n)));
  await driver.run(500);
  expect(seen(again)).toEqual(["t"]);
});

test("[S-01] a subscription sent before the first message counts", async () => {
  const driver = new SessionDriver();
  driver.open();
  const viewer = driver.connect();
  driver.subscribe(viewer, { channelIds: [0] });
  await driver.run(500);
  driver.redis.xadd("car", "7", data(numbered(0, 1)));
  await driver.run(500);
  expect(seen(viewer)).toEqual(["p0"]);
});

test("[S-07] text closes with 1003, garbage with 1007, an unknown option is ignored", async () => {
  const { driver, viewers } = await connected(3);
  const [text, garbage, future] = viewers as [FakeSocket, FakeSocket, FakeSocket];
  driver.send(text, "hi");
  driver.send(garbage, new Uint8Array([0xff, 0xff, 0xff]));
  driver.send(future, new Uint8Array([0x4a, 0x01, 0x00]));
  expect(text.closed?.code).toBe(1003);
  expect(garbage.closed?.code).toBe(1007);
  expect(future.closed).toBeNull();
});

test("[S-08] a message over 1 MiB, and more scattered channels than are held, close with 1009", async () => {
  const { driver, viewers } = await connected(3);
  const [big, scattered, other] = viewers as [FakeSocket, FakeSocket, FakeSocket];
  driver.send(big, new Uint8Array(1024 * 1024 + 1));
  const odd = Array.from({ length: 140_000 }, (_, i) => 2 * i);
  driver.subscribe(scattered, { channelIds: odd });
  expect(big.closed?.code).toBe(1009);
  expect(scattered.closed?.code).toBe(1009);
  expect(other.closed).toBeNull();
});

test("[D-02] entries of other sessions in the stream are skipped", async () => {
  const { driver, viewers } = await connected(1);
  driver.subscribe(viewers[0]!, { allDataChannels: true });
  driver.redis.xadd("car", "8", data(numbered(1, 1)));
  driver.redis.xadd("car", "07", data(numbered(2, 1)));
  driver.redis.xadd("car", "77", data(numbered(3, 1)));
  await driver.run(500);
  expect(seen(viewers[0]!)).toEqual(["p2"]);
});

test("[D-05] [D-06] numbered samples arrive once each, in the order of the stream", async () => {
  const { driver, viewers } = await connected(2);
  for (const viewer of viewers) driver.subscribe(viewer, { channelIds: [5] });
  const numbers = Array.from({ length: 600 }, (_, i) => (i % 10 === 9 ? i - 5 : i));
  for (const number of numbers) {
    driver.redis.xadd("car", "7", data(numbered(5, number), numbered(6, number)));
    await driver.run(number % 7 === 0 ? 3 : 100);
  }
  await driver.run(5_000);
  for (const viewer of viewers) {
    const got = viewer
      .items()
      .flatMap(({ periodicData: run }) => (run ? [Buffer.from(run.buffer!).readDoubleLE()] : []));
    expect(got).toEqual(numbers);
  }
});

test("[D-10] what is no burst is skipped and counted, and the next one arrives", async () => {
  const { driver, viewers } = await connected(1);
  driver.subscribe(viewers[0]!, { channelIds: [5] });
  const good = data(numbered(5, 1));
  driver.redis.xadd("car", "7", good.slice(0, -3));
  driver.redis.xadd("car", "7", new Uint8Array([0xde, 0xad, 0xbe, 0xef]));
  driver.redis.xadd("car", "7", new Uint8Array(0));
  driver.redis.xaddFields("car", [["id", "7"]]);
  driver.redis.xaddFields("car", [["unrelated", "x"]]);
  driver.redis.xaddFields("car", [
    ["note", "extra"],
    ["data", good],
    ["id", "7"],
  ]);
  await driver.run(500);
  expect(seen(viewers[0]!)).toEqual(["p5"]);
  expect(driver.counters.get("entries_rejected_total")).toBe(4);
  expect(viewers[0]!.closed).toBeNull();
});

test("[D-11] equal events at one instant all arrive", async () => {
  const { driver, viewers } = await connected(1);
  driver.subscribe(viewers[0]!, { allEvents: true });
  driver.redis.xadd("car", "7", data(event(1), event(1)));
  await driver.run(500);
  expect(seen(viewers[0]!)).toEqual(["e", "e"]);
});

test("a group that wants an entry whole gets it as it came", async () => {
  const { driver, viewers } = await connected(2);
  driver.subscribe(viewers[0]!, { allDataChannels: true, allEvents: true });
  driver.subscribe(viewers[1]!, { channelIds: [1] });
  const whole = data(numbered(1, 1), numbered(2, 1), event(1));
  driver.redis.xadd("car", "7", whole);
  await driver.run(500);
  expect(viewers[0]!.messages.at(-1)).toEqual(whole);
  expect(viewers[1]!.messages.at(-1)).not.toEqual(whole);
});

test("a viewer whose socket fails harms nobody else", async () => {
  const { driver, viewers } = await connected(3);
  for (const viewer of viewers) driver.subscribe(viewer, { channelIds: [5] });
  viewers[1]!.send = () => {
    throw new TypeError("gone");
  };
  driver.redis.xadd("car", "7", data(numbered(5, 1)));
  await driver.run(500);
  expect(seen(viewers[0]!)).toEqual(["p5"]);
  expect(seen(viewers[2]!)).toEqual(["p5"]);
  expect(driver.session.viewerCount).toBe(2);
});
