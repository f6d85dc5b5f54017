import { afterEach, beforeEach, expect, test } from "vitest";
import { type GatewayRedis, openRedis } from "../../src/cli/gateway-redis.ts";
import { freePort } from "../../src/cli/ports.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { overResp, type RedisReader } from "../../src/cli/slipstream/redis-reader.ts";
import { requireSession } from "../../src/cli/slipstream/session-place.ts";
import { SessionReader } from "../../src/cli/slipstream/session-reader.ts";
import { temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import { CliProcess, endAll } from "./cli-process.ts";

const log = () => {};
const directory = temporaryDirectory();

let server: StartedRedis;
let redis: GatewayRedis;
let reader: RedisReader;

beforeEach(async () => {
  server = await startRedis({ log });
  redis = await openRedis(server.url, log);
  reader = overResp(redis, server.url);
});

afterEach(async () => {
  await endAll();
  redis.close();
  await server.stop();
});

/** A session's hash, and a reader of its entries from the beginning. */
async function open(fields: Record<string, string> = {}): Promise<SessionReader> {
  await store(fields);
  return new SessionReader(reader, await requireSession(reader, "s"));
}

const store = (fields: Record<string, string>) => {
  const all = { streamSessionId: "1", streamName: "a", streamPosition: "0-0", ...fields };
  return redis.run(["HSET", "sessions:s", ...Object.entries(all).flat()]);
};

async function add(count: number, id = "1", stream = "a"): Promise<void> {
  for (let number = 0; number < count; number++)
    await redis.run(["XADD", `stream:${stream}`, "*", "id", id, "data", "x"]);
}

/** All that the session has more of; how many entries. */
async function readAll(session: SessionReader): Promise<number> {
  let count = 0;
  for (;;) {
    const { entries, isEnd } = await session.next();
    count += entries.length;
    if (isEnd) return count;
  }
}

test("entries that are trimmed before they are read are counted, by Redis's own count", async () => {
  const session = await open();
  await add(30);
  await add(5, "2");
  expect(await readAll(session)).toBe(30);
  expect((await session.look()).lost).toBe(0);
  await add(12);
  await redis.run(["XTRIM", "stream:a", "MAXLEN", "4"]);
  expect(await readAll(session)).toBe(4);
  expect(await session.look()).toMatchObject({ lost: 8, wentBack: false, changed: undefined });
  await add(3);
  expect(await readAll(session)).toBe(3);
  expect((await session.look()).lost).toBe(0);
});

test("a stream that was made anew is read from its beginning", async () => {
  const session = await open();
  await add(3);
  expect(await readAll(session)).toBe(3);
  await session.look();
  await redis.run(["DEL", "stream:a"]);
  expect((await session.look()).wentBack).toBe(true);
  await redis.run(["XADD", "stream:a", "1-0", "id", "1", "data", "x"]);
  expect(await readAll(session)).toBe(0);
  session.restart();
  expect(await readAll(session)).toBe(1);
});

test("a producer that starts over is followed, in the same stream or in another", async () => {
  const session = await open();
  await add(2);
  expect(await readAll(session)).toBe(2);
  await store({ streamSessionId: "7" });
  expect((await session.look()).changed?.streamSessionId).toBe("7");
  await add(1, "7");
  expect(await readAll(session)).toBe(1);
  await add(4, "8", "b");
  await store({ streamSessionId: "8", streamName: "b" });
  expect((await session.look()).changed?.streamName).toBe("b");
  expect(await readAll(session)).toBe(4);
  await store({ lastUpdated: "5", streamSessionId: "8", streamName: "b", tStart: "1", tEnd: "2" });
  expect((await session.look()).changed).toBeUndefined();
  await redis.run(["DEL", "sessions:s"]);
  expect((await session.look()).changed).toBeNull();
});

test("[Q-01] a recording goes on after an outage of Redis", async () => {
  const data = { dir: directory.path, port: await freePort() };
  const first = await startRedis({ data, log });
  const write = await openRedis(first.url, log);
  await write.run(["HSET", "sessions:s", "streamSessionId", "1", "streamName", "a", "streamPosition", "0-0"]);
  await write.run(["XADD", "stream:a", "*", "id", "1", "data", "before"]);
  const recording = new CliProcess(["record", "s", "-", "--redis", first.url]);
  await recording.until(/"before"/);
  write.close();
  await first.stop();
  await recording.until(/trying again|connecting again/);
  const second = await startRedis({ data, log });
  const again = await openRedis(second.url, log);
  await again.run(["XADD", "stream:a", "*", "id", "1", "data", "after"]);
  await recording.until(/"after"/);
  await recording.signal("SIGINT");
  expect(recording.stdout.match(/^\{"id":/gm)).toHaveLength(2);
  expect(recording.stdout).toContain('{"end":{"entries":2,');
  again.close();
  await second.stop();
});
