import { describe, expect, test } from "vitest";
import { createGateway, GatewayError } from "../../../src/redis/gateway.ts";
import {
  readEntryAndStream,
  readInfo,
  readRange,
  readStream,
  readTailAndEntry,
} from "../../../src/redis/reader.ts";
import { FakeRedis } from "../../fakes/fake-redis.ts";

const PLACE = { kind: "hash", key: "sessions:s1" } as const;
const DATA = Uint8Array.from({ length: 256 }, (_, i) => i);

function setup() {
  const fake = new FakeRedis(() => 0);
  const redis = createGateway({ url: "http://gateway", token: "t", fetch: fake.fetch });
  return { fake, redis };
}

/** A gateway that answers everything with the same JSON. */
const answering = (json: unknown) =>
  createGateway({ url: "http://gateway", token: "t", fetch: async () => Response.json(json) });

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("the next entries", () => {
  test("[R-01] [R-04] with id and data, whatever other fields there are", async () => {
    const { fake, redis } = setup();
    fake.xaddFields(
      "car",
      [
        ["x", "y"],
        ["data", DATA],
        ["id", " 7\n"],
        ["z", ""],
      ],
      "5-1",
    );
    const { entries, full } = await readStream(redis, "car", "0-0", 2);
    expect(full).toBe(false);
    expect(entries).toMatchObject([{ id: "5-1", sessionId: "7", encodedBytes: 344 }]);
    expect(entries[0]!.data()).toEqual(DATA);
  });

  test("without id or data are entries all the same", async () => {
    const { fake, redis } = setup();
    fake.xaddFields("car", [["x", "y"]], "5-1");
    const { entries } = await readStream(redis, "car", "0-0", 2);
    expect(entries).toMatchObject([{ id: "5-1", sessionId: null, encodedBytes: 0 }]);
    expect(entries[0]!.data()).toBeNull();
  });

  test("are those after the cursor, in order, and full says that there may be more", async () => {
    const { fake, redis } = setup();
    for (const id of ["5-1", "5-2", "6-0"]) fake.xadd("car", "7", DATA, id);
    const ids = async (cursor: string, count: number) => {
      const { entries, full } = await readStream(redis, "car", cursor, count);
      return [...entries.map(({ id }) => id), full];
    };
    expect(await ids("0-0", 2)).toEqual(["5-1", "5-2", true]);
    expect(await ids("5-2", 2)).toEqual(["6-0", false]);
    expect(await ids("6-0", 2)).toEqual([false]);
    expect(await readStream(redis, "none", "0-0", 2)).toEqual({ entries: [], full: false });
  });

  test("data that is no base64 is no data", async () => {
    const reply = [[base64("stream:car"), [[base64("5-1"), [base64("data"), "%%"]]]]];
    const { entries } = await readStream(answering({ result: reply }), "car", "0-0", 2);
    expect(entries[0]!.data()).toBeNull();
  });
});

describe("a range", () => {
  test("holds its end, and its begin only when asked for", async () => {
    const { fake, redis } = setup();
    for (const id of ["5-1", "5-2", "6-0", "7-0"]) fake.xadd("car", "7", DATA, id);
    const ids = async (inclusive: boolean, count: number) => {
      const { entries, full } = await readRange(redis, "car", { from: "5-1", inclusive, to: "6-0", count });
      return [...entries.map(({ id }) => id), full];
    };
    expect(await ids(true, 9)).toEqual(["5-1", "5-2", "6-0", false]);
    expect(await ids(false, 9)).toEqual(["5-2", "6-0", false]);
    expect(await ids(false, 2)).toEqual(["5-2", "6-0", true]);
    expect(await ids(false, 1)).toEqual(["5-2", true]);
  });
});

describe("the stream as a whole", () => {
  test("has its last id and its count of additions, also when all entries are gone", async () => {
    const { fake, redis } = setup();
    for (const id of ["5-1", "6-0"]) fake.xadd("car", "7", DATA, id);
    fake.xtrim("car", 0);
    expect(await readInfo(redis, "car")).toEqual({ lastId: "6-0", added: 2 });
  });

  test("is empty when it is not there; another type is an error", async () => {
    const { fake, redis } = setup();
    fake.hset("stream:hash", { a: "b" });
    expect(await readInfo(redis, "none")).toEqual({ lastId: "0-0", added: 0 });
    await expect(readInfo(redis, "hash")).rejects.toMatchObject({ code: "command" });
  });

  test("has no count of additions before Redis 7", async () => {
    const result = [base64("length"), 3, base64("last-generated-id"), base64("6-0")];
    expect(await readInfo(answering({ result }), "car")).toEqual({ lastId: "6-0", added: null });
  });

  test.each([
    null,
    3,
    base64("x"),
    [],
    [base64("last-generated-id")],
    [base64("last-generated-id"), base64("six")],
  ])("%j is malformed", async (result) => {
    await expect(readInfo(answering({ result }), "car")).rejects.toMatchObject({ code: "malformed" });
  });
});

