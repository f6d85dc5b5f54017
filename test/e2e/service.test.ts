import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startOrigin } from "../../src/cli/origin.ts";
import { periodicItem } from "../../src/producer/index.ts";
import { compress } from "../../src/wire/lz4.ts";
import { numbered } from "../fakes/bursts.ts";
import { inflate } from "./follower.ts";
import { type Stack, startStack } from "./stack.ts";

const json = (identity: string, state = "open"): string => JSON.stringify({ identity, state });

describe("with an origin", () => {
  let stack: Stack;
  let origin: Awaited<ReturnType<typeof startOrigin>>;

  beforeAll(async () => {
    origin = await startOrigin();
    stack = await startStack({ RTA_ORIGIN: origin.url, RTA_ENABLETRIMMER: "false" });
  });
  afterAll(async () => {
    await stack?.stop();
    await origin?.stop();
  });

  afterEach(() => stack.disconnect());

  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${stack.url}${path}`, { headers, redirect: "manual" });

  test("[V-01] the root names the version, and sends browsers to the viewer", async () => {
    const plain = await get("/");
    expect(plain.status).toBe(200);
    expect(await plain.text()).toMatch(/^slipstream \d+\.\d+\.\d+\n$/);
    const browser = await get("/", { Accept: "text/html,*/*" });
    expect([browser.status, browser.headers.get("Location")]).toEqual([302, "/viewer/"]);
    expect((await get("/viewer/")).headers.get("Content-Type")).toContain("text/html");
    expect((await get("/nothing")).status).toBe(404);
  });

  test("other REST requests go to the origin with method, query and body", async () => {
    origin.publishSession(json("o1"));
    const session = await get("/rta/v2/sessions/o1");
    expect(await session.text()).toBe(json("o1"));
    expect((await get("/rta/v2/sessions?pageSize=1")).status).toBe(200);
    expect((await get("/rta/v2/sessions/none")).status).toBe(404);
  });

  test("[V-03] metrics count every object, and what was counted stays", async () => {
    const before = {
      frames: await stack.metric("frames_sent_total"),
      entries: await stack.metric("entries_total"),
    };
    const identities = ["m1", "m2", "m3"];
    const sessions = await Promise.all(identities.map((identity) => stack.produce(identity, identity)));
    await Promise.all(sessions.map((session, i) => session.writeSessionJson(json(identities[i]!))));
    const followers = await Promise.all(identities.map((identity) => stack.follow(identity)));
    for (const follower of followers) {
      follower.subscribe({ allDataChannels: true });
      await follower.untilMessages(1);
    }
    await vi.waitUntil(async () => (await stack.metric("viewers")) === 3, { timeout: 20_000, interval: 100 });
    expect(await stack.metric("sessions_live")).toBe(3);
    for (const session of sessions) for (let i = 0; i < 5; i++) await session.write([numbered(1, i)]);
    for (const follower of followers) await follower.until(() => follower.numbers(1).length === 5);
    const sent = followers.reduce((sum, follower) => sum + follower.messages.length, 0);
    for (const follower of followers) follower.kill();
    await vi.waitUntil(async () => (await stack.metric("viewers")) === 0, { timeout: 20_000, interval: 100 });
    expect((await stack.metric("frames_sent_total")) - before.frames).toBe(sent);
    expect((await stack.metric("entries_total")) - before.entries).toBe(15);
    expect(await stack.metric("delivery_seconds_count")).toBe(await stack.metric("entries_total"));
    expect(await (await get("/metrics")).text()).toContain('slipstream_health{check="redis"} 1');
  });

  test("[D-07] small entries are joined into bursts of about 64 KiB, none is larger", async () => {
    const session = await stack.produce("d7", "d7");
    await session.writeSessionJson(json("d7"));
    const follower = await stack.follow("d7");
    follower.subscribe({ allDataChannels: true });
    await follower.untilMessages(1);
    const samples = new Float64Array(510);
    const item = periodicItem({ channel: 1, startNs: 0n, intervalNs: 1n, samples });
    const entry = Buffer.from(compress(item));
    const id = session.place.streamSessionId;
    const batch = stack.commands.multi();
    for (let i = 0; i < 200; i++) batch.xAdd("stream:d7", "*", { id, data: entry });
    await batch.exec();
    await follower.until(() => follower.items.length === 201);
    const sizes = follower.messages.slice(1).map((message) => inflate(message).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536);
    expect(sizes.length).toBeLessThanOrEqual(25);
  });

  test("a session without viewers sends no command, and 1,000 idle viewers cost no more than one", async () => {
    const session = await stack.produce("many", "many");
    await session.writeSessionJson(json("many"));
    const commands = (): number =>
      Object.values(stack.gateway.stats()).reduce((sum, count) => sum + count, 0);
    const inSixSeconds = async (): Promise<number> => {
      const [start, before] = [Date.now(), commands()];
      await vi.waitUntil(() => Date.now() - start > 6_000, { timeout: 10_000 });
      return commands() - before;
    };
    expect(await inSixSeconds()).toBe(0);
    const one = await stack.follow("many");
    await one.untilMessages(1);
    const forOne = await inSixSeconds();
    const others = await Promise.all(Array.from({ length: 999 }, () => stack.follow("many")));
    await Promise.all(others.map((follower) => follower.untilMessages(1)));
    const forMany = await inSixSeconds();
    for (const follower of others) follower.kill();
    expect(forOne).toBeGreaterThan(0);
    expect(forMany).toBeLessThanOrEqual(forOne + 2);
  }, 120_000);

  test("[V-02] healthy only while a command goes through to Redis", async () => {
    expect([(await get("/health")).status, await (await get("/health")).text()]).toEqual([200, "Healthy\n"]);
    await stack.redis.stop();
    await vi.waitUntil(async () => (await get("/health")).status === 503, { timeout: 5_000, interval: 100 });
    expect(await (await get("/health")).text()).toMatch(/^Unhealthy\n.+\n$/);
    expect(await (await get("/metrics")).text()).toContain('slipstream_health{check="redis"} 0');
    expect((await get("/")).status).toBe(200);
  });
});

describe("without an origin, and with a bad setting", () => {
  test("info answers for itself, everything else is 404; a bad value is refused and named", async () => {
    const lines: string[] = [];
    const vars = { RTA_SERVICEINFO__LABEL: "Pit wall", RTA_BACKSCAN_SECONDS: "5" };
    const stack = await startStack(vars, { log: (line) => lines.push(line) });
    try {
      const info = await (await fetch(`${stack.url}/rta/v2/info`)).json();
      expect(info).toMatchObject({ label: "Pit wall", authRequired: false });
      expect((await fetch(`${stack.url}/rta/v2/sessions`)).status).toBe(404);
      await stack.follow("any");
      const slip = '{"event":"unknown-settings","names":"RTA_BACKSCAN_SECONDS"}';
      await vi.waitUntil(() => lines.includes(slip), { timeout: 10_000 });
    } finally {
      await stack.stop();
    }
    const bad = await startStack({ RTA_LINGER__SECONDS: "soon" });
    try {
      const health = await fetch(`${bad.url}/health`);
      expect(health.status).toBe(503);
      expect(await health.text()).toMatch(/RTA_LINGER__SECONDS.*"soon".*seconds/);
      await expect(bad.follow("any")).rejects.toThrow("status 500");
    } finally {
      await bad.stop();
    }
  });
});
