import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Collector, type Figures } from "../../src/worker/metrics.ts";
import { numbered } from "../fakes/bursts.ts";
import { metricSamples } from "../fakes/metric-samples.ts";
import { TestSession } from "./redis.ts";
import { eventually, TestViewer } from "./viewer.ts";

async function scrape(): Promise<Readonly<Record<string, number>>> {
  const response = await exports.default.fetch("https://edge.test/metrics");
  expect(response.status).toBe(200);
  return metricSamples(await response.text());
}

test("[V-03] several sessions add up; through evictions counters never fall, and viewers return to none", async () => {
  const scrapes: Readonly<Record<string, number>>[] = [await scrape()];
  const before = scrapes[0]!;
  const sessions = ["metrics-1", "metrics-2", "metrics-3"].map((identity) => new TestSession(identity));
  const viewers: TestViewer[] = [];
  for (const session of sessions) {
    await session.open();
    viewers.push(await TestViewer.join(session.identity));
  }
  for (const viewer of viewers) viewer.subscribe({ channelIds: [1] });
  viewers.push(await TestViewer.join("metrics-1"));
  await eventually(async () => {
    scrapes.push(await scrape());
    expect(scrapes.at(-1)).toMatchObject({ viewers: 4, sessions_live: 3 });
  });
  for (const session of sessions) await session.write(numbered(1, 0));
  for (const viewer of viewers.slice(0, 3)) await eventually(() => expect(viewer.numbers()).toEqual([0]));
  for (const session of sessions) {
    const stub = env.SESSIONS.getByName(session.identity);
    await evictDurableObject(stub, { webSockets: "hibernate" });
    scrapes.push(await scrape());
    await session.write(numbered(1, 1));
    await runDurableObjectAlarm(stub);
    scrapes.push(await scrape());
  }
  for (const viewer of viewers.slice(0, 3)) await eventually(() => expect(viewer.numbers()).toEqual([0, 1]));
  for (const viewer of viewers) await viewer.close(1000);
  await eventually(async () => {
    scrapes.push(await scrape());
    expect(scrapes.at(-1)).toMatchObject({ viewers: 0, sessions_live: 0 });
  });
  const after = scrapes.at(-1)!;
  expect(after.entries_total! - before.entries_total!).toBeGreaterThanOrEqual(3);
  expect(after.frames_sent_total! - before.frames_sent_total!).toBeGreaterThanOrEqual(4 + 3);
  expect(after.redis_commands_total).toBeGreaterThan(before.redis_commands_total!);
  // Each was made for its first viewer, and again after its eviction.
  expect(after.object_starts_total! - before.object_starts_total!).toBe(3 * 2);
  expect(after.object_active_seconds_total).toBeGreaterThan(before.object_active_seconds_total!);
  for (const [name, value] of Object.entries(after).filter(([name]) => /_total$|_count$/.test(name))) {
    const values = scrapes.map((each) => each[name]!);
    expect([name, values]).toEqual([name, values.toSorted((a, b) => a - b)]);
    expect(value).not.toBeNaN();
  }
});

describe("reports", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const figures = (entries: number, viewers: number): Figures => {
    const collector = new Collector();
    collector.add("entries_total", entries);
    return collector.figures(viewers, viewers > 0);
  };
  let names = 0;
  const fresh = () => env.METRICS.getByName(`test-${++names}`);

  async function totals(object: ReturnType<typeof fresh>): Promise<{ entries: number; viewers: number }> {
    const { viewers, growing } = await object.totals();
    return { entries: growing.entries_total!, viewers };
  }

  test("are cumulative: the last of each object counts", async () => {
    const object = fresh();
    await object.report("a", "1", 1, figures(5, 1));
    await object.report("a", "1", 2, figures(7, 2));
    await object.report("b", "1", 1, figures(1, 1));
    expect(await totals(object)).toEqual({ entries: 8, viewers: 3 });
  });

  test("that come twice or late change nothing", async () => {
    const object = fresh();
    await object.report("a", "1", 2, figures(7, 0));
    for (const number of [1, 2]) {
      await object.report("a", "1", number, figures(5, 1));
      expect(await totals(object)).toEqual({ entries: 7, viewers: 0 });
    }
  });

  test("of an object that was made anew begin at zero and are added to what it had", async () => {
    const object = fresh();
    await object.report("a", "1", 9, figures(7, 2));
    await object.report("a", "2", 1, figures(3, 1));
    expect(await totals(object)).toEqual({ entries: 10, viewers: 1 });
  });

  test("that stop for minutes: the viewers are gone, the counts stay, and the next report goes on from there", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const object = fresh();
    await object.report("a", "1", 1, figures(7, 2));
    vi.setSystemTime(Date.now() + 121_000);
    expect(await totals(object)).toEqual({ entries: 7, viewers: 0 });
    await object.report("a", "1", 2, figures(8, 2));
    expect(await totals(object)).toEqual({ entries: 8, viewers: 2 });
  });

  test("that stop for hours take no room, and their counts stay", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const object = fresh();
    for (const id of ["a", "b"]) await object.report(id, "1", 1, figures(7, 2));
    vi.setSystemTime(Date.now() + 2 * 3_600_000);
    await object.report("b", "2", 1, figures(1, 1));
    for (let i = 0; i < 2; i++) expect(await totals(object)).toEqual({ entries: 15, viewers: 1 });
    await runInDurableObject(object, (_, { storage }) => {
      expect([...storage.kv.list()]).toHaveLength(2);
    });
  });
});