describe("[M-06] in one transaction", () => {
  test("the entry, then the stream", async () => {
    const { fake, redis } = setup();
    fake.hset(PLACE.key, { streamSessionId: "7", streamName: "car" });
    fake.xadd("car", "7", DATA, "5-1");
    let path = "";
    fake.fault = (request) => {
      path = request.path;
      return undefined;
    };
    const { entry, read } = await readEntryAndStream(redis, PLACE, "car", "0-0", 9);
    expect(path).toBe("/multi-exec");
    expect(fake.commands.map(([name]) => name)).toEqual(["hmget", "XREAD"]);
    expect(entry).toMatchObject({ streamName: "car" });
    expect(read.entries).toHaveLength(1);
    expect(await readEntryAndStream(redis, { kind: "hash", key: "none" }, "none", "0-0", 9)).toEqual({
      entry: null,
      read: { entries: [], full: false },
    });
  });

  test("the end of the stream, then the entry", async () => {
    const { fake, redis } = setup();
    fake.hset(PLACE.key, { streamSessionId: "7", streamName: "car" });
    expect(await readTailAndEntry(redis, PLACE, "car")).toMatchObject({ tail: "0-0" });
    fake.commands.length = 0;
    for (const id of ["5-1", "6-0"]) fake.xadd("car", "7", DATA, id);
    expect(await readTailAndEntry(redis, PLACE, "car")).toMatchObject({
      tail: "6-0",
      entry: { streamName: "car" },
    });
    expect(fake.commands.map(([name]) => name)).toEqual(["XREVRANGE", "hmget"]);
  });

  test("an error of either command is an error of both", async () => {
    const results = [{ result: null }, { error: "WRONGTYPE x" }];
    for (const json of [results, results.toReversed()]) {
      const redis = answering(json);
      await expect(readTailAndEntry(redis, PLACE, "car")).rejects.toMatchObject({ code: "command" });
      await expect(readEntryAndStream(redis, PLACE, "car", "0-0", 9)).rejects.toMatchObject({
        code: "command",
      });
    }
  });
});

describe("a reply of another shape", () => {
  const ID = base64("5-1");
  const stream = (entries: unknown) => [[base64("stream:car"), entries]];
  test.each<[string, unknown]>([
    ["a number", 5],
    ["a text", base64("x")],
    ["no stream", []],
    ["a stream that is no pair", [base64("stream:car")]],
    ["a stream without entries", [[base64("stream:car")]]],
    ["entries that are a text", stream("x")],
    ["an entry that is null", stream([null])],
    ["an entry that is a text", stream([ID])],
    ["an entry without fields", stream([[ID]])],
    ["an entry whose fields are a text", stream([[ID, "x"]])],
    ["an entry without id", stream([[null, []]])],
    ["an id that is no base64", stream([["%", []]])],
    ["an id that is no stream id", stream([[base64("five"), []]])],
    [
      "a good entry before a bad one",
      stream([
        [ID, []],
        [null, []],
      ]),
    ],
  ])("%s is malformed", async (_, result) => {
    const malformed = expect.objectContaining({ constructor: GatewayError, code: "malformed" });
    await expect(readStream(answering({ result }), "car", "0-0", 9)).rejects.toEqual(malformed);
    const batch = answering([{ result: null }, { result }]);
    await expect(readEntryAndStream(batch, PLACE, "car", "0-0", 9)).rejects.toEqual(malformed);
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["a text", base64("5-1")],
    ["an entry without fields", [[ID]]],
    ["an id that is no stream id", [[base64("five"), []]]],
  ])("%s for the end of the stream is malformed", async (_, result) => {
    const redis = answering([{ result }, { result: null }]);
    await expect(readTailAndEntry(redis, PLACE, "car")).rejects.toMatchObject({ code: "malformed" });
  });

  test("a transaction with fewer replies than commands is malformed", async () => {
    await expect(readTailAndEntry(answering([]), PLACE, "car")).rejects.toMatchObject({
      code: "malformed",
    });
  });
});
