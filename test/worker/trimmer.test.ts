import { createScheduledController, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import worker, { TrimmerObject } from "../../src/worker/index.ts";
import { redis, TestSession } from "./redis.ts";
import { eventually, TestViewer } from "./viewer.ts";

const INTERVAL_MS = 30_000;
const FAR_MS = 3_600_000;

type Stub = ReturnType<typeof env.TRIMMER.getByName>;
const theTrimmer = (): Stub => env.TRIMMER.getByName("trimmer");
const plannedMs = (stub: Stub): Promise<number | null> =>
  runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
const forget = (stub: Stub): Promise<void> =>
  runInDurableObject(stub, (_, { storage }) => storage.deleteAlarm());

/** Runs `use` on an object in the place of `stub`'s, with other settings. */
function withSettings(
  stub: Stub,
  settings: Record<string, string>,
  use: (trimmer: TrimmerObject, storage: DurableObjectStorage) => Promise<void>,
): Promise<void> {
  return runInDurableObject(stub, (_, state) =>
    use(new TrimmerObject(state, { ...env, ...settings }), state.storage),
  );
}

/** Bindings whose trimmer cannot be reached, and what says whether that was tried. */
function unreachable(settings: Record<string, string> = {}) {
  const getByName = vi.fn(() => {
    throw new Error("unreachable");
  });
  return { bindings: { ...env, ...settings, TRIMMER: { getByName } } as unknown as Env, getByName };
}

let count = 0;
const fresh = (): Stub => env.TRIMMER.getByName(`test-${++count}`);

describe("the alarm", () => {
  const roundsGoOn = (): Promise<void> =>
    eventually(async () => {
      expect(await plannedMs(theTrimmer())).not.toBeNull();
      expect((await theTrimmer().figures()).lastRunMs).toBeGreaterThan(0);
    });

  test("[T-01] is set by the first request of all that can, and by no other", async () => {
    const { bindings, getByName } = unreachable();
    const request = () => new Request("https://edge.test/nothing") as never;
    expect((await worker.fetch(request(), bindings)).status).toBe(404);
    expect(getByName).toHaveBeenCalledTimes(1);
    expect(await plannedMs(theTrimmer())).toBeNull();
    await worker.fetch(request(), env);
    await roundsGoOn();
    await worker.fetch(request(), bindings);
    expect(getByName).toHaveBeenCalledTimes(1);
  });

  test("[T-01] is set by the cron trigger", async () => {
    await forget(theTrimmer());
    worker.scheduled(createScheduledController(), env);
    await roundsGoOn();
  });

  test("[T-01] is set by a session that begins to be followed", async () => {
    const session = new TestSession("trimmed");
    await session.open();
    await forget(theTrimmer());
    const viewer = await TestViewer.join(session.identity);
    await roundsGoOn();
    await viewer.close(1000);
  });

  test("[T-01] comes again after the interval, round after round", async () => {
    const stub = fresh();
    await stub.arm();
    for (let round = 0; round < 3; round++) {
      const before = Date.now();
      await runDurableObjectAlarm(stub);
      expect(await plannedMs(stub)).toBeGreaterThanOrEqual(before + INTERVAL_MS);
      expect(await plannedMs(stub)).toBeLessThanOrEqual(Date.now() + INTERVAL_MS);
    }
  });

  test("armed again is not put off; one that is too far away is brought near", async () => {
    const stub = fresh();
    const soon = Date.now() + 20_000;
    for (const [set, expected] of [
      [soon, () => soon],
      [Date.now() + FAR_MS, () => Date.now() + INTERVAL_MS],
    ] as const) {
      await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(set));
      await stub.arm();
      expect(await plannedMs(stub)).toBeLessThanOrEqual(expected());
      expect(await plannedMs(stub)).toBeGreaterThanOrEqual(soon);
    }
  });

  test.each([
    ["turned off", { RTA_ENABLETRIMMER: "False" }],
    ["with a setting that is refused", { RTA_TRIMMER__INTERVAL: "0" }],
  ])("[T-03] %s, it is not set, and not set again", async (_, settings) => {
    await withSettings(fresh(), settings, async (trimmer, storage) => {
      await trimmer.arm();
      expect(await storage.getAlarm()).toBeNull();
      await trimmer.alarm();
      expect(await storage.getAlarm()).toBeNull();
      expect(trimmer.figures()).toMatchObject({ lastRunMs: 0, errors: 0 });
    });
    const { bindings, getByName } = unreachable(settings);
    worker.scheduled(createScheduledController(), bindings);
    expect(getByName).not.toHaveBeenCalled();
  });
});

