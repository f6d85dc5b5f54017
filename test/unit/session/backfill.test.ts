import { describe, expect, test } from "vitest";
import { eventItem, rowItem, sessionJsonItem, timeRangeItem } from "../../../src/producer/items.ts";
import { data, numbered, T0_NS } from "../../fakes/bursts.ts";
import { commands, sorted, subscribed, upTo, withPast } from "../../fakes/past-session.ts";
import { type FakeSocket, SessionDriver } from "../../fakes/session-driver.ts";

describe("what comes", () => {
  test("[B-01] a subscription brings what is buffered, oldest first, then what is live", async () => {
    const { driver, write } = withPast(600);
    const viewer = driver.connect();
    await driver.run(1_000);
    driver.subscribe(viewer, { channelIds: [5] });
    await driver.run(1_000);
    expect(viewer.numbers(5)).toEqual(upTo(600));
    write();
    await driver.run(1_000);
    expect(viewer.numbers(5)).toEqual(upTo(601));
  });

  test("[B-01] [S-01] so does one that was sent before the first message", async () => {
    const { driver } = withPast(50);
    const viewer = driver.connect();
    driver.subscribe(viewer, { channelIds: [5] });
    await driver.run(1_000);
    expect(viewer.items(0)).toEqual([{ sessionJson: expect.any(String) }]);
    expect(viewer.numbers(5)).toEqual(upTo(50));
  });

  test("[B-02] live data does not wait for history", async () => {
    const { driver, write } = withPast(3_000);
    driver.travelMs = () => 20;
    const viewer = driver.connect();
    await driver.run(1_000);
    driver.subscribe(viewer, { channelIds: [5] });
    await driver.run(50);
    write();
    await driver.run(200);
    const soon = viewer.numbers(5);
    expect(soon).toContain(3_000);
    expect(soon.length).toBeLessThan(1_000);
    await driver.run(5_000);
    expect(sorted(viewer.numbers(5))).toEqual(upTo(3_001));
    expect(commands(driver, "XRANGE")).toBeGreaterThan(8);
  });

  test.each([
    [0, 0],
    [10_000, 499],
    [300_000, 0],
  ])("[B-04] a depth of %i ms begins with sample %i of a minute", async (backScanMs, first) => {
    const { driver } = withPast(600, { backScanMs });
    const viewer = await subscribed(driver);
    await driver.run(1_000);
    expect(viewer.numbers(5)).toEqual(upTo(600).slice(first));
  });

  test.each(["its first entry", "the entry before"])(
    "[B-05] the position names %s: nothing of the same id from before it is sent",
    async (named) => {
      const driver = new SessionDriver();
      driver.redis.xadd("car", "7", data(numbered(5, 1)));
      const before = driver.redis.xadd("car", "6", data(numbered(5, 2)));
      const first = driver.redis.xadd("car", "7", data(numbered(5, 3)));
      driver.redis.xadd("car", "8", data(numbered(5, 4)));
      driver.redis.xadd("car", "07", data(numbered(5, 5)));
      driver.open(undefined, { streamPosition: named === "its first entry" ? first : before });
      const viewer = await subscribed(driver);
      await driver.run(1_000);
      expect(viewer.numbers(5)).toEqual([3, 5]);
    },
  );

  test("[B-07] of a trimmed stream, what is left comes", async () => {
    const { driver, write } = withPast(600);
    driver.redis.xtrim("car", 100);
    const viewer = await subscribed(driver);
    write();
    await driver.run(1_000);
    expect(sorted(viewer.numbers(5))).toEqual(upTo(601).slice(500));
    expect(driver.logged).toEqual([]);
  });

  test("[B-08] old metadata does not come again, and an entry that is no burst is skipped", async () => {
    const driver = new SessionDriver();
    const json = (version: number): string => `{"identity":"s1","state":"open","version":${version}}`;
    for (let version = 1; version <= 5; version++) {
      const range = timeRangeItem(T0_NS, T0_NS + BigInt(version));
      driver.redis.xadd("car", "7", data(sessionJsonItem(json(version)), range, numbered(5, version)));
      driver.redis.xadd("car", "7", new Uint8Array([0xde, 0xad]));
    }
    driver.open(json(5), { tStart: String(T0_NS), tEnd: String(T0_NS + 5n) });
    const viewer = await subscribed(driver);
    await driver.run(1_000);
    const kinds = viewer.items().map((item) => Object.keys(item)[0]);
    expect(kinds).toEqual(["sessionJson", "timeRange", ...upTo(5).map(() => "periodicData")]);
    expect(viewer.items(0)).toEqual([{ sessionJson: json(5) }]);
    expect(driver.counters.get("entries_rejected_total")).toBeUndefined();
  });
});

