import { afterEach, describe, expect, test, vi } from "vitest";
import { type Gateway, startGateway } from "../../src/cli/gateway.ts";
import { freePort } from "../../src/cli/ports.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import {
  type BatchNotice,
  BatchWriter,
  connectGateway,
  connectRedis,
  openSession,
  overResp,
  type RedisConnection,
} from "../../src/producer/index.ts";
import { startRedisRelay } from "../contract/redis-relay.ts";
import { numbered } from "../fakes/bursts.ts";
import { numbersIn } from "./number-source.ts";

const OPEN = '{"identity":"s","state":"open"}';
const SESSION = { identity: "s", streamName: "line" };

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe("[P-12] a write of which is not known whether it arrived is repeated, and happens once", () => {
  test("over HTTP: the answer is lost", async () => {
    const { redis, gateway } = await newGateway();
    let lose = false;
    let requests = 0;
    const unreliable: typeof fetch = async (...args) => {
      requests += 1;
      const answer = await fetch(...args);
      if (!lose) return answer;
      lose = false;
      throw new TypeError("the connection broke");
    };
    const producer = await connectGateway({ url: gateway.url, token: "t", fetch: unreliable });
    const session = await openSession({ redis: producer, ...SESSION });
    await session.writeSessionJson(OPEN);
    requests = 0;
    for (let number = 0; number < 10; number += 1) {
      lose = number % 2 === 0;
      await session.write(numbered(1, number));
    }
    expect(requests).toBe(15);
    expect(await numbersIn(redis, "line")).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("over HTTP: an attempt that was given up arrives behind later ones", async () => {
    const { redis, gateway } = await newGateway();
    let late: (() => Promise<Response>) | undefined;
    let delay = false;
    const slow: typeof fetch = async (input, init) => {
      if (!delay) return fetch(input, init);
      delay = false;
      const { signal: _, ...rest } = init!;
      late = () => fetch(input, rest);
      return new Promise((_, reject) =>
        init!.signal!.addEventListener("abort", () => reject(new Error("aborted"))),
      );
    };
    const producer = await connectGateway({ url: gateway.url, token: "t", fetch: slow, timeoutMs: 200 });
    const session = await openSession({ redis: producer, ...SESSION });
    await session.writeSessionJson(OPEN);
    delay = true;
    await session.write(numbered(1, 0));
    await session.write(numbered(1, 1));
    expect((await late!()).status).toBe(200);
    await session.write(numbered(1, 2));
    expect(await numbersIn(redis, "line")).toEqual([0, 1, 2]);
  });

  test("over RESP: the connection breaks, or falls silent, before the answer", async () => {
    const server = await newRedis();
    const redis = await newConnection(server.url);
    const relay = await startRedisRelay(server.url);
    cleanUps.push(() => relay.stop());
    const producer = await newConnection(relay.url);
    const session = await openSession({ redis: overResp(producer, { timeoutMs: 300 }), ...SESSION });
    await session.writeSessionJson(OPEN);
    for (let number = 0; number < 6; number += 1) {
      relay.hold();
      const write = session.write(numbered(1, number));
      await vi.waitFor(async () => expect(await numbersIn(redis, "line")).toHaveLength(number + 1));
      if (number % 2 === 0) relay.cut();
      await write;
    }
    expect(await numbersIn(redis, "line")).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("opening is repeated like a write", async () => {
    const { redis, gateway } = await newGateway();
    let requests = 0;
    const unreliable: typeof fetch = async (...args) => {
      const answer = await fetch(...args);
      requests += 1;
      if (requests === 2 || requests === 3) throw new TypeError("the connection broke");
      return answer;
    };
    const producer = await connectGateway({ url: gateway.url, token: "t", fetch: unreliable });
    const session = await openSession({ redis: producer, ...SESSION });
    expect(session.place.streamSessionId).toBe("1");
    expect(await redis.get("lastStreamSessionId")).toBe("1");
  });
});

describe("a Redis that stays away", () => {
  test("a write rejects when its patience ends, and at once when it is told to", async () => {
    const server = await startRedis({ log: () => {} });
    const redis = await newConnection(server.url);
    const session = await openSession({ redis, ...SESSION, retryForMs: 300 });
    await session.writeSessionJson(OPEN);
    await server.stop();
    await expect(session.write(numbered(1, 0))).rejects.toMatchObject({ code: "redis-unavailable" });
    const reasons: string[] = [];
    const stop = new AbortController();
    const write = session.write(numbered(1, 1), {
      retryForMs: Number.POSITIVE_INFINITY,
      signal: stop.signal,
      onRetry: (reason) => reasons.push(reason.message),
    });
    await vi.waitFor(() => expect(reasons.length).toBeGreaterThan(2));
    stop.abort();
    await expect(write).rejects.toMatchObject({ code: "redis-unavailable" });
  });

  test("a connection that its owner has ended is not waited for", async () => {
    const server = await newRedis();
    const redis = await connectRedis(server.url);
    const session = await openSession({ redis, ...SESSION });
    await session.writeSessionJson(OPEN);
    redis.destroy();
    await expect(session.write(numbered(1, 0))).rejects.toMatchObject({
      code: "redis-unavailable",
      message: expect.stringContaining("ended"),
    });
  });

  test("[P-13] a batch holds its data through an outage, and says so when it begins and ends", async () => {
    const directory = temporaryDirectory();
    cleanUps.push(() => directory.remove());
    const data = { dir: directory.path, port: await freePort() };
    const first = await startRedis({ data, log: () => {} });
    const producer = await newConnection(first.url);
    const session = await openSession({ redis: producer, ...SESSION });
    await session.writeSessionJson(OPEN);
    const notices: BatchNotice[] = [];
    const batch = new BatchWriter(session, {
      channels: [{ id: 1, type: "f64", source: "timestamped" }],
      onNotice: (notice) => notices.push(notice),
    });
    const append = (number: number) => batch.append(1, [BigInt(number)], [number]);
    append(0);
    await batch.flush();
    await first.stop();
    for (let number = 1; number <= 5; number += 1) {
      append(number);
      void batch.flush();
    }
    await vi.waitFor(() => expect(notices).toMatchObject([{ kind: "away" }]), { timeout: 10_000 });

    await newRedis(data);
    await batch.close();
    expect(notices).toMatchObject([{ kind: "away" }, { kind: "back" }]);
    const redis = await newConnection(first.url);
    const hash = await redis.hGetAll("sessions:s");
    expect(hash).toMatchObject({ streamSessionId: "1", tStart: "0", tEnd: "5" });
    expect(hash.json).toContain('"state":"closed"');
  });

  test("[P-13] a batch that cannot write its last data says what is lost", async () => {
    const server = await startRedis({ log: () => {} });
    const session = await openSession({
      redis: await newConnection(server.url),
      ...SESSION,
      retryForMs: 200,
    });
    await session.writeSessionJson(OPEN);
    const notices: BatchNotice[] = [];
    const batch = new BatchWriter(session, {
      channels: [{ id: 1, type: "f64", source: "timestamped" }],
      onNotice: (notice) => notices.push(notice),
    });
    await server.stop();
    batch.append(1, [1n, 2n], [1, 2]);
    await expect(batch.close()).rejects.toMatchObject({ code: "redis-unavailable" });
    await vi.waitFor(() => expect(notices.at(-1)).toMatchObject({ kind: "ended" }));
    expect(notices).toContainEqual({ kind: "lost", samples: 2, events: 0, startNs: 1n, endNs: 2n });
  });
});

test("a producer whose session another has opened since is told, and writes no more", async () => {
  const server = await newRedis();
  const redis = await newConnection(server.url);
  const before = await openSession({ redis, ...SESSION });
  await before.writeSessionJson(OPEN);
  await redis.del("sessions:s");
  const after = await openSession({ redis, ...SESSION });
  await after.writeSessionJson(OPEN);
  await expect(before.write(numbered(1, 0))).rejects.toMatchObject({ code: "superseded" });
  await after.write(numbered(1, 1));
  expect(await numbersIn(redis, "line")).toEqual([1]);
});

test("a gateway that refuses the token says so, without naming it", async () => {
  const { gateway } = await newGateway();
  const connecting = connectGateway({ url: gateway.url, token: "secret" });
  await expect(connecting).rejects.toMatchObject({
    code: "redis",
    message: expect.not.stringContaining("secret"),
  });
});

async function newRedis(data?: { dir: string; port: number }): Promise<StartedRedis> {
  const server = await startRedis({ ...(data && { data }), log: () => {} });
  cleanUps.push(() => server.stop());
  return server;
}

async function newConnection(url: string): Promise<RedisConnection> {
  const redis = await connectRedis(url);
  cleanUps.push(() => redis.destroy());
  return redis;
}

async function newGateway(): Promise<{ redis: RedisConnection; gateway: Gateway }> {
  const { url } = await newRedis();
  const gateway = await startGateway({ redisUrl: url, port: 0, token: "t", log: () => {} });
  cleanUps.push(() => gateway.stop());
  return { redis: await newConnection(url), gateway };
}
