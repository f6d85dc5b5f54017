import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { type Gateway, type GatewayOptions, startGateway } from "../../src/cli/gateway.ts";
import { MAX_COMMANDS } from "../../src/cli/gateway-commands.ts";
import { freePort } from "../../src/cli/ports.ts";
import { startRedis } from "../../src/cli/redis.ts";
import { type RedisRelay, startRedisRelay } from "./redis-relay.ts";
import { type Answer, RestClient } from "./rest-client.ts";

const TOKEN = "gateway-load";
const log = () => {};

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A gateway whose Redis can be made to keep its replies back. */
async function startHeld(
  options: Partial<GatewayOptions> = {},
): Promise<{ gateway: Gateway; relay: RedisRelay; rest: RestClient }> {
  const redis = await startRedis({ log });
  cleanUps.push(redis.stop);
  const relay = await startRedisRelay(redis.url);
  cleanUps.push(relay.stop);
  const gateway = await startGateway({ redisUrl: relay.url, port: 0, token: TOKEN, log, ...options });
  cleanUps.push(gateway.stop);
  return { gateway, relay, rest: new RestClient(gateway.url, TOKEN) };
}

const health = (gateway: Gateway, method = "GET") => fetch(`${gateway.url}/health`, { method });

test("requests beyond the limit are a 429 that says when to come back; places are given back", async () => {
  const { gateway, relay, rest } = await startHeld({ concurrency: 2 });
  relay.hold();
  const first = [rest.run("INCR", "places"), rest.post("/pipeline", [["INCR", "places"]])];
  await vi.waitFor(() => expect(gateway.stats()).toMatchObject({ INCR: 2 }));
  const refused = await fetch(gateway.url, {
    method: "POST",
    headers: { Authorization: `Bearer ${TOKEN}` },
    body: '["INCR","places"]',
  });
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect(await refused.json()).toEqual({ error: "ERR too many requests in flight. Limit: 2" });
  relay.release();
  await Promise.all(first);
  await vi.waitFor(async () => expect(await rest.text("GET", "places")).toBe("2"));
});

test("a client that leaves gives its place back, and one without the token takes none", async () => {
  const { gateway, relay, rest } = await startHeld({ concurrency: 1 });
  const knock = await new RestClient(gateway.url, "wrong").post("/", ["INCR", "left"]);
  expect(knock.status).toBe(401);
  relay.hold();
  const leaving = new AbortController();
  const left = fetch(`${gateway.url}/incr/left?_token=${TOKEN}`, { signal: leaving.signal });
  await vi.waitFor(() => expect(gateway.stats()).toMatchObject({ INCR: 1 }));
  leaving.abort();
  await expect(left).rejects.toThrow(/abort/);
  relay.release();
  await vi.waitFor(async () => expect(await rest.text("GET", "left")).toBe("1"));
});

test("a pipeline of more commands than the limit is a 413, and none of them runs", async () => {
  const { gateway, rest } = await startHeld();
  const commands = Array.from({ length: MAX_COMMANDS + 1 }, () => ["INCR", "many"]);
  for (const path of ["/pipeline", "/multi-exec"]) {
    const error = expect.stringMatching(/^ERR too many commands/);
    expect(await rest.post(path, commands)).toMatchObject({ status: 413, json: { error } });
  }
  expect(gateway.stats()).not.toHaveProperty("INCR");
  expect((await rest.post("/pipeline", commands.slice(1))).status).toBe(200);
});

test("a stop lets what is in flight end, and refuses what comes", async () => {
  const { gateway, relay, rest } = await startHeld();
  relay.hold();
  const inFlight = rest.post("/", ["INCR", "stopping"]);
  await vi.waitFor(() => expect(gateway.stats()).toMatchObject({ INCR: 1 }));
  const stopped = gateway.stop();
  const error = "ERR the gateway is stopping";
  expect(await rest.post("/", ["INCR", "stopping"])).toMatchObject({ status: 503, json: { error } });
  const probe = await health(gateway);
  expect([probe.status, await probe.json()]).toEqual([503, { error }]);
  relay.release();
  expect(await inFlight).toMatchObject({ status: 200, json: { result: 1 } });
  await stopped;
  await expect(rest.post("/", ["PING"])).rejects.toThrow();
});

