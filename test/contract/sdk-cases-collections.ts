import type { Redis } from "@upstash/redis";
import { expect } from "vitest";
import type { KeyOf, SdkCase } from "./sdk-commands.ts";

const hash = (r: Redis, k: KeyOf) => r.hset(k(), { a: 1, b: "two", c: { d: true } });
const list = (r: Redis, k: KeyOf) => r.rpush(k(), "a", "b", "c", "b");
const set = (r: Redis, k: KeyOf) => r.sadd<unknown>(k(), "a", "b", 3);
const sorted = (values: unknown) => (values as unknown[]).map(String).sort();

/** Two sets that have `b` in common. */
async function twoSets(r: Redis, k: KeyOf): Promise<[string, string]> {
  await Promise.all([r.sadd(k("x"), "a", "b"), r.sadd(k("y"), "b", "c")]);
  return [k("x"), k("y")];
}

export const COLLECTION_CASES: readonly SdkCase[] = [
  ["hset", hash, 3],
  ["hget", (r, k) => hash(r, k).then(() => r.hget(k(), "c")), { d: true }],
  ["hget of nothing", (r, k) => r.hget(k(), "a"), null],
  ["hgetall", (r, k) => hash(r, k).then(() => r.hgetall(k())), { a: 1, b: "two", c: { d: true } }],
  ["hgetall of nothing", (r, k) => r.hgetall(k()), null],
  ["hmget", (r, k) => hash(r, k).then(() => r.hmget(k(), "a", "none")), { a: 1, none: null }],
  ["hmset", (r, k) => r.hmset(k(), { a: 1 }), "OK"],
  ["hsetnx", (r, k) => hash(r, k).then(() => r.hsetnx(k(), "a", 9)), 0],
  ["hdel", (r, k) => hash(r, k).then(() => r.hdel(k(), "a", "none")), 1],
  ["hexists", (r, k) => hash(r, k).then(() => r.hexists(k(), "a")), 1],
  ["hincrby", (r, k) => hash(r, k).then(() => r.hincrby(k(), "a", 41)), 42],
  ["hincrbyfloat", (r, k) => hash(r, k).then(() => r.hincrbyfloat(k(), "a", 0.5)), 1.5],
  ["hkeys", (r, k) => hash(r, k).then(() => r.hkeys(k())), ["a", "b", "c"]],
  ["hvals", (r, k) => hash(r, k).then(() => r.hvals(k())), [1, "two", { d: true }]],
  ["hlen", (r, k) => hash(r, k).then(() => r.hlen(k())), 3],
  ["hstrlen", (r, k) => hash(r, k).then(() => r.hstrlen(k(), "b")), 3],
  ["hscan", (r, k) => r.hset(k(), { a: 1 }).then(() => r.hscan(k(), 0)), ["0", ["a", 1]]],
  ["hrandfield", (r, k) => r.hset(k(), { a: 1 }).then(() => r.hrandfield(k())), "a"],
  [
    "hrandfield with values",
    (r, k) => r.hset(k(), { a: 1 }).then(() => r.hrandfield(k(), 1, true)),
    { a: 1 },
  ],

  ["rpush", list, 4],
  ["lpush", (r, k) => r.lpush(k(), 1, 2), 2],
  ["lpushx of nothing", (r, k) => r.lpushx(k(), 1), 0],
  ["rpushx", (r, k) => list(r, k).then(() => r.rpushx(k(), "e")), 5],
  ["lrange", (r, k) => list(r, k).then(() => r.lrange(k(), 1, -2)), ["b", "c"]],
  [
    "lrange of objects",
    (r, k) => r.rpush<unknown>(k(), { a: 1 }, [2], 3).then(() => r.lrange(k(), 0, -1)),
    [{ a: 1 }, [2], 3],
  ],
  ["lindex", (r, k) => list(r, k).then(() => r.lindex(k(), -2)), "c"],
  ["linsert", (r, k) => list(r, k).then(() => r.linsert(k(), "before", "c", "x")), 5],
  ["llen", (r, k) => list(r, k).then(() => r.llen(k())), 4],
  ["lpop", (r, k) => list(r, k).then(() => r.lpop(k())), "a"],
  ["lpop of several", (r, k) => list(r, k).then(() => r.lpop(k(), 2)), ["a", "b"]],
  ["lpop of nothing", (r, k) => r.lpop(k()), null],
  ["rpop", (r, k) => list(r, k).then(() => r.rpop(k())), "b"],
  ["lpos", (r, k) => list(r, k).then(() => r.lpos(k(), "b", { rank: 2 })), 3],
  ["lpos of all", (r, k) => list(r, k).then(() => r.lpos(k(), "b", { count: 0 })), [1, 3]],
  ["lrem", (r, k) => list(r, k).then(() => r.lrem(k(), 0, "b")), 2],
  ["lset", (r, k) => list(r, k).then(() => r.lset(k(), 0, "x")), "OK"],
  ["ltrim", async (r, k) => [await list(r, k), await r.ltrim(k(), 0, 1), await r.llen(k())], [4, "OK", 2]],
  ["lmove", (r, k) => list(r, k).then(() => r.lmove(k(), k("to"), "left", "right")), "a"],
  ["lmpop", async (r, k) => (await list(r, k)) && (await r.lmpop(1, [k()], "LEFT", 2))?.[1], ["a", "b"]],

  ["sadd", set, 3],
  [
    "smembers",
    (r, k) =>
      set(r, k)
        .then(() => r.smembers(k()))
        .then(sorted),
    ["3", "a", "b"],
  ],
  ["smembers of nothing", (r, k) => r.smembers(k()), []],
  ["scard", (r, k) => set(r, k).then(() => r.scard(k())), 3],
  ["sismember", (r, k) => set(r, k).then(() => r.sismember(k(), 3)), 1],
  ["smismember", (r, k) => set(r, k).then(() => r.smismember(k(), ["a", "x"])), [1, 0]],
  ["srem", (r, k) => set(r, k).then(() => r.srem(k(), "a", "x")), 1],
  ["smove", (r, k) => set(r, k).then(() => r.smove(k(), k("to"), "a")), 1],
  ["spop", (r, k) => r.sadd(k(), "only").then(() => r.spop(k())), "only"],
  ["srandmember", (r, k) => r.sadd(k(), { a: 1 }).then(() => r.srandmember(k())), { a: 1 }],
  ["sdiff", (r, k) => twoSets(r, k).then(([x, y]) => r.sdiff(x, y)), ["a"]],
  ["sinter", (r, k) => twoSets(r, k).then(([x, y]) => r.sinter(x, y)), ["b"]],
  [
    "sunion",
    (r, k) =>
      twoSets(r, k)
        .then(([x, y]) => r.sunion(x, y))
        .then(sorted),
    ["a", "b", "c"],
  ],
  ["sdiffstore", (r, k) => twoSets(r, k).then(([x, y]) => r.sdiffstore(k(), x, y)), 1],
  ["sinterstore", (r, k) => twoSets(r, k).then(([x, y]) => r.sinterstore(k(), x, y)), 1],
  ["sunionstore", (r, k) => twoSets(r, k).then(([x, y]) => r.sunionstore(k(), x, y)), 3],
  ["sintercard", (r, k) => twoSets(r, k).then((keys) => r.sintercard(keys)), 1],
  ["sscan", (r, k) => r.sadd(k(), "a").then(() => r.sscan(k(), 0)), ["0", ["a"]]],
  [
    "a command for the wrong type",
    (r, k) =>
      list(r, k)
        .then(() => r.hlen(k()))
        .catch((error: Error) => error.message),
    expect.stringMatching(/WRONGTYPE/),
  ],
];
