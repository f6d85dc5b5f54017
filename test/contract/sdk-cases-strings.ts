import { expect } from "vitest";
import type { SdkCase } from "./sdk-commands.ts";

export const STRING_CASES: readonly SdkCase[] = [
  ["set", (r, k) => r.set(k(), "text"), "OK"],
  ["get of text", (r, k) => r.set(k(), "värde 🏁").then(() => r.get(k())), "värde 🏁"],
  ["get of nothing", (r, k) => r.get(k()), null],
  ["get of a number", (r, k) => r.set(k(), 12.5).then(() => r.get(k())), 12.5],
  ["get of digits that were text", (r, k) => r.set(k(), "1234").then(() => r.get(k())), 1234],
  ["get of an object", (r, k) => r.set(k(), { a: [1, null] }).then(() => r.get(k())), { a: [1, null] }],
  ["get of a boolean", (r, k) => r.set(k(), true).then(() => r.get(k())), true],
  ["get of the text OK", (r, k) => r.set(k(), "OK").then(() => r.get(k())), "OK"],
  ["get of an empty text", (r, k) => r.set(k(), "").then(() => r.get(k())), ""],
  [
    "get of an integer beyond 2^53",
    (r, k) => r.set(k(), "9007199254740993").then(() => r.get(k())),
    "9007199254740993",
  ],
  ["set nx of a key that is there", (r, k) => r.set(k(), 1).then(() => r.set(k(), 2, { nx: true })), null],
  ["set xx of a key that is not", (r, k) => r.set(k(), 1, { xx: true }), null],
  ["set get", (r, k) => r.set(k(), "old").then(() => r.set(k(), "new", { get: true })), "old"],
  ["set ex and ttl", (r, k) => r.set(k(), 1, { ex: 100 }).then(() => r.ttl(k())), expect.closeTo(100, -1)],
  ["setex", (r, k) => r.setex(k(), 100, "v"), "OK"],
  [
    "psetex and pttl",
    (r, k) => r.psetex(k(), 100_000, "v").then(() => r.pttl(k())),
    expect.closeTo(100_000, -4),
  ],
  ["setnx", async (r, k) => [await r.setnx(k(), 1), await r.setnx(k(), 2)], [1, 0]],
  ["getset", (r, k) => r.set(k(), 1).then(() => r.getset(k(), 2)), 1],
  [
    "getdel",
    async (r, k) => [await r.set(k(), "v"), await r.getdel(k()), await r.get(k())],
    ["OK", "v", null],
  ],
  ["getex", (r, k) => r.set(k(), "v").then(() => r.getex(k(), { ex: 10 })), "v"],
  ["getrange", (r, k) => r.set(k(), "leading edge").then(() => r.getrange(k(), 0, 6)), "leading"],
  ["setrange", (r, k) => r.set(k(), "leading").then(() => r.setrange(k(), 0, "L")), 7],
  ["append", (r, k) => r.append(k(), "ab"), 2],
  ["strlen", (r, k) => r.set(k(), "värde").then(() => r.strlen(k())), 6],
  ["incr", (r, k) => r.incr(k()), 1],
  ["incrby", (r, k) => r.incrby(k(), 41), 41],
  ["incrbyfloat", (r, k) => r.incrbyfloat(k(), 1.5), 1.5],
  ["decr", (r, k) => r.decr(k()), -1],
  ["decrby", (r, k) => r.decrby(k(), 7), -7],
  ["mset", (r, k) => r.mset({ [k("a")]: 1, [k("b")]: { c: 2 } }), "OK"],
  [
    "mget",
    (r, k) => r.mset({ [k("a")]: 1, [k("b")]: { c: 2 } }).then(() => r.mget(k("a"), k(), k("b"))),
    [1, null, { c: 2 }],
  ],
  ["msetnx", (r, k) => r.set(k("a"), 1).then(() => r.msetnx({ [k("a")]: 2, [k("b")]: 2 })), 0],
  ["setbit and getbit", async (r, k) => [await r.setbit(k(), 7, 1), await r.getbit(k(), 7)], [0, 1]],
  ["bitcount", (r, k) => r.set(k(), "foobar").then(() => r.bitcount(k(), 0, -1)), 26],
  ["bitcount of a range", (r, k) => r.set(k(), "foobar").then(() => r.bitcount(k(), 1, 1)), 6],
  ["bitpos", (r, k) => r.setbit(k(), 11, 1).then(() => r.bitpos(k(), 1)), 11],
  [
    "bitop",
    (r, k) => r.mset({ [k("a")]: "a", [k("b")]: "b" }).then(() => r.bitop("or", k(), k("a"), k("b"))),
    1,
  ],
  [
    "bitfield, which auto-pipelining cannot chain",
    (r, k) =>
      r
        .pipeline()
        .bitfield(k())
        .set("u8", 0, 200)
        .overflow("SAT")
        .incrby("u8", 0, 100)
        .get("u4", 0)
        .exec()
        .exec(),
    [[0, 255, 15]],
  ],
  ["pfadd", async (r, k) => [await r.pfadd(k(), "a", "b"), await r.pfadd(k(), "a")], [1, 0]],
  ["pfcount", (r, k) => r.pfadd(k(), "a", "b").then(() => r.pfcount(k())), 2],
  ["pfmerge", (r, k) => r.pfadd(k("a"), "a").then(() => r.pfmerge(k(), k("a"))), "OK"],
  ["del", (r, k) => r.mset({ [k("a")]: 1, [k("b")]: 2 }).then(() => r.del(k("a"), k("b"), k())), 2],
  ["unlink", (r, k) => r.set(k(), 1).then(() => r.unlink(k())), 1],
  ["exists", (r, k) => r.set(k(), 1).then(() => r.exists(k(), k(), k("a"))), 2],
  [
    "expire and persist",
    async (r, k) => [await r.set(k(), 1), await r.expire(k(), 9), await r.persist(k())],
    ["OK", 1, 1],
  ],
  ["expire of nothing", (r, k) => r.expire(k(), 10), 0],
  ["expireat", (r, k) => r.set(k(), 1).then(() => r.expireat(k(), 4_000_000_000)), 1],
  ["pexpire", (r, k) => r.set(k(), 1).then(() => r.pexpire(k(), 100_000)), 1],
  ["pexpireat", (r, k) => r.set(k(), 1).then(() => r.pexpireat(k(), 4_000_000_000_000)), 1],
  [
    "ttl of what stays, and of nothing",
    async (r, k) => [await r.set(k(), 1), await r.ttl(k()), await r.ttl(k("a"))],
    ["OK", -1, -2],
  ],
  [
    "rename",
    async (r, k) => [await r.set(k("a"), 1), await r.rename(k("a"), k()), await r.get(k())],
    ["OK", "OK", 1],
  ],
  ["renamenx", (r, k) => r.mset({ [k("a")]: 1, [k()]: 2 }).then(() => r.renamenx(k("a"), k())), 0],
  [
    "copy",
    async (r, k) => [await r.set(k("a"), 1), await r.copy(k("a"), k()), await r.copy(k("a"), k())],
    ["OK", "COPIED", "NOT_COPIED"],
  ],
  ["touch", (r, k) => r.set(k(), 1).then(() => r.touch(k(), k("a"))), 1],
  ["type", (r, k) => r.set(k(), 1).then(() => r.type(k())), "string"],
  ["type of nothing", (r, k) => r.type(k()), "none"],
  ["keys", async (r, k) => [await r.set(k("only"), 1), (await r.keys(`${k("on")}*`)).length], ["OK", 1]],
  [
    "scan",
    async (r, k) => [await r.set(k(), 1), (await r.scan(0, { match: k(), count: 1_000_000 }))[1]],
    ["OK", [expect.any(String)]],
  ],
  ["randomkey", (r, k) => r.set(k(), 1).then(() => r.randomkey()), expect.any(String)],
  ["dbsize", (r, k) => r.set(k(), 1).then(() => r.dbsize()), expect.any(Number)],
  ["echo", (r) => r.echo("hei"), "hei"],
  ["ping", (r) => r.ping(), "PONG"],
  ["ping of a text", (r) => r.ping(["hei"]), "hei"],
  ["time", (r) => r.time(), [expect.any(Number), expect.any(Number)]],
  ["flushdb", async (r, k) => [await r.set(k(), 1), await r.flushdb(), await r.exists(k())], ["OK", "OK", 0]],
  [
    "flushall",
    async (r, k) => [await r.set(k(), 1), await r.flushall([{ async: true }]), await r.exists(k())],
    ["OK", "OK", 0],
  ],
  ["publish to nobody", (r, k) => r.publish(k(), { a: 1 }), 0],
];
