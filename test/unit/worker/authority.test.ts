import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Authority } from "../../../src/worker/authority.ts";
import { makeKey, type SigningKey } from "../../fakes/token-authority.ts";

const ISSUER = "https://login.test/realm";
const MINUTE_MS = 60_000;

let key: SigningKey;
beforeAll(async () => {
  key = await makeKey("ES256", "k");
});

/** An authority whose documents, clock and outages belong to the test. */
class Bench {
  nowMs = 1_000_000_000;
  fetched: string[] = [];
  failures: string[] = [];
  /** What a URL answers; a text goes out as it is. */
  documents: Record<string, unknown> = {
    [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: "https://keys.test/k" },
    "https://keys.test/k": { keys: [] },
  };
  status = 200;
  /** Awaited by each request. */
  gate: Promise<void> = Promise.resolve();
  readonly authority: Authority;

  constructor(issuer = ISSUER) {
    this.authority = new Authority(issuer, {
      fetch: async (input) => {
        this.fetched.push(String(input));
        await this.gate;
        const document = this.documents[String(input)];
        if (document === undefined) throw new TypeError("no connection");
        const body = typeof document === "string" ? document : JSON.stringify(document);
        return new Response(body, { status: this.status });
      },
      now: () => this.nowMs,
      sleep: (ms) => {
        this.nowMs += ms;
        return new Promise((resolve) => setImmediate(resolve));
      },
      onFailure: (reason) => this.failures.push(reason),
    });
  }

  publish(...keys: SigningKey[]): void {
    this.documents["https://keys.test/k"] = { keys: keys.map(({ jwk }) => jwk) };
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.publish(key);
});

describe("keys", () => {
  test("[U-01] are fetched once, and again after ten minutes", async () => {
    const keys = await bench.authority.keys();
    expect(keys?.keys).toHaveLength(1);
    bench.nowMs += 9 * MINUTE_MS;
    expect(await bench.authority.keys()).toBe(keys);
    expect(bench.fetched).toHaveLength(2);
    bench.nowMs += MINUTE_MS;
    bench.publish();
    expect((await bench.authority.keys())?.keys).toHaveLength(0);
    expect(bench.fetched).toHaveLength(4);
  });

  test("[U-01] go on for twelve hours while the authority is away, and no longer", async () => {
    const keys = await bench.authority.keys();
    bench.documents = {};
    bench.nowMs += 11 * 60 * MINUTE_MS;
    expect(await bench.authority.keys()).toBe(keys);
    bench.nowMs += 60 * MINUTE_MS;
    expect(await bench.authority.keys()).toBeNull();
    bench.documents = new Bench().documents;
    bench.publish(key);
    expect(await bench.authority.keys()).toBeNull();
    bench.nowMs += 5_000;
    expect((await bench.authority.keys())?.keys).toHaveLength(1);
  });

  test("an authority that is away is asked every five seconds at most", async () => {
    bench.documents = {};
    for (let i = 0; i < 10; i++) expect(await bench.authority.keys()).toBeNull();
    expect(bench.fetched).toHaveLength(1);
    bench.nowMs += 5_000;
    await bench.authority.keys();
    expect(bench.fetched).toHaveLength(2);
  });

  test("a crowd that comes at once fetches once", async () => {
    let open = (): void => {};
    bench.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = bench.authority.keys();
    const others = Array.from({ length: 20 }, () => bench.authority.keys());
    open();
    const all = await Promise.all([first, ...others]);
    expect(new Set(all.map((keys) => keys?.keys.length))).toEqual(new Set([1]));
    expect(bench.fetched).toHaveLength(2);
  });
});

describe("a key that is not known", () => {
  test("[U-01] is found when the authority has it", async () => {
    const keys = (await bench.authority.keys())!;
    bench.publish(key, await makeKey("ES256", "new"));
    expect((await bench.authority.keysBeyond(keys))?.keys).toHaveLength(2);
    expect(await bench.authority.keysBeyond(keys)).toBe(await bench.authority.keys());
  });

  test("[U-02] [Y-07] is looked for every ten seconds at most", async () => {
    let keys = (await bench.authority.keys())!;
    for (let i = 0; i < 10; i++) keys = (await bench.authority.keysBeyond(keys))!;
    expect(bench.fetched).toHaveLength(4);
    bench.nowMs += 10_000;
    await bench.authority.keysBeyond(keys);
    expect(bench.fetched).toHaveLength(6);
  });

  test("cannot be judged while the authority is away", async () => {
    const keys = (await bench.authority.keys())!;
    bench.documents = {};
    bench.nowMs += 1;
    expect(await bench.authority.keysBeyond(keys)).toBeNull();
    expect(await bench.authority.keysBeyond(keys)).toBeNull();
    expect(await bench.authority.keys()).toBe(keys);
  });
});

describe("[U-02] documents that are not what they should be are not used", () => {
  const discovery = `${ISSUER}/.well-known/openid-configuration`;
  test.each<[string, string, unknown, RegExp]>([
    [
      "another issuer",
      discovery,
      { issuer: `${ISSUER}/`, jwks_uri: "https://keys.test/k" },
      /another issuer/,
    ],
    ["keys without TLS", discovery, { issuer: ISSUER, jwks_uri: "http://keys.test/k" }, /jwks_uri/],
    ["no place of keys", discovery, { issuer: ISSUER }, /jwks_uri/],
    ["no JSON", discovery, "<html>", /not JSON/],
    ["null", discovery, "null", /not a JSON object/],
    ["no key set", "https://keys.test/k", { keys: {} }, /key set/],
    ["too much", "https://keys.test/k", `{"keys":[],"x":"${"x".repeat(256 * 1024)}"}`, /over 262144 bytes/],
    ["no answer", "https://keys.test/k", undefined, /no answer/],
  ])("%s", async (_, url, document, reason) => {
    bench.documents[url] = document;
    expect(await bench.authority.keys()).toBeNull();
    expect(bench.failures).toEqual([expect.stringMatching(reason)]);
  });

  test("a redirect is not followed", async () => {
    bench.status = 302;
    expect(await bench.authority.keys()).toBeNull();
    expect(bench.failures).toEqual(["status 302"]);
  });

  test("an issuer with a slash at the end has its discovery document below it", async () => {
    const slashed = new Bench(`${ISSUER}/`);
    slashed.documents[discovery] = { issuer: `${ISSUER}/`, jwks_uri: "https://keys.test/k" };
    slashed.publish(key);
    expect((await slashed.authority.keys())?.keys).toHaveLength(1);
  });
});
