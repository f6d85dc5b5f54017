import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { freePort } from "../../src/cli/ports.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import { Random } from "../fuzz/random.ts";
import { FAULT_NAMES, type FaultGateway, mixture, startFaultGateway } from "./fault-gateway.ts";
import type { Follower } from "./follower.ts";
import { NumberSource, numbersIn } from "./number-source.ts";
import { type Stack, type StackOptions, startStack } from "./stack.ts";

/** Numbers that have arrived everywhere before anything breaks. */
const BEFORE_FAULT = 10;
const UNREACHABLE = { code: 1011, reason: "data source unreachable" };
const WAIT = { timeout: 20_000, interval: 100 };

interface FaultyStack extends Stack {
  readonly faults: FaultGateway;
}

/** A session at 10 bursts a second and viewers that have been there since before the first number. */
interface Show {
  readonly source: NumberSource;
  readonly viewers: readonly Follower[];
}

const json = (identity: string): string => JSON.stringify({ identity, state: "open" });
const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);
const isOpen = (follower: Follower): boolean => follower.socket.readyState === WebSocket.OPEN;

async function startFaultyStack(options: StackOptions = {}): Promise<FaultyStack> {
  let faults: FaultGateway | undefined;
  const between = async (url: string): Promise<FaultGateway> => {
    faults = await startFaultGateway(url);
    return faults;
  };
  return { ...(await startStack({}, { ...options, between })), faults: faults! };
}

async function join(stack: Stack, name: string): Promise<Follower> {
  const viewer = await stack.follow(name);
  await viewer.untilMessages(1);
  viewer.subscribe({ allDataChannels: true });
  return viewer;
}

async function start(stack: Stack, name: string): Promise<Show> {
  const session = await stack.produce(name, name);
  await session.writeSessionJson(json(name));
  const viewers = await Promise.all([1, 2, 3].map(() => join(stack, name)));
  const source = new NumberSource(session);
  for (const viewer of viewers) await viewer.until(() => viewer.numbers(1).length >= BEFORE_FAULT);
  return { source, viewers };
}

async function expectAll(viewers: readonly Follower[], numbers: readonly number[]): Promise<void> {
  for (const viewer of viewers) {
    await viewer.until(() => viewer.numbers(1).length >= numbers.length);
    expect(viewer.numbers(1)).toEqual(numbers);
    expect(isOpen(viewer)).toBe(true);
  }
}

/** Ends a session whose every number must have arrived. */
async function expectExact({ source, viewers }: Show, late: readonly Follower[] = []): Promise<void> {
  await source.more(10);
  await source.stop();
  await expectAll(viewers, source.written);
  for (const viewer of late) {
    await viewer.until(() => viewer.numbers(1).length >= source.written.length);
    expect(ascending(viewer.numbers(1))).toEqual(source.written);
    expect(isOpen(viewer)).toBe(true);
  }
}

/**
 * Ends a session some of whose numbers Redis lost before they were read: viewers have those from before in full,
 * and all that the stream holds.
 */
async function expectOnAfterLoss(stack: Stack, name: string, { source, viewers }: Show): Promise<void> {
  await source.more(20);
  await source.stop();
  const kept = await numbersIn(stack.commands, name);
  for (const viewer of viewers) {
    await viewer.until(() => viewer.numbers(1).includes(kept.at(-1)!));
    const got = viewer.numbers(1);
    const before = Array.from({ length: got.length - kept.length }, (_, number) => number);
    expect(got).toEqual([...before, ...kept]);
    expect(before.length).toBeGreaterThanOrEqual(BEFORE_FAULT);
    expect(isOpen(viewer)).toBe(true);
  }
}

let faulty: FaultyStack;
let absent: FaultyStack;
let restarted: StartedRedis | undefined;
const directory = temporaryDirectory();

const redisData = { dir: directory.path, port: 0 };

beforeAll(async () => {
  redisData.port = await freePort();
  [faulty, absent] = await Promise.all([startFaultyStack({ redisData }), startFaultyStack()]);
});
afterAll(async () => {
  await Promise.all([faulty?.stop(), absent?.stop()]);
  await restarted?.stop();
  directory.remove();
});