describe("a round", () => {
  const LENGTH_2 = { RTA_TRIMMER__TARGETSTREAMLENGTH: "2" };
  const names = ["one", "two", "typed", "gone", "other"].map((name) => `trimmer-${name}`);
  const key = (name: string): string => `stream:trimmer-${name}`;

  beforeEach(async () => {
    await redis("DEL", "streams", ...names.map((name) => `stream:${name}`));
    await redis("SADD", "streams", ...names.slice(0, 4));
    for (const name of ["one", "two", "other"]) {
      for (let n = 0; n < 5; n++) await redis("XADD", key(name), "*", "n", `${n}`);
    }
    await redis("SET", key("typed"), "text");
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await redis("DEL", "streams", ...names.map((name) => `stream:${name}`));
  });

  const lengths = (): Promise<unknown[]> =>
    Promise.all(["one", "two", "other"].map((name) => redis("XLEN", key(name))));

  test("[T-02] [T-03] trims the members of the set, whatever is wrong with one of them, and counts", async () => {
    const logged = vi.spyOn(console, "log");
    await withSettings(fresh(), LENGTH_2, async (trimmer) => {
      await trimmer.alarm();
      expect(await lengths()).toEqual([2, 2, 5]);
      expect(await redis("GET", key("typed"))).not.toBeNull();
      expect(trimmer.figures()).toMatchObject({ entriesTrimmed: 6, errors: 1, streams: 4 });
      await trimmer.alarm();
      expect(trimmer.figures()).toMatchObject({ entriesTrimmed: 6, errors: 2, streams: 4 });
      await redis("SREM", "streams", "trimmer-typed");
      await trimmer.alarm();
      expect(trimmer.figures()).toMatchObject({ entriesTrimmed: 6, errors: 2, streams: 3 });
    });
    const events = logged.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
    expect(events.filter(({ event }) => String(event).startsWith("trimming"))).toEqual([
      { event: "trimming-fails", errors: 1, reason: "Redis refused the command (WRONGTYPE)" },
      { event: "trimming-works" },
    ]);
  });

  test("[T-05] trims by age, and by length as well", async () => {
    await redis("DEL", key("two"));
    for (const id of ["1-1", "1-2"]) await redis("XADD", key("two"), id, "n", "old");
    const settings = { RTA_TRIMMER__RETENTIONSECONDS: "3600", RTA_TRIMMER__TARGETSTREAMLENGTH: "4" };
    await withSettings(fresh(), settings, (trimmer) => trimmer.alarm());
    expect(await lengths()).toEqual([4, 0, 5]);
  });

  test("without a gateway fails quietly: the next one is planned, and makes up for it", async () => {
    const stub = fresh();
    await withSettings(stub, { UPSTASH_REDIS_REST_TOKEN: "wrong" }, async (trimmer, storage) => {
      await trimmer.alarm();
      expect(await storage.getAlarm()).not.toBeNull();
      expect(trimmer.figures()).toMatchObject({ errors: 1, lastRunMs: 0, streams: 0 });
    });
    await withSettings(stub, LENGTH_2, (trimmer) => trimmer.alarm());
    expect(await lengths()).toEqual([2, 2, 5]);
    expect((await stub.figures()).lastRunMs).toBeGreaterThan(0);
  });

  test("shows in the metrics", async () => {
    await withSettings(theTrimmer(), LENGTH_2, (trimmer) => trimmer.alarm());
    const { entriesTrimmed, errors, lastRunMs } = await theTrimmer().figures();
    expect(entriesTrimmed).toBeGreaterThanOrEqual(6);
    const text = await (await exports.default.fetch("https://edge.test/metrics")).text();
    for (const [name, type, value] of [
      ["entries_trimmed_total", "counter", entriesTrimmed],
      ["errors_total", "counter", errors],
      ["streams", "gauge", 4],
      ["last_run_timestamp_seconds", "gauge", lastRunMs / 1000],
    ]) {
      expect(text).toContain(
        `# TYPE slipstream_trimmer_${name} ${type}\nslipstream_trimmer_${name} ${value}\n`,
      );
    }
  });
});
