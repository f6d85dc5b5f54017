import { describe, expect, test } from "vitest";
import { periodicItem, sessionJsonItem } from "../../../src/producer/items.ts";
import { data, numbered } from "../../fakes/bursts.ts";
import { sorted, subscribed, upTo, withPast } from "../../fakes/past-session.ts";
import type { FakeSocket, SessionDriver } from "../../fakes/session-driver.ts";
import { Random } from "../../fuzz/random.ts";

const from = (first: number, end: number): number[] => upTo(end).slice(first);
const gaps = (driver: SessionDriver): number => driver.counters.get("trim_gaps_total") ?? 0;
const write = (driver: SessionDriver, number: number, id = "7", stream = "car"): string =>
  driver.redis.xadd(stream, id, data(numbered(5, number)));
const restart = (driver: SessionDriver, streamSessionId: string): void => {
  const streamPosition = driver.redis.streams.get("stream:car")!.at(-1)!.id;
  driver.open(undefined, { streamSessionId, streamPosition });
};

/** A viewer that has had 30 numbers, ten a second. */
async function following(): Promise<{ driver: SessionDriver; viewer: FakeSocket }> {
  const { driver, write: next } = withPast(0);
  const viewer = await subscribed(driver);
  for (let i = 0; i < 30; i++) {
    next();
    await driver.run(100);
  }
  return { driver, viewer };
}

/** Takes away the newest entries, and sets the clock of Redis back. */
function failOver(driver: SessionDriver, lost: number, backMs: number): void {
  driver.redis.failOver("car", lost);
  driver.redis.clockAheadMs -= backMs;
}

describe("[R-05] ids that go back and overtake what was read", () => {
  test.each([1, 90, 150, 400, 1_000, 2_900])(
    "after %i ms: all of the new life comes once",
    async (backMs) => {
      for (const lost of [1, 5, 20]) {
        const { driver, viewer } = await following();
        failOver(driver, lost, backMs + 100 * lost);
        for (let number = 1_000; number < 1_100; number++) {
          write(driver, number);
          await driver.run(100);
        }
        expect(viewer.numbers(5), `${lost} lost`).toEqual([...upTo(30), ...from(1_000, 1_100)]);
      }
    },
  );

  test("between two polls: the same", async () => {
    const { driver, viewer } = await following();
    const at = (ms: number): string => `${driver.nowMs + ms}-0`;
    driver.redis.del("car");
    for (const [i, ms] of [-5_000, -4_000, -1, 0, 1].entries()) {
      driver.redis.xadd("car", "7", data(numbered(5, 1_000 + i)), at(ms));
    }
    await driver.run(5_000);
    expect(viewer.numbers(5)).toEqual([...upTo(30), ...from(1_000, 1_005)]);
  });

  test("of entries too large to come along with each read: noticed within a quarter of a second", async () => {
    const { driver, viewer } = await following();
    const bulk = periodicItem({
      channel: 6,
      startNs: 0n,
      intervalNs: 1n,
      samples: new Random(1).bytes(90_000),
    });
    const writeLarge = async (first: number): Promise<void> => {
      for (let i = 0; i < 30; i++) {
        driver.redis.xadd("car", "7", data(numbered(5, first + i), bulk));
        await driver.run(100);
      }
    };
    await writeLarge(30);
    failOver(driver, 3, 900);
    await writeLarge(1_000);
    expect(viewer.numbers(5)).toEqual([...upTo(60), ...from(1_000, 1_030)]);
  });

  test.each([0, 2_000])("while the object is away, after %i ms more", async (afterMs) => {
    const { driver, viewer } = await following();
    await driver.run(afterMs);
    for (let number = 30; number < 35; number++) {
      write(driver, number);
      await driver.run(100);
    }
    driver.redis.failOver("car", 3);
    driver.redis.clockAheadMs = -500;
    write(driver, 1_000);
    driver.hibernate();
    for (let number = 1_001; number < 1_030; number++) {
      write(driver, number);
      await driver.run(100);
    }
    expect(viewer.numbers(5)).toEqual([...upTo(35), ...from(1_000, 1_030)]);
  });
});

describe("a subscription between a set-back and its discovery", () => {
  test.each([false, true])("gets nothing twice, in silence: %s", async (silent) => {
    const { driver, viewer } = await following();
    if (silent) await driver.run(60_000);
    failOver(driver, 5, silent ? 120_000 : 2_000);
    for (let number = 1_000; number < 1_005; number++) write(driver, number);
    driver.subscribe(viewer, { channelIds: [6], allEvents: true });
    const late = await subscribed(driver);
    await driver.run(30_000);
    expect(viewer.numbers(5)).toEqual([...upTo(30), ...from(1_000, 1_005)]);
    expect(sorted(late.numbers(5))).toEqual([...upTo(25), ...from(1_000, 1_005)]);
  });

  test("that has had history: a set-back amid it repeats none of it", async () => {
    const { driver, write: next } = withPast(3_000);
    driver.travelMs = () => 20;
    const viewer = await subscribed(driver);
    await driver.run(250);
    for (let i = 0; i < 20; i++) {
      next();
      await driver.run(50);
    }
    failOver(driver, 10, 1_500);
    for (let number = 5_000; number < 5_020; number++) {
      write(driver, number);
      await driver.run(20);
    }
    await driver.run(20_000);
    const got = viewer.numbers(5);
    expect(got.length).toBe(new Set(got).size);
    expect(sorted(got).filter((number) => number >= 5_000)).toEqual(from(5_000, 5_020));
  });
});

