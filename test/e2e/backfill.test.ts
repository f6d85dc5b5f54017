import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ProducerSession, periodicItem } from "../../src/producer/index.ts";
import { data, numbered } from "../fakes/bursts.ts";
import type { Follower } from "./follower.ts";
import { NumberSource, numbersIn } from "./number-source.ts";
import { type Stack, startStack } from "./stack.ts";

const HISTORY_MS = 30_000;

const json = (identity: string): string => JSON.stringify({ identity, state: "open" });
const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);
const noise = (bytes: number): Uint8Array =>
  periodicItem({ channel: 2, startNs: 0n, intervalNs: 1n, samples: randomBytes(bytes) });

/** A session whose stream holds `count` numbers, from 0, written evenly over the last 30 s. */
async function withHistory(
  stack: Stack,
  name: string,
  count: number,
  beside: Uint8Array[] = [],
): Promise<ProducerSession> {
  const session = await stack.produce(name, name);
  const id = session.place.streamSessionId;
  const beginMs = Date.now() - HISTORY_MS;
  const batch = stack.commands.multi();
  for (let number = 0; number < count; number++) {
    const atMs = beginMs + Math.floor((number * HISTORY_MS) / count);
    batch.xAdd(`stream:${name}`, `${atMs}-*`, {
      id,
      data: Buffer.from(data(numbered(1, number), ...beside)),
    });
  }
  await batch.exec();
  await session.writeSessionJson(json(name));
  return session;
}

async function join(stack: Stack, name: string): Promise<Follower> {
  const viewer = await stack.follow(name);
  await viewer.untilMessages(1);
  return viewer;
}

async function untilAll(viewers: readonly Follower[], numbers: readonly number[]): Promise<void> {
  for (const viewer of viewers) {
    await viewer.until(() => viewer.numbers(1).length >= numbers.length);
    expect(ascending(viewer.numbers(1))).toEqual(numbers);
  }
}

describe("with the default depth", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack();
  });
  afterEach(() => stack.disconnect());
  afterAll(() => stack?.stop());

  test("[B-01] [B-02] [B-03] viewers that subscribe while data flows have every number once, the newest first", async () => {
    const old = 3_000;
    const session = await withHistory(stack, "flow", old, [noise(2_000)]);
    const source = new NumberSource(session, { first: old, everyMs: 20 });
    await source.more(1);
    const viewers: Follower[] = [];
    for (let i = 0; i < 10; i++) {
      const viewer = await join(stack, "flow");
      viewer.subscribe({ allDataChannels: true });
      viewers.push(viewer);
      await source.more(5);
    }
    await source.more(20);
    await source.stop();
    await untilAll(viewers, await numbersIn(stack.commands, "flow"));
    for (const viewer of viewers) {
      const got = viewer.numbers(1);
      expect(got.findIndex((number) => number >= old)).toBeLessThan(got.indexOf(old - 1));
    }
  });

  test("[R-06] 200 viewers that join within a second share their reads of the stream", async () => {
    const numbers = Array.from({ length: 600 }, (_, number) => number);
    await withHistory(stack, "crowd", numbers.length, [noise(1_000)]);
    const ranges = (): number => stack.gateway.stats().XRANGE ?? 0;
    const rangesFor = async (count: number): Promise<number> => {
      const viewers = await Promise.all(Array.from({ length: count }, () => join(stack, "crowd")));
      const before = ranges();
      for (const viewer of viewers) viewer.subscribe({ allDataChannels: true });
      await untilAll(viewers, numbers);
      for (const viewer of viewers) viewer.kill();
      return ranges() - before;
    };
    const forOne = await rangesFor(1);
    const forMany = await rangesFor(200);
    // Not more for a history that pages at hand cover; some may be wanted again after a second.
    expect(forMany).toBeLessThanOrEqual(2 * forOne);
  });

  test("[V-05] after the Worker was killed, a viewer that comes back gets what it missed", async () => {
    const session = await withHistory(stack, "kill", 300);
    const source = new NumberSource(session, { first: 300 });
    const before = await join(stack, "kill");
    before.subscribe({ allDataChannels: true });
    await before.until(() => before.numbers(1).length >= 320);
    await stack.restartWorker();
    expect((await before.closed).code).toBe(1006);
    const after = await join(stack, "kill");
    after.subscribe({ allDataChannels: true });
    await source.more(20);
    await source.stop();
    const numbers = await numbersIn(stack.commands, "kill");
    await untilAll([after], numbers);
    expect(before.numbers(1)).toEqual([...new Set(before.numbers(1))]);
  });
});

test("[B-04] with a depth of 10 s nothing older comes", async () => {
  const stack = await startStack({ RTA_BACKSCAN__SECONDS: "10" });
  try {
    await withHistory(stack, "depth", 300);
    const viewer = await join(stack, "depth");
    viewer.subscribe({ allDataChannels: true });
    await viewer.until(() => viewer.numbers(1).includes(299));
    const entries = (await stack.commands.xRange("stream:depth", "-", "+")) ?? [];
    const times = entries.map(({ id }) => Number.parseInt(id, 10));
    const oldest = times.findIndex((atMs) => atMs >= times.at(-1)! - 10_000);
    expect(viewer.numbers(1)).toEqual(Array.from({ length: 300 - oldest }, (_, i) => oldest + i));
  } finally {
    await stack.stop();
  }
});
