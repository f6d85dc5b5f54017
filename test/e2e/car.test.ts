import { RESP_TYPES } from "@redis/client";
import { afterEach, expect, test, vi } from "vitest";
import { type CarOptions, type RunningCar, startCar } from "../../src/cli/car.ts";
import { CHANNEL_OFFSET } from "../../src/cli/car-telemetry.ts";
import { freePort } from "../../src/cli/ports.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import { connectRedis } from "../../src/producer/index.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { decompress } from "../../src/wire/lz4.ts";

const MAX_BURST_BYTES = 1024 * 1024;
const WAIT = { timeout: 20_000, interval: 50 };

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

test("[P-04] [P-07] [P-09] drives a session from its first JSON to its last, a time range in every burst", async () => {
  const redis = await newRedis();
  const published: string[] = [];
  const car = await newCar(redis, { onSession: (json) => published.push(json) });
  await vi.waitFor(async () => expect((await entries(redis)).length).toBeGreaterThan(20), WAIT);
  await car.stop("truncated");
  await car.stop();

  const bursts = (await entries(redis)).map(({ burst }) => burst.map((item) => item.data!));
  expect(bursts[0]).toEqual(["sessionJson"]);
  expect(bursts.at(-1)).toEqual(["sessionJson"]);
  const data = bursts.slice(1, -1);
  for (const kinds of data) {
    expect(kinds).toContain("timeRange");
    expect(kinds).toEqual(expect.arrayContaining(["periodicData", "timestampedData", "rowData"]));
  }

  const hash = await stored(redis, car.identity);
  expect(published.map((json) => (JSON.parse(json) as { state: string }).state)).toEqual([
    "open",
    "truncated",
  ]);
  expect(hash.json).toBe(published[1]);
  expect(car.sessionJson()).toBe(hash.json);
  expect(hash.json).toContain(`"timeRange":{"startTime":${hash.tStart},"endTime":${hash.tEnd}}`);
  expect(hash.json).toContain(
    `"configBindings":[{"identifier":"${car.configIdentifier}","channelOffset":${CHANNEL_OFFSET}}]`,
  );
  const coveredMs = Number((BigInt(hash.tEnd!) - BigInt(hash.tStart!)) / 1_000_000n);
  expect(data.length).toBeLessThanOrEqual(Math.ceil(coveredMs / 100));
});

test("[P-11] a Redis that restarts loses it nothing but time", async () => {
  const directory = temporaryDirectory();
  cleanUps.push(() => directory.remove());
  const data = { dir: directory.path, port: await freePort() };
  const first = await startRedis({ data, log: () => {} });
  const lines: string[] = [];
  const car = await newCar(first, { log: (line) => lines.push(line) });
  await vi.waitFor(async () => expect((await entries(first)).length).toBeGreaterThan(5), WAIT);
  const before = await stored(first, car.identity);
  await first.stop();
  await vi.waitFor(() => expect(lines).toEqual([expect.stringContaining("away")]), WAIT);

  const second = await newRedis({ data });
  await vi.waitFor(() => expect(lines).toHaveLength(2), WAIT);
  expect(lines[1]).toContain("Redis is back");
  await car.stop();
  const after = await stored(second, car.identity);
  expect(after.streamSessionId).toBe(before.streamSessionId);
  expect(after.json).toContain('"state":"closed"');
  expect(lines).toHaveLength(2);
});

test("stopping does not wait for a Redis that is gone", async () => {
  const redis = await startRedis({ log: () => {} });
  const lines: string[] = [];
  const car = await newCar(redis, { log: (line) => lines.push(line) });
  await redis.stop();
  await car.stop();
  expect(lines.at(-1)).toContain("does not have the end of the session");
  expect(car.sessionJson()).toContain('"state":"closed"');
});

test("[P-09] a fault ends the session as failed", async () => {
  const redis = await newRedis();
  const lines: string[] = [];
  let clock = () => Date.now();
  const car = await newCar(redis, { now: () => clock(), log: (line) => lines.push(line) });
  clock = () => {
    clock = Date.now;
    throw new Error("the clock broke");
  };
  await vi.waitFor(() => expect(lines).toHaveLength(1), WAIT);
  expect(lines[0]).toContain("the clock broke");
  await vi.waitFor(async () => {
    expect((await stored(redis, car.identity)).json).toContain('"state":"failed"');
  }, WAIT);
});

test("a Redis that is not there rejects", async () => {
  await expect(startCar({ redisUrl: "redis://127.0.0.1:1", log: () => {} })).rejects.toThrow();
});

async function newRedis(options: { data?: { dir: string; port: number } } = {}): Promise<StartedRedis> {
  const redis = await startRedis({ ...options, log: () => {} });
  cleanUps.push(() => redis.stop());
  return redis;
}

async function newCar(redis: StartedRedis, options: Partial<CarOptions>): Promise<RunningCar> {
  const car = await startCar({ redisUrl: redis.url, log: () => {}, ...options });
  cleanUps.push(() => car.stop());
  return car;
}

async function entries({ url }: StartedRedis) {
  const redis = await connectRedis(url, () => {});
  try {
    const reply = await redis
      .withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
      .xRange("stream:demo-car", "-", "+");
    return (reply ?? []).map(({ message }) => {
      const burst = decompress(message.data as unknown as Buffer, MAX_BURST_BYTES);
      return { burst: rta.model.net.stream.StreamDataBurst.decode(burst).data };
    });
  } finally {
    redis.destroy();
  }
}

async function stored({ url }: StartedRedis, identity: string): Promise<Record<string, string>> {
  const redis = await connectRedis(url, () => {});
  try {
    return await redis.hGetAll(`sessions:${identity}`);
  } finally {
    redis.destroy();
  }
}