describe("a failover while a restarted producer is being caught up with", () => {
  test.each([0, 3, 12, 25])(
    "that loses the %i newest: all that the new life holds comes once",
    async (lost) => {
      const { driver, viewer } = await following();
      // Both producers write for a while before the new one is found in the entry.
      const streamPosition = driver.redis.streams.get("stream:car")!.at(-1)!.id;
      for (let i = 0; i < 40; i++) {
        write(driver, 100 + i, "8");
        write(driver, 30 + i);
      }
      await driver.run(200);
      driver.open(undefined, { streamSessionId: "8", streamPosition });
      await driver.run(4_800);
      if (lost > 0) failOver(driver, lost, 5_000 + 300);
      for (let number = 1_000; number < 1_010; number++) write(driver, number, "8");
      await driver.run(20_000);
      const got = viewer.numbers(5);
      expect(got.length).toBe(new Set(got).size);
      expect(got).toEqual(expect.arrayContaining([...upTo(30), ...from(1_000, 1_010)]));
    },
  );
});

describe("a producer that restarts again and again", () => {
  test("within 5 s: what each of them wrote comes once", async () => {
    const { driver, viewer } = await following();
    let number = 30;
    for (const id of ["8", "9", "10"]) {
      restart(driver, id);
      for (let i = 0; i < 10; i++) {
        write(driver, number++, id);
        await driver.run(100);
      }
    }
    await driver.run(6_000);
    expect(viewer.numbers(5)).toEqual(upTo(60));
  });
});

describe("a producer that restarts twice while nobody can look", () => {
  test.each(["the gateway is away", "the object is"])(
    "because %s: what each of them wrote comes once",
    async (away) => {
      const { driver, viewer } = await following();
      if (away === "the object is") await driver.run(30_000);
      else driver.redis.fault = () => new Response("", { status: 500 });
      let number = 30;
      for (const id of ["8", "9"]) {
        restart(driver, id);
        const json = sessionJsonItem(`{"identity":"s1","state":"open","by":${id}}`);
        driver.redis.xadd("car", id, data(json, numbered(5, number++)));
        for (let i = 0; i < 9; i++) write(driver, number++, id);
        // Somebody else's id is of no interest, whatever it announces.
        driver.redis.xadd("car", `7${id}`, data(sessionJsonItem(`{"identity":"s2"}`), numbered(5, -1)));
      }
      driver.open(`{"identity":"s1","state":"open","by":9}`, { streamSessionId: "9" });
      if (away === "the object is") driver.hibernate();
      driver.redis.fault = undefined;
      await driver.run(30_000);
      expect(sorted(viewer.numbers(5))).toEqual(upTo(50));
      const texts = viewer.items().flatMap(({ sessionJson }) => sessionJson ?? []);
      expect(JSON.parse(texts.at(-1)!)).toMatchObject({ by: 9 });
    },
  );
});

describe("[R-05] trimming past what was read", () => {
  const trimmed = async (away: (driver: SessionDriver) => Promise<void>): Promise<SessionDriver> => {
    const { driver } = await following();
    for (let number = 30; number < 40; number++) write(driver, number);
    driver.redis.xtrim("car", 3);
    await away(driver);
    write(driver, 40);
    await driver.run(1_000);
    return driver;
  };

  test("between two polls is counted at once", async () => {
    const driver = await trimmed(async () => {});
    expect(gaps(driver)).toBe(1);
  });

  test("while the object is away is counted when it is back", async () => {
    const driver = await trimmed(async (away) => void away.hibernate());
    expect(gaps(driver)).toBe(1);
  });
});

describe("an eviction", () => {
  test("with the viewer that keeps the position leaving meanwhile repeats nothing", async () => {
    const { driver, viewer: carrier } = await following();
    const other = await subscribed(driver);
    write(driver, 30);
    await driver.run(100);
    driver.hibernate(carrier);
    write(driver, 31);
    await driver.run(1_000);
    expect(sorted(other.numbers(5))).toEqual(upTo(32));
  });

  test("leaves an entry with an old Session JSON what it was: no news", async () => {
    const { driver, viewer } = await following();
    const json = (version: number): string => JSON.stringify({ identity: "s1", state: "open", version });
    for (const version of [2, 3]) {
      driver.redis.xadd("car", "7", data(sessionJsonItem(json(version))));
      await driver.run(1_500);
    }
    driver.hibernate();
    await driver.run(20_000);
    const late = driver.connect();
    await driver.run(100);
    const texts = (socket: FakeSocket) => socket.items().flatMap(({ sessionJson }) => sessionJson ?? []);
    expect(texts(viewer).slice(1)).toEqual([json(2), json(3)]);
    expect(texts(late)).toEqual([json(3)]);
  });
});
