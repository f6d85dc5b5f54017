import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { numbered } from "../fakes/bursts.ts";
import { type Stack, startStack } from "./stack.ts";

/** Longer than the interval of 30 s by what a round may take. */
const DEFAULT_ROUND = { timeout: 35_000, interval: 100 };
const SHORT_ROUND = { timeout: 15_000, interval: 50 };

const EVERY_SECOND = { RTA_TRIMMER__INTERVAL: "1" };

let asItComes: Stack;
let hard: Stack;
let retention: Stack;
/** Fulfilled when the stream of T-01 is at its length. */
let trimmedByDefault: Promise<unknown>;

beforeAll(async () => {
  [asItComes, hard, retention] = await Promise.all([
    startStack(),
    startStack({ ...EVERY_SECOND, RTA_TRIMMER__TARGETSTREAMLENGTH: "2" }),
    startStack({
      ...EVERY_SECOND,
      RTA_TRIMMER__TARGETSTREAMLENGTH: "100",
      rta_trimmer__retentionseconds: "60",
    }),
  ]);
  await fill(asItComes, "other", 12_000);
  await fill(asItComes, "car", 12_000);
  await asItComes.commands.set("stream:typed", "text");
  await asItComes.commands.sAdd("streams", ["car", "typed", "vanished"]);
  trimmedByDefault = vi.waitUntil(async () => (await lengthOf(asItComes, "car")) === 10_000, DEFAULT_ROUND);
  trimmedByDefault.catch(() => {});
}, 120_000);

afterAll(async () => {
  await Promise.all([asItComes, hard, retention].map((stack) => stack?.stop()));
});

/** Adds entries past the producer, which would add the stream to the set. */
async function fill({ commands }: Stack, name: string, entries: number): Promise<void> {
  const batch = commands.multi();
  for (let n = 0; n < entries; n++) batch.xAdd(`stream:${name}`, "*", { id: "1", data: `${n}` });
  await batch.execAsPipeline();
}

const lengthOf = ({ commands }: Stack, name: string): Promise<number> => commands.xLen(`stream:${name}`);

const count = ({ gateway }: Stack, command: string): number => gateway.stats()[command] ?? 0;

/** Waits until the set of streams has been read another `rounds` times. */
async function rounds(stack: Stack, rounds: number): Promise<void> {
  const before = count(stack, "SMEMBERS");
  await vi.waitUntil(() => count(stack, "SMEMBERS") >= before + rounds, SHORT_ROUND);
}

test("[T-03] a length and an interval are kept, exactly", async () => {
  await fill(hard, "length", 500);
  await hard.commands.sAdd("streams", "length");
  await vi.waitUntil(async () => (await lengthOf(hard, "length")) === 2, SHORT_ROUND);
  await fill(hard, "length", 10);
  await vi.waitUntil(async () => (await lengthOf(hard, "length")) === 2, SHORT_ROUND);
  await hard.commands.sRem("streams", "length");
});

test("[T-03] approximate trimming is asked for with ~", async () => {
  const vars = { RTA_TRIMMER__TARGETSTREAMLENGTH: "150", RTA_TRIMMER__APPROXLENGTH: "True" };
  const stack = await startStack({ ...EVERY_SECOND, ...vars });
  try {
    await stack.commands.configSet("slowlog-log-slower-than", "0");
    await fill(stack, "rough", 1_000);
    await stack.commands.sAdd("streams", "rough");
    await vi.waitUntil(async () => (await lengthOf(stack, "rough")) < 1_000, SHORT_ROUND);
    // Whole nodes of 100 entries.
    expect(await lengthOf(stack, "rough")).toBe(200);
    const log = (await stack.commands.sendCommand(["SLOWLOG", "GET", "1000"])) as unknown[][];
    const trims = log.map((entry) => (entry[3] as string[]).join(" ")).filter((line) => /^XTRIM/i.test(line));
    expect(new Set(trims)).toEqual(new Set(["XTRIM stream:rough MAXLEN ~ 150"]));
  } finally {
    await stack.stop();
  }
});

