import { expect, test } from "vitest";
import { entryPlaces } from "../../../src/redis/directory.ts";
import { createGateway } from "../../../src/redis/gateway.ts";
import { Follower } from "../../../src/session/follower.ts";
import { FakeRedis } from "../../fakes/fake-redis.ts";

const DATA = Uint8Array.of(0);

/** A follower that has read everything, and what it delivers when it reads on. */
async function followed(entries: readonly [id: string, sessionId: string][]) {
  const fake = new FakeRedis(() => 0);
  const redis = createGateway({ url: "http://gateway", token: "t", fetch: fake.fetch });
  const hash = { streamSessionId: "7", streamName: "car", streamPosition: "0-0", json: "{}" };
  fake.hset("sessions:s1", hash);
  for (const [id, sessionId] of entries) fake.xadd("car", sessionId, DATA, id);
  const found = await Follower.find({ redis, identity: "s1" }, entryPlaces("s1"), () => 0);
  const { follower } = found!;
  return {
    fake,
    follower,
    /** Reads with the session's entry; the ids of what is new, and whether the end was reached. */
    read: async () => {
      const step = await follower.read(0, true, 8 * 1024 * 1024);
      step.accept(0);
      return { ids: step.ours.map(({ id }) => id), drained: step.drained };
    },
    restart: (streamSessionId: string, streamPosition: string, streamName = "car") =>
      fake.hset("sessions:s1", { streamSessionId, streamPosition, streamName }),
  };
}

const ids = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${from + i}-0`);

test("a restart that is found late: what the new id wrote meanwhile is brought, the rest not again", async () => {
  const { read, restart } = await followed([
    ["100-0", "7"],
    ["101-0", "8"],
    ["102-0", "7"],
    ["103-0", "8"],
  ]);
  restart("8", "100-0");
  expect(await read()).toEqual({ ids: [], drained: false });
  expect(await read()).toEqual({ ids: ["101-0", "103-0"], drained: true });
  expect(await read()).toEqual({ ids: [], drained: true });
});

test("a further restart, found while the first is being caught up with, loses and repeats nothing", async () => {
  const eights = ids(101, 20);
  const { fake, read, restart } = await followed([
    ["100-0", "7"],
    ...eights.map((id): [string, string] => [id, "8"]),
    ["200-0", "7"],
    ["201-0", "9"],
  ]);
  restart("8", "100-0");
  await read();
  const seen: string[] = [];
  const first = await read();
  expect(first.drained).toBe(false);
  seen.push(...first.ids);
  restart("9", "201-0");
  for (let reads = 0; reads < 10; reads++) seen.push(...(await read()).ids);
  fake.xadd("car", "9", DATA, "300-0");
  seen.push(...(await read()).ids);
  expect(seen).toEqual([...eights, "201-0", "300-0"]);
});

test("a move to another stream waits for the end of the old one", async () => {
  const { fake, follower, read, restart } = await followed([["100-0", "7"]]);
  for (const id of ids(101, 10)) fake.xadd("car", "7", DATA, id);
  fake.xadd("car2", "8", DATA, "50-0");
  restart("8", "0-0", "car2");
  const seen: string[] = [];
  for (let reads = 0; reads < 5; reads++) {
    expect(follower.boundary.fields.streamName).toBe(seen.length < 10 ? "car" : "car2");
    seen.push(...(await read()).ids);
  }
  expect(seen).toEqual([...ids(101, 10), "50-0"]);
});

test("an entry that is missing is counted until it is back", async () => {
  const { fake, follower, read } = await followed([["100-0", "7"]]);
  const hash = fake.hashes.get("sessions:s1")!;
  fake.hashes.clear();
  await read();
  await read();
  expect(follower.misses).toBe(2);
  fake.hashes.set("sessions:s1", hash);
  await read();
  expect(follower.misses).toBe(0);
});
