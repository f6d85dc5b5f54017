import { describe, expect, test } from "vitest";
import { type EntryPlace, entryPlaces, findEntry } from "../../../src/redis/directory.ts";
import { createGateway, GatewayError } from "../../../src/redis/gateway.ts";
import { FakeRedis } from "../../fakes/fake-redis.ts";

const FIELDS = { streamSessionId: "7", streamName: "car", streamPosition: "0-0", json: "{}" };

function setup(): {
  fake: FakeRedis;
  find: (identity: string, template?: string) => ReturnType<typeof findEntry>;
} {
  const fake = new FakeRedis(() => 0);
  const redis = createGateway({ url: "http://gateway", token: "t", fetch: fake.fetch });
  return { fake, find: (identity, template) => findEntry(redis, entryPlaces(identity, template)) };
}

const keys = (places: EntryPlace[]): string[] =>
  places.map((place) => (place.kind === "hash" ? place.key : `${place.key}[${place.field}]`));

describe("[R-02] places", () => {
  test("the likeliest first", () => {
    expect(keys(entryPlaces("s1"))).toEqual(["sessions:s1", "session:s1", "sessions[s1]", "s1"]);
  });

  test.each(["sessions:x", "session:x", "stream:car"])(
    "the identity %s does not reach a key of that name",
    (identity) => {
      expect(keys(entryPlaces(identity))).not.toContain(identity);
    },
  );

  test("a template is the only place, whatever characters the identity has", () => {
    expect(keys(entryPlaces("a b/c%", "live:{identity}:entry"))).toEqual(["live:a b/c%:entry"]);
    expect(keys(entryPlaces("$&$1", "x{identity}"))).toEqual(["x$&$1"]);
    expect(keys(entryPlaces("s", "{identity}:{identity}"))).toEqual(["s:s"]);
  });
});

describe("[R-02] looking", () => {
  test("costs one request", async () => {
    const { fake, find } = setup();
    let requests = 0;
    fake.fault = () => {
      requests++;
      return undefined;
    };
    expect(await find("s1")).toBeNull();
    expect(requests).toBe(1);
  });

  test("the first place that names a stream wins, not the first that exists", async () => {
    const { fake, find } = setup();
    fake.hset("sessions:s1", { lastUpdated: "1" });
    fake.hset("session:s1", { ...FIELDS, streamName: "two" });
    fake.hset("s1", { ...FIELDS, streamName: "four" });
    expect(await find("s1")).toMatchObject({ place: { key: "session:s1" }, entry: { streamName: "two" } });
    fake.hset("sessions:s1", { ...FIELDS, streamName: "one" });
    expect(await find("s1")).toMatchObject({ place: { key: "sessions:s1" }, entry: { streamName: "one" } });
  });

  test("a key of another type is not the place", async () => {
    const { fake, find } = setup();
    fake.xadd("x", "7", new Uint8Array(1));
    fake.streams.set("sessions:s1", []);
    fake.hset("s1", FIELDS);
    expect(await find("s1")).toMatchObject({ place: { kind: "hash", key: "s1" } });
  });

  test("any other error is an error, not a missing session", async () => {
    const { fake, find } = setup();
    fake.fault = () =>
      Response.json([{ error: "NOPERM no" }, { result: null }, { result: null }, { result: null }]);
    await expect(find("s1")).rejects.toMatchObject({ code: "command" });
    fake.fault = () => new Response("", { status: 502 });
    await expect(find("s1")).rejects.toThrow(GatewayError);
  });
});
