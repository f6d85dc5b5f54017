import { describe, expect, test } from "vitest";
import { createGateway, GatewayError } from "../../../src/redis/gateway.ts";
import {
  type ReadRequest,
  readBack,
  readInfo,
  readRange,
  readStream,
  readTailAndEntry,
} from "../../../src/redis/reader.ts";
import { FakeRedis } from "../../fakes/fake-redis.ts";

const PLACE = { kind: "hash", key: "sessions:s1" } as const;
const DATA = Uint8Array.from({ length: 256 }, (_, i) => i);
const DIGEST = 1466683691;

function setup() {
  const fake = new FakeRedis(() => 0);
  const redis = createGateway({ url: "http://gateway", token: "t", fetch: fake.fetch });
  return { fake, redis };
}

/** A gateway that answers everything with the same JSON. */
const answering = (json: unknown) =>
  createGateway({ url: "http://gateway", token: "t", fetch: async () => Response.json(json) });

/** What a read of stream `car` asks for. */
const from = (cursor: string, count: number, more: Partial<ReadRequest> = {}): ReadRequest => ({
  ...{ name: "car", cursor, count, proof: null, place: null },
  ...more,
});

/** Of an entry with `DATA`. */
const fingerprintOf = (id: string): string => `${id}/344/${DIGEST}`;

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
    const { entries, full } = await readStream(redis, from("0-0", 2));
    expect(full).toBe(false);
    expect(entries).toMatchObject([{ id: "5-1", sessionId: "7", encodedBytes: 344 }]);
    expect(entries[0]!.data()).toEqual(DATA);
  });

  test("without id or data are entries all the same", async () => {
    const { fake, redis } = setup();
    fake.xaddFields("car", [["x", "y"]], "5-1");
    const { entries } = await readStream(redis, from("0-0", 2));
    expect(entries).toMatchObject([{ id: "5-1", sessionId: null, encodedBytes: 0 }]);
    expect(entries[0]!.data()).toBeNull();
  });

  test("are those after the cursor, in order, and full says that there may be more", async () => {
    const { fake, redis } = setup();
    for (const id of ["5-1", "5-2", "6-0"]) fake.xadd("car", "7", DATA, id);
    const ids = async (cursor: string, count: number) => {
      const { entries, full } = await readStream(redis, from(cursor, count));
      return [...entries.map(({ id }) => id), full];
    };
    expect(await ids("0-0", 2)).toEqual(["5-1", "5-2", true]);
    expect(await ids("5-2", 2)).toEqual(["6-0", false]);
    expect(await ids("6-0", 2)).toEqual([false]);
    const none = await readStream(redis, from("0-0", 2, { name: "none" }));
    expect(none).toMatchObject({ entries: [], full: false, proven: true, commands: 1 });
  });

  test("data that is no base64 is no data", async () => {
    const reply = [[base64("stream:car"), [[base64("5-1"), [base64("data"), "%%"]]]]];
    const { entries } = await readStream(answering({ result: reply }), from("0-0", 2));
    expect(entries[0]!.data()).toBeNull();
  });
});

describe("a proof that the stream is as it was read", () => {
  const PROOF = fingerprintOf("5-2");

  /** What is read after `cursor`, and whether the proof was there. */
  async function readWith(proof: string, cursor: string, removed: string[] = []) {
    const { fake, redis } = setup();
    for (const id of ["5-1", "5-2", "6-0", "7-0"]) if (!removed.includes(id)) fake.xadd("car", "7", DATA, id);
    const { entries, full, proven, commands } = await readStream(redis, from(cursor, 2, { proof }));
    return { ids: entries.map(({ id }) => id), full, proven, commands };
  }

  test("at the cursor comes with the news, in one command, and is none itself", async () => {
    const whole = { ids: ["6-0", "7-0"], full: true, proven: true, commands: 1 };
    expect(await readWith(PROOF, "5-2")).toEqual(whole);
    const atEnd = { ids: [], full: false, proven: true, commands: 1 };
    expect(await readWith(fingerprintOf("7-0"), "7-0")).toEqual(atEnd);
  });

  test("beyond the cursor takes a command of its own", async () => {
    expect(await readWith(fingerprintOf("6-0"), "5-1")).toMatchObject({
      ids: ["5-2", "6-0"],
      proven: true,
      commands: 2,
    });
  });

  test.each([
    ["is gone", PROOF, ["5-2"]],
    ["is another of the same id", `${PROOF}0`, []],
    ["is gone with all that followed", PROOF, ["5-2", "6-0", "7-0"]],
  ])("fails when the entry %s", async (_, proof, removed) => {
    for (const cursor of ["5-2", "5-1"]) {
      expect(await readWith(proof, cursor, removed)).toMatchObject({ proven: false });
    }
  });
});

