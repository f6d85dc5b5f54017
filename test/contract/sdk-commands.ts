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

/**
 * Runs the commands of the Upstash SDK, set up as it is by default: base64 replies, automatic deserialization and
 * auto-pipelining. Stands in for the SDK's own suite, which its package does not carry.
 */
export function sdkCommands(gateway: () => { url: string; token: string }): void {
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis({ ...gateway(), enableTelemetry: false });
  });
  describe.each(Object.entries(GROUPS))("the Upstash SDK: %s", (_, cases) => {
    test.each(cases.map((each) => [...each] as const))("%s", async (_title, run, expected) => {
      const prefix = `sdk:${randomUUID()}:`;
      expect(await run(redis, (name = "k") => prefix + name)).toEqual(expected);
    });
  });

  test("the table has at least 120 commands and no title twice", () => {
    const titles = Object.values(GROUPS).flatMap((cases) => cases.map(([title]) => title));
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.length).toBeGreaterThanOrEqual(120);
  });
}