describe.concurrent("while it goes on", () => {
  describe("one after the other", () => {
    describe("faults of the gateway", () => {
      test.each(FAULT_NAMES.map((fault, i) => [fault, `fault-${i}`] as const))(
        "[X-06] %s for 3 s: sockets stay, each number comes once and in order",
        async (fault, name) => {
          const show = await start(faulty, name);
          const subscribing = await faulty.follow(name);
          await subscribing.untilMessages(1);
          faulty.faults.inject(name, fault);
          subscribing.subscribe({ channelIds: [1] });
          const joining = join(faulty, name);
          await show.source.more(30);
          expect(faulty.faults.heal(name)).toBeGreaterThan(0);
          await expectExact(show, [subscribing, await joining]);
        },
      );

      test.each([1, 2])("[X-06] any fault at any time for 15 s, seed %i", async (seed) => {
        const name = `mixture-${seed}`;
        const show = await start(faulty, name);
        faulty.faults.inject(name, mixture(new Random(seed)));
        const joining: Promise<Follower>[] = [];
        for (let i = 0; i < 5; i++) {
          joining.push(join(faulty, name));
          await show.source.more(30);
        }
        expect(faulty.faults.heal(name)).toBeGreaterThan(5);
        await expectExact(show, await Promise.all(joining));
      });
    });

    describe("faults of Redis", { concurrent: false }, () => {
      test("[X-06] restarted with its data, it is read on as if nothing had been", async () => {
        const show = await start(faulty, "restart");
        await faulty.redis.stop();
        await sleep(3_000);
        restarted = await startRedis({ data: redisData, log: () => {} });
        await show.source.more(20);
        await show.source.stop();
        await expectAll(show.viewers, await numbersIn(faulty.commands, "restart"));
      });

      test("[R-05] trimmed past what has been read, a stream goes on at its oldest entry, and that is counted", async () => {
        const gaps = await faulty.metric("trim_gaps_total");
        const show = await start(faulty, "trim");
        await faulty.faults.leave();
        await show.source.more(40);
        await faulty.commands.xTrim("stream:trim", "MAXLEN", 5);
        await faulty.faults.comeBack();
        await expectOnAfterLoss(faulty, "trim", show);
        await vi.waitUntil(async () => (await faulty.metric("trim_gaps_total")) === gaps + 1, WAIT);
      });

      test("FLUSHALL, and a producer that goes on", async () => {
        const show = await start(faulty, "flush");
        await faulty.commands.flushAll();
        await expectOnAfterLoss(faulty, "flush", show);
      });

      test("a stream deleted and made anew", async () => {
        const show = await start(faulty, "delete");
        await faulty.commands.del("stream:delete");
        await expectOnAfterLoss(faulty, "delete", show);
      });

      test("another type under the stream's key, for 5 s", async () => {
        const show = await start(faulty, "type");
        await faulty.commands.multi().del("stream:type").set("stream:type", "no stream").exec();
        await sleep(5_000);
        await faulty.commands.del("stream:type");
        await expectOnAfterLoss(faulty, "type", show);
      });
    });
  });

  test("[X-06] absence: 20 s cost nothing but time, joins are told, and after 60 s everyone is", async () => {
    const show = await start(absent, "absence");
    await (await absent.produce("cold", "cold")).writeSessionJson(json("cold"));
    await absent.faults.leave();
    const joining = await Promise.all(["absence", "cold"].map((name) => absent.follow(name)));
    await sleep(20_000);
    for (const viewer of joining) {
      expect(viewer.socket.readyState).toBe(WebSocket.CLOSED);
      expect(await viewer.closed).toEqual(UNREACHABLE);
      expect(viewer.messages).toHaveLength(0);
    }
    await absent.faults.comeBack();
    await show.source.more(10);
    const soFar = [...show.source.written];
    for (const viewer of show.viewers) {
      await viewer.until(() => viewer.numbers(1).length >= soFar.length);
      expect(viewer.numbers(1).slice(0, soFar.length)).toEqual(soFar);
      expect(isOpen(viewer)).toBe(true);
    }
    await absent.faults.leave();
    const begin = Date.now();
    for (const viewer of show.viewers) expect(await viewer.closed).toEqual(UNREACHABLE);
    expect(Date.now() - begin).toBeGreaterThan(60_000);
    await show.source.stop();
  }, 150_000);
});
