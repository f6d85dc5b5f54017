import { createClient, RESP_TYPES } from "@redis/client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seededRandom } from "../../src/cli/car-random.ts";
import { type Gateway, startGateway } from "../../src/cli/gateway.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import {
  connectGateway,
  connectRedis,
  eventItem,
  type OpenSessionOptions,
  openSession,
  type ProducerSession,
  periodicItem,
  type RedisConnection,
  sessionJsonItem,
  timeRangeItem,
} from "../../src/producer/index.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { decompress } from "../../src/wire/lz4.ts";

const MAX_BURST_BYTES = 1024 * 1024;
const OPEN = '{ "identity":"s", "state":"open" }';
const CLOSED = '{"identity":"s","state":"closed"}';

describe.each([
  { over: "RESP", embedded: false },
  { over: "RESP", embedded: true },
  { over: "HTTP", embedded: false },
  { over: "HTTP", embedded: true },
])("a producer over $over, embedded Redis: $embedded", ({ over, embedded }) => {
  let server: StartedRedis;
  let redis: RedisConnection;
  let gateway: Gateway;
  let producerRedis: OpenSessionOptions["redis"];
  let nowMs: number;

  beforeAll(async () => {
    server = await startRedis({ embedded, log: () => {} });
    redis = await connectRedis(server.url, () => {});
    gateway = await startGateway({ redisUrl: server.url, port: 0, token: "t", log: () => {} });
    producerRedis = over === "HTTP" ? await connectGateway({ url: gateway.url, token: "t" }) : redis;
  });
  afterAll(async () => {
    redis.destroy();
    await gateway.stop();
    await server.stop();
  });
  beforeEach(async () => {
    nowMs = 1_795_424_400_000;
    await redis.flushAll();
  });

  const open = (identity = "s", streamName = "line") =>
    openSession({ redis: producerRedis, identity, streamName, now: () => nowMs });
  const hash = (identity = "s") => redis.hGetAll(`sessions:${identity}`);

  describe("opening", () => {
    test("[P-01] 100 sessions opened at once have 100 numbers", async () => {
      const sessions = await Promise.all(Array.from({ length: 100 }, (_, index) => open(`s${index}`)));
      expect(new Set(sessions.map(({ place }) => place.streamSessionId)).size).toBe(100);
      expect(await redis.get("lastStreamSessionId")).toBe("100");
    });

    test("[P-02] [R-01] sets the four required fields, and names the stream without prefix", async () => {
      await open();
      expect(await hash()).toEqual({
        streamSessionId: "1",
        streamName: "line",
        streamPosition: "0-0",
        lastUpdated: "1795424400000",
      });
      expect(await redis.sMembers("streams")).toEqual(["line"]);
    });

    test("[P-03] starts at the last id the stream gave, trimmed or not", async () => {
      const first = await redis.xAdd("stream:line", "*", { id: "x", data: "y" });
      expect((await open("a")).place.streamPosition).toBe(first);
      const second = await redis.xAdd("stream:line", "*", { id: "x", data: "y" });
      await redis.xTrim("stream:line", "MAXLEN", 0);
      expect((await open("b")).place.streamPosition).toBe(second);
    });

    test("[P-11] resumes a session that is not closed, with number, position and time range", async () => {
      const before = await open();
      await before.write([sessionJsonItem(OPEN), timeRangeItem(10n, 20n)]);
      const after = await open("s", "elsewhere");
      expect(after.place).toEqual(before.place);
      await after.write(timeRangeItem(15n, 18n));
      expect(await hash()).toMatchObject({ json: OPEN, tStart: "10", tEnd: "20" });
    });

    test("[P-11] resumes a session that had not written yet", async () => {
      expect((await open()).place).toEqual((await open()).place);
    });

    test("starts a closed session anew, without what the old one left", async () => {
      const before = await open();
      await before.write([sessionJsonItem(OPEN), timeRangeItem(10n, 20n)]);
      await before.close(CLOSED);
      const after = await open();
      expect(after.place.streamSessionId).toBe("2");
      expect(await hash()).toMatchObject({
        streamSessionId: "2",
        streamPosition: after.place.streamPosition,
      });
      expect(Object.keys(await hash())).toHaveLength(4);
    });
  });

  describe("writing", () => {
    let session: ProducerSession;

    beforeEach(async () => {
      session = await open();
    });

    test("[P-05] Session JSON sets json, untouched; time ranges widen tStart and tEnd as a pair", async () => {
      await session.writeSessionJson(OPEN);
      expect(await hash()).toMatchObject({ json: OPEN });
      expect(await hash()).not.toHaveProperty("tStart");
      await session.write([timeRangeItem(0n, 10n), timeRangeItem(5n, 20n)]);
      await session.write(timeRangeItem(6n, 7n));
      expect(await hash()).toMatchObject({ json: OPEN, tStart: "0", tEnd: "20" });
      expect(session.timeRange).toEqual({ startNs: 0n, endNs: 20n });
    });

    test("[P-05] the last of several Session JSONs counts, and 64-bit times keep every digit", async () => {
      const late = 1_795_424_400_000_000_123n;
      await session.write([sessionJsonItem(OPEN), timeRangeItem(late, late + 1n), sessionJsonItem(CLOSED)]);
      expect(await hash()).toMatchObject({ json: CLOSED, tStart: `${late}`, tEnd: `${late + 1n}` });
    });

    test("[P-05] [P-08] every write renews lastUpdated and expiry, data alone too", async () => {
      await redis.persist("sessions:s");
      nowMs += 10_000;
      await session.write(sample(1));
      expect(await hash()).toMatchObject({ lastUpdated: "1795424410000" });
      expect(await redis.ttl("sessions:s")).toBeGreaterThan(86_000);
    });

    test("[R-01] [Z-03] an entry has the session's number and a raw LZ4 block of the burst", async () => {
      const items = [sessionJsonItem(OPEN), sample(3), timeRangeItem(1n, 2n)];
      await session.write(items);
      const [entry] = await entries();
      expect(entry!.id).toBe(session.place.streamSessionId);
      expect(Buffer.from(entry!.burst)).toEqual(Buffer.concat(items));
    });

    test("[R-04] any byte arrives as it was", async () => {
      const random = seededRandom(4);
      const noise = Uint8Array.from({ length: 5000 }, () => 256 * random());
      const burst = periodicItem({ channel: 1, startNs: 0n, intervalNs: 1n, samples: noise });
      await session.write(burst);
      expect(new Set(noise).size).toBe(256);
      expect(Buffer.from((await entries())[0]!.burst)).toEqual(Buffer.from(burst));
    });

    test("[P-06] 2 MiB become entries of at most the target, in order, in one script", async () => {
      await session.write(Array.from({ length: 2048 }, (_, index) => sample(index, 1000)));
      const bursts = (await entries()).map(({ burst }) => burst);
      expect(bursts.every((burst) => burst.length <= 64 * 1024)).toBe(true);
      const channels = bursts.flatMap((burst) =>
        rta.model.net.stream.StreamDataBurst.decode(burst).data.map((item) => item.periodicData!.channelId),
      );
      expect(channels).toEqual(Array.from({ length: 2048 }, (_, index) => index));
    });

    test("[P-06] an item above 1 MiB is refused, and nothing is written", async () => {
      const write = session.write([sessionJsonItem(OPEN), sessionJsonItem("x".repeat(MAX_BURST_BYTES))]);
      await expect(write).rejects.toMatchObject({ code: "item-too-large" });
      expect(await redis.exists("stream:line")).toBe(0);
      expect(await hash()).not.toHaveProperty("json");
    });

    test("[P-12] what no Session JSON and no range says stays as it was; the write is marked", async () => {
      await session.write(sample(1));
      const { lastWrite, ...fields } = await hash();
      expect(Object.keys(fields)).toHaveLength(4);
      expect(lastWrite).toMatch(/^\S+ 1$/);
    });

    test("more than one transaction may hold is refused", async () => {
      const write = session.write(new Uint8Array(8 * 1024 * 1024 + 1));
      await expect(write).rejects.toMatchObject({ code: "write-too-large" });
    });

    test("bytes that are not a burst are refused", async () => {
      await expect(session.write(Uint8Array.of(0xff, 0xff))).rejects.toMatchObject({
        code: "malformed-burst",
      });
    });

    test("an empty burst is not sent", async () => {
      await session.write([]);
      expect(await redis.exists("stream:line")).toBe(0);
    });

    test("writes that were not awaited arrive in the order of the calls", async () => {
      await Promise.all(Array.from({ length: 50 }, (_, index) => session.write(sample(index))));
      const channels = (await entries()).map(
        ({ burst }) => rta.model.net.stream.StreamDataBurst.decode(burst).data[0]!.periodicData!.channelId,
      );
      expect(channels).toEqual(Array.from({ length: 50 }, (_, index) => index));
    });

    test("what Redis refuses rejects with the reason", async () => {
      await redis.set("stream:line", "not a stream");
      await expect(session.write(sample(1))).rejects.toMatchObject({ code: "redis" });
    });

    test("a Redis that lost everything gets the session again, under a new number, JSON first", async () => {
      await session.write([sessionJsonItem(OPEN), timeRangeItem(10n, 20n)]);
      await redis.flushAll();
      await session.write([
        eventItem({ definition: 1, app: "a", timestampNs: 30n }),
        timeRangeItem(20n, 30n),
      ]);
      expect(session.place.streamSessionId).toBe("2");
      expect(await hash()).toMatchObject({ streamSessionId: "2", json: OPEN, tStart: "10", tEnd: "30" });
      const items = (await entries())
        .filter(({ id }) => id === "2")
        .map(({ burst }) => rta.model.net.stream.StreamDataBurst.decode(burst).data.map((item) => item.data));
      expect(items).toEqual([["sessionJson"], ["event", "timeRange"]]);
    });
  });

  describe("closing", () => {
    test.each(["closed", "truncated", "failed", "abandoned"])(
      "[P-04] [P-09] the first and the last message are Session JSON; the last says %s",
      async (state) => {
        const session = await open();
        await session.writeSessionJson(OPEN);
        await session.write(sample(1));
        await session.close(`{"state":"${state}"}`);
        const written = (await entries()).map(
          ({ burst }) => rta.model.net.stream.StreamDataBurst.decode(burst).data[0]!.sessionJson,
        );
        expect(written).toEqual([OPEN, null, `{"state":"${state}"}`]);
        expect(await redis.ttl("sessions:s")).toBeGreaterThan(3600);
      },
    );

    test("[P-09] closes with the last Session JSON, in the state told and with the final time range", async () => {
      const session = await open();
      await session.writeSessionJson('{ "identity":"s", "state" : "open", "big":1795424400000000123 }');
      void session.write(timeRangeItem(5n, 1_795_424_400_000_000_123n));
      await session.close("truncated");
      expect((await hash()).json).toBe(
        '{ "identity":"s", "state" : "truncated", "big":1795424400000000123,' +
          '"timeRange":{"startTime":5,"endTime":1795424400000000123} }',
      );
    });

    test("[P-09] a scope that an exception leaves ends the session as failed", async () => {
      const drive = async () => {
        await using session = await open();
        await session.writeSessionJson(OPEN);
        throw new Error("the sensor broke");
      };
      await expect(drive()).rejects.toThrow("the sensor broke");
      expect((await hash()).json).toBe('{ "identity":"s", "state":"failed" }');
    });

    test("a scope that is left after close, or before anything was said, adds nothing", async () => {
      for (const isClosing of [true, false]) {
        await using session = await open(`s-${isClosing}`);
        if (!isClosing) continue;
        await session.writeSessionJson(OPEN);
        await session.close();
      }
      expect((await hash("s-true")).json).toContain('"state":"closed"');
      expect(await hash("s-false")).not.toHaveProperty("json");
      expect(await redis.xLen("stream:line")).toBe(2);
    });

    test("a session without Session JSON cannot be closed by its state alone", async () => {
      const session = await open();
      await expect(session.close("failed")).rejects.toMatchObject({ code: "no-session-json" });
      await session.writeSessionJson("not JSON");
      await expect(session.close("failed")).rejects.toMatchObject({ code: "invalid-argument" });
    });

    test("needs a closed state, and ends writing", async () => {
      const session = await open();
      await expect(session.close(OPEN)).rejects.toMatchObject({ code: "state-not-closed" });
      await session.close(CLOSED);
      await expect(session.write(sample(1))).rejects.toMatchObject({ code: "session-closed" });
      expect(await redis.xLen("stream:line")).toBe(1);
    });
  });

  async function entries(): Promise<{ id: string; burst: Uint8Array }[]> {
    const reply = await redis
      .withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
      .xRange("stream:line", "-", "+");
    return (reply ?? []).map(({ message }) => ({
      id: String(message.id),
      burst: decompress(message.data as unknown as Buffer, MAX_BURST_BYTES),
    }));
  }
});

