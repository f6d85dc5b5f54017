import type { Redis } from "@upstash/redis";
import { expect } from "vitest";
import type { KeyOf, SdkCase } from "./sdk-commands.ts";

const scores = (r: Redis, k: KeyOf, name?: string) =>
  r.zadd(k(name), { score: 1, member: "a" }, { score: 2.5, member: "b" }, { score: 3, member: "c" });
const letters = (r: Redis, k: KeyOf) =>
  r.zadd(k(), { score: 0, member: "a" }, { score: 0, member: "b" }, { score: 0, member: "c" });
const cities = (r: Redis, k: KeyOf) =>
  r.geoadd(
    k(),
    { longitude: 13.361389, latitude: 38.115556, member: "Palermo" },
    { longitude: 15.087269, latitude: 37.502669, member: "Catania" },
  );

/** `x` as above, and `y` with `b` alone. */
async function two(r: Redis, k: KeyOf): Promise<[string, string]> {
  await Promise.all([scores(r, k, "x"), r.zadd(k("y"), { score: 10, member: "b" })]);
  return [k("x"), k("y")];
}

export const SORTED_SET_CASES: readonly SdkCase[] = [
  ["zadd", (r, k) => scores(r, k), 3],
  ["zadd nx", (r, k) => scores(r, k).then(() => r.zadd(k(), { nx: true }, { score: 9, member: "a" })), 0],
  [
    "zadd xx ch",
    (r, k) => scores(r, k).then(() => r.zadd(k(), { xx: true, ch: true }, { score: 9, member: "a" })),
    1,
  ],
  ["zcard", (r, k) => scores(r, k).then(() => r.zcard(k())), 3],
  ["zcount", (r, k) => scores(r, k).then(() => r.zcount(k(), "(1", "+inf")), 2],
  ["zscore", (r, k) => scores(r, k).then(() => r.zscore(k(), "b")), 2.5],
  ["zscore of nothing", (r, k) => r.zscore(k(), "b"), null],
  ["zmscore", (r, k) => scores(r, k).then(() => r.zmscore(k(), ["a", "x"])), [1, null]],
  ["zincrby", (r, k) => scores(r, k).then(() => r.zincrby(k(), 0.5, "b")), 3],
  ["zrank", (r, k) => scores(r, k).then(() => r.zrank(k(), "b")), 1],
  ["zrevrank", (r, k) => scores(r, k).then(() => r.zrevrank(k(), "a")), 2],
  ["zrange", (r, k) => scores(r, k).then(() => r.zrange(k(), 0, 1)), ["a", "b"]],
  [
    "zrange rev with scores",
    (r, k) => scores(r, k).then(() => r.zrange(k(), 0, 1, { rev: true, withScores: true })),
    ["c", 3, "b", 2.5],
  ],
  [
    "zrange by score",
    (r, k) => scores(r, k).then(() => r.zrange(k(), "(1", 3, { byScore: true, offset: 1, count: 5 })),
    ["c"],
  ],
  [
    "zrange by lex",
    (r, k) => letters(r, k).then(() => r.zrange(k(), "[b", "+", { byLex: true })),
    ["b", "c"],
  ],
  [
    "zrange of objects",
    (r, k) => r.zadd(k(), { score: 1, member: { a: 1 } }).then(() => r.zrange(k(), 0, -1)),
    [{ a: 1 }],
  ],
  ["zlexcount", (r, k) => letters(r, k).then(() => r.zlexcount(k(), "-", "(c")), 2],
  ["zrem", (r, k) => scores(r, k).then(() => r.zrem(k(), "a", "x")), 1],
  ["zremrangebyrank", (r, k) => scores(r, k).then(() => r.zremrangebyrank(k(), 0, 1)), 2],
  ["zremrangebyscore", (r, k) => scores(r, k).then(() => r.zremrangebyscore(k(), 2, 3)), 2],
  ["zremrangebylex", (r, k) => letters(r, k).then(() => r.zremrangebylex(k(), "[a", "[b")), 2],
  ["zpopmin", (r, k) => scores(r, k).then(() => r.zpopmin(k())), ["a", 1]],
  ["zpopmax of several", (r, k) => scores(r, k).then(() => r.zpopmax(k(), 2)), ["c", 3, "b", 2.5]],
  [
    "zscan",
    (r, k) => r.zadd(k(), { score: 1.5, member: "a" }).then(() => r.zscan(k(), 0)),
    ["0", ["a", 1.5]],
  ],
  [
    "zunion",
    (r, k) => two(r, k).then((keys) => r.zunion(2, keys, { withScores: true })),
    ["a", 1, "c", 3, "b", 12.5],
  ],
  ["zunionstore", (r, k) => two(r, k).then((keys) => r.zunionstore(k(), 2, keys, { aggregate: "max" })), 3],
  [
    "zinterstore",
    (r, k) =>
      two(r, k)
        .then((keys) => r.zinterstore(k(), 2, keys, { weights: [2, 1] }))
        .then(() => r.zscore(k(), "b")),
    15,
  ],
  ["zdiffstore", (r, k) => two(r, k).then((keys) => r.zdiffstore(k(), 2, ...keys)), 2],

  ["geoadd", cities, 2],
  ["geodist", (r, k) => cities(r, k).then(() => r.geodist(k(), "Palermo", "Catania", "KM")), 166.2742],
  ["geohash", (r, k) => cities(r, k).then(() => r.geohash(k(), "Palermo", "Nowhere")), ["sqc8b49rny0", null]],
  [
    "geopos",
    (r, k) => cities(r, k).then(() => r.geopos(k(), "Catania")),
    [{ lng: expect.closeTo(15.087269, 4), lat: expect.closeTo(37.502669, 4) }],
  ],
  [
    "geosearch",
    (r, k) =>
      cities(r, k).then(() =>
        r.geosearch(
          k(),
          { type: "FROMLONLAT", coordinate: { lon: 15, lat: 37 } },
          { type: "BYRADIUS", radius: 200, radiusType: "KM" },
          "ASC",
        ),
      ),
    [{ member: "Catania" }, { member: "Palermo" }],
  ],
  [
    "geosearchstore",
    (r, k) =>
      cities(r, k).then(() =>
        r.geosearchstore(
          k("to"),
          k(),
          { type: "FROMMEMBER", member: "Palermo" },
          { type: "BYBOX", rect: { width: 10, height: 10 }, rectType: "KM" },
          "ASC",
        ),
      ),
    1,
  ],
];
