import { describe, expect, test } from "vitest";
import { sessionJsonItem } from "../../../src/producer/items.ts";
import { data } from "../../fakes/bursts.ts";
import type { Fault } from "../../fakes/fake-redis.ts";
import { commands, sorted, subscribed, upTo, withPast } from "../../fakes/past-session.ts";
import type { FakeSocket, SessionDriver } from "../../fakes/session-driver.ts";

const MiB = 1024 * 1024;

const failing: Fault = () => new Response("oops", { status: 500 });
/** Only history cannot be read. */
const failingRanges: Fault = ({ body }) =>
  (body as unknown[]).flat().includes("XRANGE") ? new Response("oops", { status: 500 }) : undefined;

describe("viewers side by side", () => {
  test("200 that join within a second share their scans", async () => {
    const reads = async (viewers: number, travelMs: number): Promise<number> => {
      const { driver } = withPast(600);
      driver.travelMs = () => travelMs;
      const sockets: FakeSocket[] = [];
      for (let i = 0; i < viewers; i++) {
        sockets.push(await subscribed(driver));
        await driver.run(5);
      }
      await driver.run(5_000);
      for (const socket of sockets) expect(socket.numbers(5)).toEqual(upTo(600));
      return commands(driver, "XRANGE");
    };
    for (const travelMs of [0, 1, 5, 30]) {
      expect(await reads(200, travelMs)).toBeLessThanOrEqual((await reads(1, travelMs)) + 1);
    }
  });

  test("who is slow waits for its history, the others do not", async () => {
    const { driver, write } = withPast(300);
    const slow = [await subscribed(driver), await subscribed(driver)];
    for (const socket of slow) socket.buffered = 5 * MiB;
    const quick = await subscribed(driver);
    await driver.run(2_000);
    expect(quick.numbers(5)).toEqual(upTo(300));
    write();
    await driver.run(1_000);
    for (const socket of slow) {
      expect(socket.numbers(5)).toEqual([300]);
      socket.buffered = 0;
    }
    await driver.run(2_000);
    for (const socket of slow) expect(sorted(socket.numbers(5))).toEqual(upTo(301));
  });

  test("who becomes slow amid its history goes on where it was", async () => {
    const { driver } = withPast(3_000);
    driver.travelMs = () => 20;
    const [slow, quick] = [await subscribed(driver), await subscribed(driver)];
    await driver.run(250);
    slow.buffered = 1 * MiB;
    await driver.run(3_000);
    const had = slow.numbers(5);
    expect(had.length).toBeGreaterThan(10);
    expect(had).toEqual(upTo(had.length));
    expect(quick.numbers(5)).toEqual(upTo(3_000));
    slow.buffered = 0;
    await driver.run(3_000);
    expect(slow.numbers(5)).toEqual(upTo(3_000));
  });

  test("who leaves amid its history costs nothing more", async () => {
    const { driver } = withPast(3_000);
    driver.travelMs = () => 20;
    const viewer = await subscribed(driver);
    await driver.run(250);
    driver.disconnect(viewer);
    await driver.run(100);
    const before = commands(driver, "XRANGE");
    await driver.run(10_000);
    expect(commands(driver, "XRANGE")).toBe(before);
    expect(driver.stored.size).toBe(0);
    expect(driver.session.backfill.nextWake()).toEqual({ kind: "never" });
  });
});

describe("[X-03] the history of a closed session", () => {
  const json = `{"identity":"s1","state":"closed"}`;

  test("comes whole before viewers are let go, however slow they are", async () => {
    const { driver } = withPast(300);
    driver.open(json);
    const viewer = await subscribed(driver);
    viewer.buffered = 1 * MiB;
    await driver.run(90_000);
    expect(viewer.closed).toBeNull();
    viewer.buffered = 0;
    await driver.run(9_000);
    expect(viewer.numbers(5)).toEqual(upTo(300));
    expect(viewer.closed).toBeNull();
    await driver.run(3_000);
    expect(viewer.closed).toEqual({ code: 1000, reason: "session ended" });
  });

  test("comes also to who asks while the session lingers", async () => {
    const { driver } = withPast(300);
    const viewer = await subscribed(driver, [6]);
    await driver.run(1_000);
    driver.redis.xadd("car", "7", data(sessionJsonItem(json)));
    driver.open(json);
    await driver.run(9_500);
    driver.subscribe(viewer, { channelIds: [5] });
    await driver.run(1_000);
    expect(viewer.numbers(5)).toEqual(upTo(300));
    driver.hibernate();
    await driver.run(20_000);
    expect(viewer.closed?.reason).toBe("session ended");
  });
});

describe("[X-06] history while the gateway fails", () => {
  /** Asks for a long history, and meets the fault amid it. */
  async function interrupted(
    fault: Fault,
  ): Promise<{ driver: SessionDriver; viewer: FakeSocket; write(): void }> {
    const { driver, write } = withPast(3_000);
    driver.travelMs = () => 20;
    const viewer = await subscribed(driver);
    await driver.run(250);
    driver.redis.fault = fault;
    return { driver, viewer, write };
  }

  test.each([
    ["all requests fail", failing, ["data-source-failed", "backfill-failed"]],
    ["only its own fail", failingRanges, ["backfill-failed"]],
  ] as const)("%s for 40 s: it goes on where it was", async (_, fault, logged) => {
    const { driver, viewer, write } = await interrupted(fault);
    const had = viewer.numbers(5);
    write();
    await driver.run(40_000);
    const live = fault === failing ? [] : [3_000];
    expect(viewer.numbers(5)).toEqual([...had, ...live]);
    driver.redis.fault = undefined;
    await driver.run(20_000);
    expect(viewer.closed).toBeNull();
    expect(sorted(viewer.numbers(5))).toEqual(upTo(3_001));
    expect(driver.logged.filter((event) => event !== "data-source-back").toSorted()).toEqual(
      logged.toSorted(),
    );
  });

  test("after 60 s its viewers are closed with 1011, and no others", async () => {
    const { driver, viewer } = await interrupted(failingRanges);
    const other = await subscribed(driver, []);
    await driver.run(75_000);
    expect(viewer.closed).toEqual({ code: 1011, reason: "data source unreachable" });
    expect(other.closed).toBeNull();
  });

  test("requests back off", async () => {
    const { driver } = await interrupted(failingRanges);
    await driver.run(10_000);
    let asked = 0;
    driver.redis.fault = (request) => {
      const answer = failingRanges(request);
      if (answer) asked++;
      return answer;
    };
    await driver.run(40_000);
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThanOrEqual(17);
  });

  test("nothing is asked, and nothing spins, while nobody could take it", async () => {
    const { driver, viewer } = await interrupted(failing);
    await driver.run(1_000);
    driver.redis.fault = undefined;
    viewer.buffered = 1 * MiB;
    await driver.run(10_000);
    let wakes = 0;
    const { backfill } = driver.session;
    const step = backfill.step.bind(backfill);
    backfill.step = () => {
      wakes++;
      return step();
    };
    await driver.run(10_000);
    expect(wakes).toBeLessThanOrEqual(10_000 / 25);
    driver.redis.fault = failingRanges;
    viewer.buffered = 0;
    await driver.run(50_000);
    expect(viewer.closed).toBeNull();
    driver.redis.fault = undefined;
    await driver.run(10_000);
    expect(viewer.numbers(5)).toEqual(upTo(3_000));
  });
});
