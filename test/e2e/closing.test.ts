import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { sessionJsonItem } from "../../src/producer/index.ts";
import { numbered } from "../fakes/bursts.ts";
import type { Follower } from "./follower.ts";
import { type Stack, startStack } from "./stack.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ RTA_LINGER__SECONDS: "1.5", RTA_ENABLETRIMMER: "false" });
});
afterEach(() => stack.disconnect());
afterAll(() => stack?.stop());

const json = (identity: string, state = "open"): string => JSON.stringify({ identity, state });

async function joined(identity: string): Promise<Follower> {
  const follower = await stack.follow(identity);
  await follower.untilMessages(1);
  return follower;
}

test.each([
  [1000, "bye"],
  [1001, ""],
  [4001, "mine"],
])("[X-01] a client's close %i is answered", async (code, reason) => {
  await (await stack.produce("x1")).writeSessionJson(json("x1"));
  const follower = await joined("x1");
  follower.socket.close(code, reason);
  expect(await follower.closed).toEqual({ code, reason });
});

test("[X-02] data may follow until the close, and nothing after it", async () => {
  const session = await stack.produce("x2");
  await session.writeSessionJson(json("x2"));
  const follower = await joined("x2");
  follower.subscribe({ allDataChannels: true });
  let number = 0;
  const producing = setInterval(() => void session.write([numbered(1, number++)]), 5);
  await follower.until(() => follower.numbers(1).length > 50);
  follower.socket.close(1000);
  expect((await follower.closed).code).toBe(1000);
  clearInterval(producing);
  // The client itself would fail the connection (1002) on a frame behind the server's Close.
  const numbers = follower.numbers(1);
  expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
});

test.each(["closed", "truncated", "failed", "abandoned"])(
  "[X-03] %s: closing JSON, late data, then 1000",
  async (state) => {
    const identity = `x3-${state}`;
    const session = await stack.produce(identity);
    await session.writeSessionJson(json(identity));
    const follower = await joined(identity);
    follower.subscribe({ channelIds: [1] });
    await session.writeSessionJson(json(identity, state));
    await follower.until(() => follower.items.at(-1)?.sessionJson === json(identity, state));
    await session.write([numbered(1, 1)]);
    await follower.until(() => follower.numbers(1).length === 1);
    expect(await follower.closed).toEqual({ code: 1000, reason: "session ended" });
  },
);

test("[S-07] text and garbage close with their codes, and nobody else notices", async () => {
  const session = await stack.produce("s7");
  await session.writeSessionJson(json("s7"));
  const [text, garbage, big, good] = await Promise.all([1, 2, 3, 4].map(() => joined("s7")));
  good!.subscribe({ channelIds: [1] });
  text!.socket.send("hi");
  garbage!.socket.send(Buffer.from([0xff, 0xff, 0xff]));
  big!.socket.send(Buffer.alloc(1024 * 1024 + 1));
  expect((await text!.closed).code).toBe(1003);
  expect((await garbage!.closed).code).toBe(1007);
  expect((await big!.closed).code).toBe(1009);
  await session.write([numbered(1, 1)]);
  await good!.until(() => good!.numbers(1).length === 1);
});

test("[X-05] when the last viewer has gone, in whatever way, no more commands are sent", async () => {
  await (await stack.produce("x5")).writeSessionJson(json("x5"));
  const followers = await Promise.all([1, 2, 3].map(() => joined("x5")));
  const commands = (): number => Object.values(stack.gateway.stats()).reduce((sum, count) => sum + count, 0);
  const before = commands();
  await vi.waitUntil(() => commands() > before, { timeout: 10_000 });
  followers[0]!.socket.close(1000);
  followers[1]!.kill();
  followers[2]!.kill();
  let last = -1;
  let unchangedSince = Date.now();
  await vi.waitUntil(
    () => {
      if (commands() !== last) unchangedSince = Date.now();
      last = commands();
      // Longer than the slowest pace of a session with viewers.
      return Date.now() - unchangedSince > 6_000;
    },
    { timeout: 40_000, interval: 200 },
  );
});

test("[R-03] but for trimming, the service writes nothing to Redis", async () => {
  const session = await stack.produce("r3");
  await session.writeSessionJson(json("r3"));
  const follower = await joined("r3");
  follower.subscribe({ allDataChannels: true, allEvents: true });
  await session.write([numbered(1, 1), sessionJsonItem(json("r3", "closed"))]);
  await follower.closed;
  expect(Object.keys(stack.gateway.stats()).toSorted()).toEqual([
    "HGET",
    "HMGET",
    "TIME",
    "XINFO",
    "XRANGE",
    "XREAD",
    "XREVRANGE",
  ]);
});
