import type { Redis } from "@upstash/redis";
import { expect } from "vitest";
import type { KeyOf, SdkCase } from "./sdk-commands.ts";

/** Entries 1-0, 2-0 and 3-0. */
const stream = async (r: Redis, k: KeyOf) => {
  for (const n of [1, 2, 3]) await r.xadd(k(), `${n}-0`, { n, text: `entry ${n}` });
};
/** The stream with a group `g`, whose consumer `c` has read two entries. */
const group = async (r: Redis, k: KeyOf) => {
  await stream(r, k);
  await r.xgroup(k(), { type: "CREATE", group: "g", id: "0" });
  return r.xreadgroup("g", "c", k(), ">", { count: 2 });
};
/** A reply of XREAD without the names of the streams. */
const entriesOf = (reply: unknown[]) => reply.map((each) => (each as unknown[])[1]);
/** The first items of a flat list of names and values, the first of several. */
const startOf = (reply: unknown[], count: number) => (reply[0] as unknown[]).slice(0, count);
const entry = (n: number) => [`${n}-0`, ["n", n, "text", `entry ${n}`]];

export const STREAM_CASES: readonly SdkCase[] = [
  ["xadd of an id", (r, k) => r.xadd(k(), "5-1", { n: 1 }), "5-1"],
  ["xadd of any id", (r, k) => r.xadd(k(), "*", { n: 1 }), expect.stringMatching(/^\d{13}-\d+$/)],
  ["xadd without making a stream", (r, k) => r.xadd(k(), "*", { n: 1 }, { nomkStream: true }), null],
  [
    "xadd with a trim",
    async (r, k) => {
      await stream(r, k);
      await r.xadd(k(), "9-0", { n: 9 }, { trim: { type: "MAXLEN", threshold: 2, comparison: "=" } });
      return r.xlen(k());
    },
    2,
  ],
  ["xlen", (r, k) => stream(r, k).then(() => r.xlen(k())), 3],
  [
    "xrange",
    (r, k) => stream(r, k).then(() => r.xrange(k(), "-", "+", 2)),
    { "1-0": { n: 1, text: "entry 1" }, "2-0": { n: 2, text: "entry 2" } },
  ],
  ["xrange of nothing", (r, k) => r.xrange(k(), "-", "+"), {}],
  [
    "xrevrange",
    (r, k) => stream(r, k).then(() => r.xrevrange(k(), "+", "(2-0")),
    { "3-0": { n: 3, text: "entry 3" } },
  ],
  [
    "xread",
    (r, k) =>
      stream(r, k)
        .then(() => r.xread(k(), "1-0", { count: 5 }))
        .then(entriesOf),
    [[entry(2), entry(3)]],
  ],
  [
    "xread of two streams",
    async (r, k) => {
      await stream(r, k);
      await r.xadd(k("y"), "7-0", { z: 1 });
      return entriesOf(await r.xread([k(), k("y")], ["2-0", "0"]));
    },
    [[entry(3)], [["7-0", ["z", 1]]]],
  ],
  ["xread without news", (r, k) => stream(r, k).then(() => r.xread(k(), "3-0")), null],
  ["xdel", (r, k) => stream(r, k).then(() => r.xdel(k(), ["1-0", "8-0"])), 1],
  [
    "xtrim by length",
    (r, k) => stream(r, k).then(() => r.xtrim(k(), { strategy: "MAXLEN", exactness: "=", threshold: 1 })),
    2,
  ],
  [
    "xtrim by id",
    (r, k) => stream(r, k).then(() => r.xtrim(k(), { strategy: "MINID", exactness: "=", threshold: "3-0" })),
    2,
  ],
  [
    "xgroup create",
    (r, k) => r.xgroup(k(), { type: "CREATE", group: "g", id: "$", options: { MKSTREAM: true } }),
    "OK",
  ],
  [
    "xgroup createconsumer",
    (r, k) => group(r, k).then(() => r.xgroup(k(), { type: "CREATECONSUMER", group: "g", consumer: "d" })),
    1,
  ],
  [
    "xgroup delconsumer",
    (r, k) => group(r, k).then(() => r.xgroup(k(), { type: "DELCONSUMER", group: "g", consumer: "c" })),
    2,
  ],
  [
    "xgroup setid",
    (r, k) => group(r, k).then(() => r.xgroup(k(), { type: "SETID", group: "g", id: "0" })),
    "OK",
  ],
  ["xgroup destroy", (r, k) => group(r, k).then(() => r.xgroup(k(), { type: "DESTROY", group: "g" })), 1],
  ["xreadgroup", async (r, k) => entriesOf(await group(r, k)), [[entry(1), entry(2)]]],
  ["xack", (r, k) => group(r, k).then(() => r.xack(k(), "g", ["1-0", "3-0"])), 1],
  [
    "xpending",
    (r, k) => group(r, k).then(() => r.xpending(k(), "g", "-", "+", 1)),
    [["1-0", "c", expect.any(Number), 1]],
  ],
  ["xclaim", (r, k) => group(r, k).then(() => r.xclaim(k(), "g", "d", 0, "1-0")), [entry(1)]],
  [
    "xautoclaim",
    (r, k) => group(r, k).then(() => r.xautoclaim(k(), "g", "d", 0, "0-0", { count: 1 })),
    ["2-0", [entry(1)], []],
  ],
  [
    "xinfo of groups",
    (r, k) =>
      group(r, k)
        .then(() => r.xinfo(k(), { type: "GROUPS" }))
        .then((reply) => startOf(reply, 6)),
    ["name", "g", "consumers", 1, "pending", 2],
  ],
  [
    "xinfo of consumers",
    (r, k) =>
      group(r, k)
        .then(() => r.xinfo(k(), { type: "CONSUMERS", group: "g" }))
        .then((reply) => startOf(reply, 4)),
    ["name", "c", "pending", 2],
  ],
  [
    "xinfo of the stream, by exec",
    (r, k) =>
      stream(r, k)
        .then(() => r.exec<unknown[]>(["XINFO", "STREAM", k()]))
        .then((reply) => reply.slice(0, 2)),
    ["length", 3],
  ],
];