describe("a range", () => {
  const IDS = ["5-1", "5-2", "6-0", "7-0"];

  test("holds its end, not its begin", async () => {
    const { fake, redis } = setup();
    for (const id of IDS) fake.xadd("car", "7", DATA, id);
    for (const proof of [null, fingerprintOf("7-0")]) {
      const ids = async (count: number) => {
        const request = { name: "car", after: "5-1", to: "6-0", count, proof };
        const { entries, full, proven } = await readRange(redis, request);
        return [...entries.map(({ id }) => id), full, proven];
      };
      expect(await ids(9)).toEqual(["5-2", "6-0", false, true]);
      expect(await ids(2)).toEqual(["5-2", "6-0", true, true]);
      expect(await ids(1)).toEqual(["5-2", true, true]);
    }
  });

  test("of a stream that lost its proof is not proven", async () => {
    const { fake, redis } = setup();
    for (const id of IDS) fake.xadd("car", "7", DATA, id);
    const request = { name: "car", after: "5-1", to: "6-0", count: 9, proof: fingerprintOf("8-0") };
    expect(await readRange(redis, request)).toMatchObject({ proven: false });
  });

  test("back from an id comes newest first", async () => {
    const { fake, redis } = setup();
    for (const id of IDS) fake.xadd("car", "7", DATA, id);
    const ids = async (to: string, count: number) =>
      (await readBack(redis, "car", to, count)).map(({ id }) => id);
    expect(await ids("6-0", 2)).toEqual(["6-0", "5-2"]);
    expect(await ids("(6-0", 9)).toEqual(["5-2", "5-1"]);
  });
});

describe("the stream as a whole", () => {
  test("has its first and last id and its counts, also when all entries are gone", async () => {
    const { fake, redis } = setup();
    for (const id of ["5-1", "6-0"]) fake.xadd("car", "7", DATA, id);
    const info = { lastId: "6-0", added: 2 };
    expect(await readInfo(redis, "car")).toEqual({ firstId: "5-1", length: 2, ...info });
    fake.xtrim("car", 0);
    expect(await readInfo(redis, "car")).toEqual({ firstId: null, length: 0, ...info });
  });

  test("is empty when it is not there; another type is an error", async () => {
    const { fake, redis } = setup();
    fake.hset("stream:hash", { a: "b" });
    expect(await readInfo(redis, "none")).toEqual({ firstId: null, lastId: "0-0", length: 0, added: 0 });
    await expect(readInfo(redis, "hash")).rejects.toMatchObject({ code: "command" });
  });

  test("has no count of additions before Redis 7", async () => {
    const result = [base64("length"), 3, base64("last-generated-id"), base64("6-0")];
    expect(await readInfo(answering({ result }), "car")).toMatchObject({
      lastId: "6-0",
      length: 3,
      added: null,
    });
  });

  test.each([
    null,
    3,
    base64("x"),
    [],
    [base64("last-generated-id")],
    [base64("last-generated-id"), base64("six")],
    [base64("last-generated-id"), base64("6-0")],
    [base64("length"), 1, base64("last-generated-id"), base64("6-0"), base64("first-entry"), [5]],
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
    const { entry, entries, commands } = await readStream(redis, from("0-0", 9, { place: PLACE }));
    expect(path).toBe("/multi-exec");
    expect(fake.commands.map(([name]) => name)).toEqual(["hmget", "XREAD"]);
    expect(entry).toMatchObject({ streamName: "car" });
    expect(entries).toHaveLength(1);
    expect(commands).toBe(2);
    const none = from("0-0", 9, { name: "none", place: { kind: "hash", key: "none" } });
    expect(await readStream(redis, none)).toMatchObject({ entry: null, entries: [], full: false });
  });

  test("the end of the stream, then the entry", async () => {
    const { fake, redis } = setup();
    fake.hset(PLACE.key, { streamSessionId: "7", streamName: "car" });
    expect(await readTailAndEntry(redis, PLACE, "car")).toMatchObject({ tail: null });
    fake.commands.length = 0;
    for (const id of ["5-1", "6-0"]) fake.xadd("car", "7", DATA, id);
    expect(await readTailAndEntry(redis, PLACE, "car")).toMatchObject({
      tail: { id: "6-0" },
      entry: { streamName: "car" },
    });
    expect(fake.commands.map(([name]) => name)).toEqual(["XREVRANGE", "hmget"]);
  });

  test("an error of either command is an error of both", async () => {
    const results = [{ result: null }, { error: "WRONGTYPE x" }];
    for (const json of [results, results.toReversed()]) {
      const redis = answering(json);
      await expect(readTailAndEntry(redis, PLACE, "car")).rejects.toMatchObject({ code: "command" });
      const both = readStream(redis, from("0-0", 9, { place: PLACE }));
      await expect(both).rejects.toMatchObject({ code: "command" });
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
    await expect(readStream(answering({ result }), from("0-0", 9))).rejects.toEqual(malformed);
    const batch = answering([{ result: null }, { result }]);
    await expect(readStream(batch, from("0-0", 9, { place: PLACE }))).rejects.toEqual(malformed);
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