describe("[B-03] once each", () => {
  /** Everything that the session does at one moment or the other falls into this time. */
  const MOMENTS_MS = Array.from({ length: 70 }, (_, i) => 5 * i);

  test.each([
    [
      "a subscription",
      (driver: SessionDriver, viewer: FakeSocket) => driver.subscribe(viewer, { channelIds: [5] }),
    ],
    [
      "a subscription and an eviction",
      (driver: SessionDriver, viewer: FakeSocket) => {
        driver.subscribe(viewer, { channelIds: [5] });
        driver.hibernate();
      },
    ],
  ])("%s at any moment", async (_, act) => {
    for (const momentMs of MOMENTS_MS) {
      const { driver, write } = withPast(30);
      driver.travelMs = () => 7;
      const viewer = driver.connect();
      for (let ms = 0; ms < 600; ms += 15) {
        if (ms === Math.floor(momentMs / 15) * 15) {
          await driver.run(momentMs % 15);
          act(driver, viewer);
          await driver.run(15 - (momentMs % 15));
        } else await driver.run(15);
        write();
      }
      await driver.run(2_000);
      expect(sorted(viewer.numbers(5)), `at ${momentMs} ms`).toEqual(upTo(70));
    }
  });

  test("evictions while history flows", async () => {
    for (const everyMs of [40, 55, 90, 130]) {
      const { driver, write } = withPast(300);
      driver.travelMs = () => 12;
      const viewers = [await subscribed(driver), await subscribed(driver, [5, 6])];
      for (let i = 0; i < 40; i++) {
        await driver.run(everyMs);
        driver.hibernate();
        write();
      }
      await driver.run(3_000);
      for (const viewer of viewers) {
        expect(sorted(viewer.numbers(5)), `every ${everyMs} ms`).toEqual(upTo(340));
      }
    }
  });

  test("requests while the history of others flows, and of earlier ones", async () => {
    for (const everyMs of [0, 9, 26, 70]) {
      const { driver, write } = withPast(200);
      driver.travelMs = () => 12;
      const viewers = [await subscribed(driver, [6]), await subscribed(driver)];
      const [late] = viewers as [FakeSocket];
      for (const channelIds of [[1], [5, 9], [2], [3, 5]]) {
        driver.subscribe(late, { channelIds });
        await driver.run(everyMs);
        write();
      }
      driver.subscribe(late, { allDataChannels: true });
      await driver.run(3_000);
      for (const viewer of viewers) {
        expect(sorted(viewer.numbers(5)), `every ${everyMs} ms`).toEqual(upTo(204));
      }
    }
  });

  test("the other sockets keep the position when one leaves before an eviction", async () => {
    const { driver, write } = withPast(10);
    const [first, second] = [await subscribed(driver), await subscribed(driver)];
    await driver.run(1_000);
    write();
    await driver.run(500);
    driver.disconnect(first);
    driver.hibernate();
    await driver.run(1_000);
    expect(second.numbers(5)).toEqual(upTo(11));
  });
});

describe("[B-06] widening", () => {
  const row = (number: number, ...channels: number[]): Uint8Array => {
    const buffer = new Uint8Array(new Float64Array(channels.length).fill(number).buffer);
    return rowItem({ channels, timestampNs: T0_NS, buffer });
  };
  const event = (definition: number): Uint8Array => eventItem({ definition, app: "car", timestampNs: T0_NS });

  /** One of each in every entry: channels 3 and 7, rows of 3 with 7, of 7 with 9 and of 9, an event. */
  const write = (driver: SessionDriver, count: number): void => {
    for (let i = 0; i < count; i++) {
      const items = [numbered(3, i), numbered(7, i), row(1, 3, 7), row(2, 7, 9), row(3, 9), event(4)];
      driver.redis.xadd("car", "7", data(...items));
      driver.nowMs += 50;
    }
  };

  /** How often each came, in the order of the items. */
  const counts = (viewer: FakeSocket): number[] => {
    const items = viewer.items();
    const rows = items.flatMap(({ rowData }) =>
      rowData ? [Buffer.from(rowData.buffer!).readDoubleLE()] : [],
    );
    return [
      viewer.numbers(3).length,
      viewer.numbers(7).length,
      ...[1, 2, 3].map((number) => rows.filter((each) => each === number).length),
      items.filter((item) => item.event).length,
    ];
  };

  const STEPS = [
    [{ channelIds: [3] }, [20, 0, 20, 0, 0, 0]],
    [{ channelIds: [7] }, [20, 20, 20, 20, 0, 0]],
    [{ allEvents: true }, [20, 20, 20, 20, 0, 20]],
    [{ channelIds: [3, 7], allEvents: true }, [20, 20, 20, 20, 0, 20]],
    [{ allDataChannels: true }, [20, 20, 20, 20, 20, 20]],
  ] as const;

  test.each([0, 10, 1_000])("brings only what it adds, %i ms after the one before", async (pauseMs) => {
    const driver = new SessionDriver();
    driver.travelMs = () => 4;
    driver.open();
    write(driver, 20);
    const viewer = driver.connect();
    await driver.run(100);
    for (const [request, expected] of STEPS) {
      driver.subscribe(viewer, request);
      await driver.run(pauseMs);
      if (pauseMs === 1_000) expect(counts(viewer)).toEqual(expected);
    }
    await driver.run(1_000);
    expect(counts(viewer)).toEqual(STEPS.at(-1)![1]);
  });

  test("a subscription to what is there already reads nothing", async () => {
    const { driver } = withPast(20);
    const viewer = await subscribed(driver);
    await driver.run(1_000);
    const before = commands(driver, "XRANGE");
    driver.subscribe(viewer, { channelIds: [5] });
    await driver.run(1_000);
    expect(commands(driver, "XRANGE")).toBe(before);
  });
});
