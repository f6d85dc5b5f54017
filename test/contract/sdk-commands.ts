import { randomUUID } from "node:crypto";
import { Redis } from "@upstash/redis";
import { beforeAll, describe, expect, test } from "vitest";
import { BATCH_CASES } from "./sdk-cases-batches.ts";
import { COLLECTION_CASES } from "./sdk-cases-collections.ts";
import { SORTED_SET_CASES } from "./sdk-cases-sorted-sets.ts";
import { STREAM_CASES } from "./sdk-cases-streams.ts";
import { STRING_CASES } from "./sdk-cases-strings.ts";

/** A key of this case alone. */
export type KeyOf = (name?: string) => string;

/** What a caller of the SDK does, and the result that the SDK's types and documentation promise. */
export type SdkCase = readonly [
  title: string,
  run: (redis: Redis, k: KeyOf) => Promise<unknown>,
  expected: unknown,
];

const GROUPS: Readonly<Record<string, readonly SdkCase[]>> = {
  "strings and keys": STRING_CASES,
  "hashes, lists and sets": COLLECTION_CASES,
  "sorted sets and places": SORTED_SET_CASES,
  streams: STREAM_CASES,
  "scripts, transactions and pipelines": BATCH_CASES,
};

/** Members of the SDK's client that send nothing themselves. */
const NO_COMMANDS =
  "addTelemetry autoPipeline client constructor enableAutoPipelining enableTelemetry opts readYourWritesSyncToken use";

/** Commands of the SDK without a case, by the reason why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "Redis 7.0 has no such command": [
    "hexpire hexpireat hexpiretime hpersist hpexpire hpexpireat hpexpiretime hpttl httl hgetdel hgetex hsetex",
    "xackdel xdelex json search vector",
    "arcount ardel ardelrange arget argetrange argrep arinfo arinsert arlastitems arlen armget armset arnext arop",
    "arring arscan arseek arset",
  ].join(" "),
  "they change the connection that all requests share": "clientSetinfo",
  "the SDK's own auto-pipelining breaks it (1.39)": "bitfield",
  "they need a connection that stays: docs/GATEWAY.md": "subscribe psubscribe",
};

/** All that the SDK's client can do, by name; commands of a group with the group's name before them. */
function membersOf(redis: Redis): string[] {
  const names = new Set<string>();
  for (let o: object = redis; o !== Object.prototype; o = Object.getPrototypeOf(o)) {
    for (const name of Object.getOwnPropertyNames(o)) names.add(name);
  }
  names.delete("functions");
  return [...names, ...Object.keys(redis.functions).map((name) => `functions.${name}`)];
}

/** The client, telling the names of what is used of it. */
function recorded<T extends object>(client: T, used: Set<string>, prefix = ""): T {
  return new Proxy(client, {
    get(target, name) {
      used.add(prefix + String(name));
      const value: unknown = Reflect.get(target, name, target);
      if (name === "functions") return recorded(value as object, used, "functions.");
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/**
 * Runs the commands of the Upstash SDK, set up as it is by default: base64 replies, automatic deserialization and
 * auto-pipelining. Stands in for the SDK's own suite, which its package does not carry.
 */
export function sdkCommands(gateway: () => { url: string; token: string }): void {
  const used = new Set<string>();
  let redis: Redis;
  beforeAll(() => {
    redis = recorded(new Redis({ ...gateway(), enableTelemetry: false }), used);
  });
  describe.each(Object.entries(GROUPS))("the Upstash SDK: %s", (_, cases) => {
    test.each(cases.map((each) => [...each] as const))("%s", async (_title, run, expected) => {
      const prefix = `sdk:${randomUUID()}:`;
      expect(await run(redis, (name = "k") => prefix + name)).toEqual(expected);
    });
  });

  test("no command of the SDK is without a case, but for those left out", () => {
    const known = Object.values(LEFT_OUT).join(" ").split(" ");
    const plain = new Redis({ ...gateway(), enableAutoPipelining: false });
    const members = membersOf(plain).filter((name) => !NO_COMMANDS.split(" ").includes(name));
    expect(members.filter((name) => !used.has(name)).sort()).toEqual(known.sort());
    expect(members.length - known.length).toBeGreaterThan(150);
  });

  test("no title comes twice", () => {
    const titles = Object.values(GROUPS).flatMap((cases) => cases.map(([title]) => title));
    expect(new Set(titles).size).toBe(titles.length);
  });
}