test("a stop does not wait longer than its grace time", async () => {
  const { gateway, relay, rest } = await startHeld({ graceMs: 50 });
  relay.hold();
  const inFlight = expect(rest.run("PING")).rejects.toThrow();
  await vi.waitFor(() => expect(gateway.stats()).toMatchObject({ PING: 1 }));
  await gateway.stop();
  await inFlight;
});

test("/health asks Redis, needs no token and says no more than yes or no", async () => {
  const { gateway, relay } = await startHeld({ concurrency: 1 });
  const healthy = await health(gateway);
  expect([healthy.status, await healthy.json()]).toEqual([200, { result: "PONG" }]);
  expect((await health(gateway, "HEAD")).status).toBe(200);
  expect(gateway.stats()).toEqual({ PING: 2 });
  relay.hold();
  const probes = await Promise.all(Array.from({ length: 5 }, () => health(gateway)));
  for (const probe of probes) {
    expect([probe.status, await probe.json()]).toEqual([503, { error: "ERR Redis does not answer" }]);
  }
  expect(gateway.stats()).toEqual({ PING: 3 });
});

test("a Redis that fell silent is left for a new connection", async () => {
  const lines: string[] = [];
  const { relay, rest } = await startHeld({ replyTimeoutMs: 200, log: (line) => void lines.push(line) });
  relay.hold();
  const error = expect.stringMatching(/^ERR (no reply from Redis|Redis is away)/);
  const silent = await Promise.all([rest.post("/", ["PING"]), rest.post("/multi-exec", [["PING"]])]);
  for (const answer of silent) expect(answer).toMatchObject({ status: 503, json: { error } });
  await vi.waitFor(async () => expect(await rest.text("ECHO", "back")).toBe("back"));
  expect(lines).toEqual(["no reply from Redis within 200 ms; connecting again"]);
});

test("under load a restart of Redis costs only 503s: no answer is lost, wrong or given twice", async () => {
  const data = { dir: mkdtempSync(join(tmpdir(), "slipstream-test-")), port: await freePort() };
  cleanUps.push(async () => rmSync(data.dir, { recursive: true }));
  let redis = await startRedis({ data, log });
  cleanUps.push(() => redis.stop());
  const gateway = await startGateway({ redisUrl: redis.url, port: 0, token: TOKEN, log });
  cleanUps.push(gateway.stop);
  const rest = new RestClient(gateway.url, TOKEN);

  const single: Answer[] = [];
  const transactions: Answer[] = [];
  let isOver = false;
  const ask = async (answers: Answer[], path: string, body: unknown) => {
    while (!isOver) answers.push(await rest.post(path, body));
  };
  const clients = Array.from({ length: 8 }, (_, index) =>
    index % 2 === 0
      ? ask(single, "/", ["INCR", "single"])
      : ask(transactions, "/multi-exec", [
          ["INCR", "pair"],
          ["INCR", "pair"],
        ]),
  );
  const good = (answers: Answer[]) => answers.filter((answer) => answer.status === 200);
  const more = (answers: Answer[]) => {
    const before = good(answers).length;
    return vi.waitFor(() => expect(good(answers).length).toBeGreaterThan(before + 20), { timeout: 10_000 });
  };
  await Promise.all([more(single), more(transactions)]);
  await redis.stop();
  await vi.waitFor(() => expect(single.some((answer) => answer.status === 503)).toBe(true));
  redis = await startRedis({ data, log });
  await Promise.all([more(single), more(transactions)]);
  isOver = true;
  await Promise.all(clients);

  const statuses = new Set([...single, ...transactions].map((answer) => answer.status));
  expect(statuses).toEqual(new Set([200, 503]));
  const counts = good(single).map((answer) => (answer.json as { result: number }).result);
  expect(new Set(counts).size).toBe(counts.length);
  const stored = Number(await rest.text("GET", "single"));
  expect(stored).toBeGreaterThanOrEqual(counts.length);
  expect(stored).toBeLessThanOrEqual(single.length);
  for (const { json } of good(transactions)) {
    const [first, second] = json as [{ result: number }, { result: number }];
    expect(second.result).toBe(first.result + 1);
    expect(first.result % 2).toBe(1);
  }
});