describe("on the wire", () => {
  let server: StartedRedis;

  beforeAll(async () => {
    server = await startRedis({ log: () => {} });
  });
  afterAll(() => server.stop());

  const connections: { destroy: () => void }[] = [];
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.destroy();
  });

  test("[P-10] the hash is written before the entry, in one script", async () => {
    const redis = await connectRedis(server.url, () => {});
    const watcher = createClient({ url: server.url });
    connections.push(redis, watcher);
    await watcher.connect();
    const session = await openSession({ redis, identity: "s", streamName: "line" });
    const commands: string[] = [];
    const written = Promise.withResolvers<void>();
    await watcher.monitor((line) => {
      const [, command] = /"(\w+)"/.exec(String(line)) ?? [];
      if (command) commands.push(command);
      if (command === "PING") written.resolve();
    });
    await session.writeSessionJson(OPEN);
    await redis.ping();
    await written.promise;
    expect(commands).toEqual(["EVAL", "HMGET", "HSET", "EXPIRE", "XADD", "HSET", "PING"]);
  });
});

describe("connecting", () => {
  test("a Redis that cannot be reached rejects at once, without its password", async () => {
    const connecting = connectRedis("redis://user:secret@127.0.0.1:1");
    await expect(connecting).rejects.toMatchObject({
      code: "redis-unavailable",
      message: expect.not.stringContaining("secret"),
    });
  });

  test("a gateway that cannot be reached rejects at once", async () => {
    const connecting = connectGateway({ url: "http://127.0.0.1:1", token: "t" });
    await expect(connecting).rejects.toMatchObject({ code: "redis-unavailable" });
  });

  test("wrong arguments are named", async () => {
    const gateway = { runScript: async () => null };
    const opening = (options: object) =>
      openSession({ redis: gateway, identity: "s", streamName: "line", ...options });
    for (const [name, attempt] of Object.entries({
      url: () => connectRedis("localhost:6379"),
      "url ": () => connectGateway({ url: "ws://x", token: "t" }),
      token: () => connectGateway({ url: "http://x", token: "" }),
      identity: () => opening({ identity: "" }),
      streamName: () => opening({ streamName: 5 }),
      expirySeconds: () => opening({ expirySeconds: 0.5 }),
      retryForMs: () => opening({ retryForMs: -1 }),
      redis: () => opening({ redis: undefined }),
      items: async () => (await opening({ redis: { runScript: async () => [] } })).write(5 as never),
    })) {
      const message = expect.stringContaining(name);
      await expect(attempt()).rejects.toMatchObject({ code: "invalid-argument", message });
    }
  });
});

function sample(channel: number, bytes = 1): Uint8Array {
  return periodicItem({ channel, startNs: 0n, intervalNs: 1n, samples: new Uint8Array(bytes) });
}