test("[T-03] turned off, nothing is trimmed", async () => {
  const vars = { RTA_TRIMMER__TARGETSTREAMLENGTH: "1", Rta_EnableTrimmer: "False" };
  const stack = await startStack({ ...EVERY_SECOND, ...vars });
  try {
    await fill(stack, "car", 100);
    await stack.commands.sAdd("streams", "car");
    await (await fetch(stack.url)).arrayBuffer();
    await rounds(hard, 3);
    expect(await lengthOf(stack, "car")).toBe(100);
    expect([count(stack, "SMEMBERS"), count(stack, "XTRIM")]).toEqual([0, 0]);
    expect(await stack.metric("trimmer_last_run_timestamp_seconds")).toBe(0);
  } finally {
    await stack.stop();
  }
});

test("[T-04] hard trimming closes nobody, and a gap is counted only where a reader was overtaken", async () => {
  const session = await hard.produce("t4", "t4");
  await session.writeSessionJson(JSON.stringify({ identity: "t4", state: "open" }));
  const follower = await hard.follow("t4");
  let closed = false;
  void follower.closed.then(() => {
    closed = true;
  });
  follower.subscribe({ allDataChannels: true });
  await follower.untilMessages(1);
  let written = 0;
  const producing = setInterval(() => void session.write([numbered(1, written++)]), 100);
  await rounds(hard, 4);
  clearInterval(producing);
  await follower.until(() => follower.numbers(1).at(-1) === written - 1);
  const numbers = follower.numbers(1);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  const missed = written - numbers.length;

  const { streamSessionId: id } = session.place;
  const batch = hard.commands.multi();
  for (let n = 0; n < 50; n++) batch.xAdd("stream:t4", "*", { id, data: "lost" });
  await batch.xTrim("stream:t4", "MAXLEN", 1).exec();
  // Redis is asked every 20 s of silence whether anything was missed.
  const gaps = (): Promise<number> => hard.metric("trim_gaps_total");
  await vi.waitUntil(async () => (await gaps()) > 0, { timeout: 40_000, interval: 100 });
  if (missed === 0) expect(await gaps()).toBe(1);
  await session.write([numbered(1, written)]);
  await follower.until(() => follower.numbers(1).at(-1) === written);
  expect(closed).toBe(false);
  follower.kill();
});

test("[T-05] a period of retention: what is older goes, and the length stays the upper bound", async () => {
  const { commands } = retention;
  const nowMs = Date.now();
  const batch = commands.multi();
  for (let age = 120; age >= 0; age--) {
    batch.xAdd("stream:aged", `${nowMs - age * 1_000}-0`, { id: "1", data: `${age}` });
  }
  await batch.exec();
  await fill(retention, "many", 150);
  await commands.sAdd("streams", ["aged", "many"]);
  const oldestMs = async (): Promise<number> => {
    const entries = await commands.xRange("stream:aged", "-", "+", { COUNT: 1 });
    return Number(entries?.[0]?.id.split("-")[0]);
  };
  // The entries of the second that begins an interval are still there when it ends.
  await vi.waitUntil(async () => (await oldestMs()) >= Date.now() - 61_000, SHORT_ROUND);
  expect(await oldestMs()).toBeLessThan(nowMs - 40_000);
  const before = await lengthOf(retention, "aged");
  await vi.waitUntil(async () => (await lengthOf(retention, "aged")) < before, SHORT_ROUND);
  expect(await lengthOf(retention, "many")).toBe(100);
});

test("[T-01] [T-02] by default 10,000 entries are kept of each stream of the set, every 30 s and with no viewer", async () => {
  await trimmedByDefault;
  expect(await lengthOf(asItComes, "other")).toBe(12_000);
  expect(await asItComes.commands.get("stream:typed")).toBe("text");
  expect(await asItComes.commands.exists("stream:vanished")).toBe(0);
  await vi.waitUntil(async () => (await asItComes.metric("trimmer_entries_trimmed_total")) === 2_000);
  expect(await asItComes.metric("trimmer_errors_total")).toBe(1);
  expect(await asItComes.metric("trimmer_streams")).toBe(3);
});
