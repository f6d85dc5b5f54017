import { expect, test } from "vitest";
import { data, numbered } from "../../fakes/bursts.ts";
import { subscribed, upTo } from "../../fakes/past-session.ts";
import { SessionDriver } from "../../fakes/session-driver.ts";

const REFUSAL = { error: "ERR max request size exceeded. Limit: 10485760 bytes" };

/** A session whose gateway refuses any reply with one of the `huge` entries in it. */
function withHuge(): {
  driver: SessionDriver;
  write(count: number): void;
  writeHuge(): void;
  written(): number;
} {
  const driver = new SessionDriver();
  driver.open();
  const huge = "x".repeat(1_000);
  driver.redis.spoil = async (reply) => {
    const text = await reply.clone().text();
    if (!text.includes(btoa(huge).slice(0, 900))) return reply;
    const answers = JSON.parse(text) as unknown;
    if (Array.isArray(answers)) return Response.json(answers.map(() => REFUSAL));
    return Response.json(REFUSAL, { status: 400 });
  };
  let number = 0;
  return {
    driver,
    write: (count) => {
      for (let i = 0; i < count; i++, driver.nowMs += 20) {
        driver.redis.xadd("car", "7", data(numbered(5, number++)));
      }
    },
    writeHuge: () => {
      driver.nowMs += 5;
      driver.redis.xadd("car", "7", new TextEncoder().encode(huge));
      driver.nowMs += 5;
    },
    written: () => number,
  };
}

test("[D-10] an entry that no reply can hold is passed over and counted, as the newest too", async () => {
  const { driver, write, writeHuge, written } = withHuge();
  const viewer = await subscribed(driver);
  for (let round = 0; round < 2; round++) {
    write(20);
    writeHuge();
    write(20);
    await driver.run(5_000);
    writeHuge();
    await driver.run(5_000);
    expect(viewer.numbers(5)).toEqual(upTo(written()));
  }
  expect(viewer.closed).toBeNull();
  expect(driver.counters.get("entries_rejected_total")).toBe(4);
  expect(driver.logged.filter((event) => event === "entry-too-large")).toHaveLength(4);
});

test("[D-10] amid a history the rest of it comes", async () => {
  const { driver, write, writeHuge } = withHuge();
  write(30);
  writeHuge();
  write(30);
  const viewer = await subscribed(driver);
  await driver.run(20_000);
  expect(viewer.closed).toBeNull();
  expect(viewer.numbers(5)).toEqual(upTo(60));
});
