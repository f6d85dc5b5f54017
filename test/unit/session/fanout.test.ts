import { describe, expect, test } from "vitest";
import { periodicItem, sessionJsonItem, timeRangeItem } from "../../../src/producer/items.ts";
import type { StreamEntry } from "../../../src/redis/reader.ts";
import type { TimeRange } from "../../../src/redis/session-entry.ts";
import { type Audience, Fanout } from "../../../src/session/fanout.ts";
import { NOTHING, type Wish, widen } from "../../../src/session/subscription.ts";
import { rta } from "../../../src/wire/gen/rta.js";
import { compress, decompress } from "../../../src/wire/lz4.ts";
import { data, numbered, T0_NS } from "../../fakes/bursts.ts";
import { Random } from "../../fuzz/random.ts";
import { burstIds, vector } from "../wire/vectors.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const { StreamDataBurst } = rta.model.net.stream;
type Item = rta.model.net.stream.StreamData.$Properties;

const NONE: Wish = { allEvents: false, allDataChannels: false, channelIds: [] };
const ALL: Wish = { allEvents: true, allDataChannels: true, channelIds: [] };
const channels = (...channelIds: number[]): Wish => ({ ...NONE, channelIds });

let ids = 0;

function entry(bytes: Uint8Array | null): StreamEntry {
  return { id: `${++ids}-0`, sessionId: "7", encodedBytes: 0, digest: 0, data: () => bytes };
}

/** A fanout to one audience for each wish. */
class Bench {
  readonly jsons: string[] = [];
  readonly ranges: TimeRange[] = [];
  readonly rejected: string[] = [];
  readonly audiences: Audience[];
  readonly messages = new Map<Audience, Uint8Array[]>();
  readonly #fanout = new Fanout<Audience>({
    sessionJson: (json) => this.jsons.push(json),
    timeRange: (range) => this.ranges.push(range),
    rejected: ({ id }) => this.rejected.push(id),
    message: (audience, message) => this.messages.get(audience)!.push(message),
  });

  constructor(...audiences: (Wish | Audience)[]) {
    this.audiences = audiences.map((given) =>
      "subscription" in given ? given : { subscription: widen(NOTHING, given) },
    );
    for (const audience of this.audiences) this.messages.set(audience, []);
  }

  deliver(...datas: (Uint8Array | null)[]): this {
    this.#fanout.deliver(datas.map(entry), this.audiences);
    return this;
  }

  sent(index = 0): Uint8Array[] {
    return this.messages.get(this.audiences[index]!)!;
  }

  /** What was sent, uncompressed: every message is a strict block of at most 1 MiB. */
  bursts(index = 0): Uint8Array[] {
    return this.sent(index).map((message) => decompress(message, MIB));
  }

  items(index = 0): Item[] {
    return this.bursts(index).flatMap((burst) => StreamDataBurst.decode(burst).data as Item[]);
  }
}

/** As `toEqual` on both, which takes minutes for arrays of this size. */
function expectSame(actual: readonly Uint8Array[], expected: readonly (Uint8Array | undefined)[]): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map((bytes) => bytes?.length));
  expect(actual.every((bytes, i) => Buffer.compare(bytes, expected[i]!) === 0)).toBe(true);
}

/** One item of about `bytes` bytes that LZ4 cannot pack. */
function noise(channel: number, bytes: number, seed = 1): Uint8Array {
  return periodicItem({ channel, startNs: T0_NS, intervalNs: 1n, samples: new Random(seed).bytes(bytes) });
}

describe("[D-07] sizes", () => {
  test("200 entries of 4 KiB are joined to messages of just under 64 KiB", () => {
    const bench = new Bench(ALL, channels(1)).deliver(
      ...Array.from({ length: 200 }, (_, i) => data(noise(1, 4 * KIB, i))),
    );
    for (const index of [0, 1]) {
      const sizes = bench.bursts(index).map(({ length }) => length);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * KIB);
      expect(sizes.filter((size) => size > 60 * KIB).length).toBeGreaterThan(0.7 * sizes.length);
      expect(bench.items(index)).toHaveLength(200);
    }
  });

  test.each([1, 2, 3, 4, 5])(
    "seed %i: whatever comes, each audience gets just what it wants, in order",
    (seed) => {
      const random = new Random(seed);
      const bench = new Bench(ALL, channels(1), channels(2, 3), NONE);
      const wanted: Uint8Array[][] = [[], [], [], []];
      const came = new Set<Uint8Array>();
      for (let round = 0; round < 12; round++) {
        const datas = Array.from({ length: random.below(30) }, () => {
          const items = Array.from({ length: 1 + random.below(6) }, () => {
            const channel = random.below(5);
            const item =
              channel === 4
                ? timeRangeItem(T0_NS, BigInt(random.bits()))
                : noise(channel, random.magnitude(random.pick([4, 10, 15, 17])), random.bits());
            for (const [index, allowed] of [[0, 1, 2, 3, 4], [1, 4], [2, 3, 4], [4]].entries()) {
              if (allowed.includes(channel)) wanted[index]!.push(item);
            }
            return item;
          });
          return data(...items);
        });
        for (const bytes of datas) came.add(bytes);
        bench.deliver(...datas);
      }
      for (const [index, items] of wanted.entries()) {
        expect(Buffer.concat(bench.bursts(index)).equals(Buffer.concat(items))).toBe(true);
      }
      for (const message of [...bench.messages.values()].flat()) {
        const burst = decompress(message, MIB);
        const { data: items } = StreamDataBurst.decode(burst);
        expect(burst.length <= 64 * KIB || items?.length === 1 || came.has(message)).toBe(true);
        expect(items?.length).toBeGreaterThan(0);
      }
      expect(bench.rejected).toEqual([]);
    },
  );

  test("[D-09] [Z-01] an entry of 1 MiB that cannot be packed arrives, whole and in parts", () => {
    const overhead = noise(1, 0).length + 12;
    const one = noise(1, MIB - overhead);
    expect(one.length).toBeLessThanOrEqual(MIB);
    const bench = new Bench(ALL, channels(1), NONE).deliver(data(one));
    expectSame(bench.bursts(0), [one]);
    expectSame(bench.bursts(1), [one]);
    expect(bench.bursts(2)).toEqual([]);
    const many = Array.from({ length: 16 }, (_, i) => noise(i, 65_000, i));
    const parts = new Bench(channels(3, 5)).deliver(data(...many));
    expectSame(parts.bursts(), [many[3], many[5]]);
  });

  test("an entry over the protocol's 1 MiB is cut between its items, even for those who want it whole", () => {
    const many = Array.from({ length: 40 }, (_, i) => noise(i, 50_000, i));
    const bench = new Bench(ALL).deliver(data(...many));
    expectSame(bench.bursts(), many);
  });

  test("more than fits into one round comes in rounds, in order and once", () => {
    const many = Array.from({ length: 30 }, (_, i) => noise(i, 200_000, i));
    const bench = new Bench(ALL, channels(4, 29)).deliver(...many.map((item) => data(item)));
    expectSame(bench.bursts(0), many);
    expectSame(bench.bursts(1), [many[4], many[29]]);
  });
});

describe("verbatim", () => {
  const mixed = data(numbered(3, 1), numbered(7, 1), timeRangeItem(T0_NS, T0_NS + 1n));

  test("[A-02] a lone entry that an audience wants whole goes to it as it came, and only to it", () => {
    const bench = new Bench(ALL, channels(3, 7), channels(3), channels(9)).deliver(mixed);
    expect(bench.sent(0)[0]).toBe(mixed);
    expect(bench.sent(1)[0]).toBe(mixed);
    expect(bench.sent(2)[0]).not.toBe(mixed);
    expect(bench.items(2)).toHaveLength(2);
    expect(bench.items(3)).toMatchObject([{ timeRange: {} }]);
  });

  test("a viewer of all data channels does not get events that way", () => {
    const bench = new Bench({ ...NONE, allDataChannels: true }).deliver(vector("E8.lz4"));
    expect(bench.items().map((item) => Object.keys(item))).toEqual([
      ["timestampedData"],
      ["periodicData"],
      ["timeRange"],
    ]);
  });

  test.each(["sized", "frame", "pickle", "bin"])("[Z-04] [Z-02] %s is made a raw block again", (framing) => {
    const bench = new Bench(ALL).deliver(vector(`E9.${framing}`));
    expect(bench.sent()[0]![0]! >> 4).toBeGreaterThan(0);
    expect(bench.bursts()).toEqual([vector("E9.bin")]);
  });

  test("[D-01] every vector arrives with its contents intact", () => {
    for (const id of burstIds.filter((each) => each !== "E15")) {
      const bench = new Bench(ALL).deliver(vector(`${id}.lz4`));
      expect(bench.bursts()).toEqual([vector(`${id}.bin`)]);
    }
  });
});

describe("[D-10] odd entries", () => {
  test("E13 and E14 arrive as they are, E15 without its unknown item, E16 not at all", () => {
    const bench = new Bench(ALL).deliver(vector("E13.lz4"));
    expect(bench.bursts()).toEqual([vector("E13.bin")]);
    expect(new Bench(ALL).deliver(vector("E14.lz4")).bursts()).toEqual([vector("E14.bin")]);
    const unknown = new Bench(ALL).deliver(vector("E15.lz4"));
    expect(unknown.items()).toMatchObject([{ timeRange: {} }]);
    expect(unknown.rejected).toEqual([]);
    const empty = new Bench(ALL).deliver(Uint8Array.of(0));
    expect(empty.bursts()).toEqual([]);
    expect(empty.rejected).toEqual([]);
    empty.deliver(Uint8Array.of(0), data(numbered(1, 1)), Uint8Array.of(0));
    expect(empty.items()).toHaveLength(1);
  });

  test.each<[string, Uint8Array | null]>([
    ["no data", null],
    ["no bytes", new Uint8Array(0)],
    ["text", new TextEncoder().encode("hello, world")],
    ["a block that breaks off", vector("E9.lz4").subarray(0, 100)],
    ["a burst that breaks off", compress(vector("E9.bin").subarray(0, 200))],
    ["[Z-05] a block that expands to 100 MiB", compress(new Uint8Array(100 * MIB))],
    [
      "[Z-05] a burst that expands to 5 MiB",
      data(periodicItem({ channel: 1, startNs: 0n, intervalNs: 1n, samples: new Uint8Array(5 * MIB) })),
    ],
  ])("%s is rejected, its neighbours arrive", (_, bytes) => {
    const bench = new Bench(ALL).deliver(data(numbered(1, 1)), bytes, data(numbered(1, 2)));
    expect(bench.rejected).toHaveLength(1);
    expect(bench.items()).toHaveLength(2);
    bench.deliver(data(numbered(1, 3)));
    expect(bench.items()).toHaveLength(3);
  });
});

describe("metadata", () => {
  test("[M-03] is learned from every entry, before anything is sent, whoever is there", () => {
    const bench = new Bench();
    bench.deliver(
      data(sessionJsonItem("{ 1 }"), numbered(1, 1)),
      data(timeRangeItem(1n, 2n), sessionJsonItem("")),
    );
    expect(bench.jsons).toEqual(["{ 1 }", ""]);
    expect(bench.ranges).toEqual([{ startNs: 1n, endNs: 2n }]);
  });

  test("[M-01] [M-02] [M-03] goes to those who asked for nothing, alone", () => {
    const bench = new Bench(NONE).deliver(data(numbered(1, 1), sessionJsonItem("{}"), numbered(2, 1)));
    expect(bench.items()).toMatchObject([{ sessionJson: "{}" }]);
    bench.deliver(data(numbered(1, 2)));
    expect(bench.bursts()).toHaveLength(1);
  });
});

test("[D-04] a row goes whole to whoever wants one of its channels; without channels only to those who want all", () => {
  const row = vector("E5.lz4");
  const empty = data(
    new Uint8Array(StreamDataBurst.encode({ data: [{ rowData: { buffer: Uint8Array.of(1) } }] }).finish()),
  );
  const bench = new Bench(channels(21), channels(24), ALL, channels(0)).deliver(row, empty);
  expect([0, 1, 2, 3].map((index) => bench.items(index).length)).toEqual([1, 0, 2, 0]);
  expect(bench.bursts(0)).toEqual([vector("E5.bin")]);
});

test("[S-08] channel 0, which is absent from the wire, and channel 300", () => {
  const bench = new Bench(channels(0), channels(300)).deliver(vector("E9.lz4"), vector("E11.lz4"));
  expect(bench.items(0).map((item) => item.timestampedData?.channelId ?? "range")).toEqual([0, "range"]);
  expect(bench.items(1).map((item) => item.timestampedData?.channelId ?? "range")).toEqual(["range", 300]);
});

test("each message is made once for all viewers of an audience", () => {
  const bench = new Bench(channels(3), channels(7));
  bench.deliver(data(numbered(3, 1), numbered(7, 1)), data(numbered(3, 2)));
  expect([bench.sent(0).length, bench.sent(1).length]).toEqual([1, 1]);
});

describe("history", () => {
  test("holds only what was not wanted before, of the entries that it covers, without metadata", () => {
    const entries = [1, 2, 3].map((number) =>
      data(numbered(3, number), timeRangeItem(1n, 2n), numbered(7, number), sessionJsonItem("{}")),
    );
    const second = `${ids + 2}-0`;
    const bench = new Bench({
      subscription: widen(NOTHING, channels(3, 7)),
      history: { had: widen(NOTHING, channels(3)), covers: ({ id }) => id === second, took: () => {} },
    });
    bench.deliver(...entries);
    expect(bench.items()).toMatchObject([{ periodicData: { channelId: 7 } }]);
    expectSame(bench.bursts(), [numbered(7, 2)]);
  });

  test("of an entry that is wanted whole goes as it came", () => {
    const bench = new Bench({
      subscription: widen(NOTHING, channels(3)),
      history: { had: NOTHING, covers: () => true, took: () => {} },
    });
    const bytes = data(numbered(3, 1), numbered(3, 2));
    bench.deliver(bytes);
    expect(bench.sent()[0]).toBe(bytes);
  });
});

test("no message for those who want nothing of it, and none without entries", () => {
  const bench = new Bench(NONE, channels(9)).deliver(data(numbered(3, 1))).deliver();
  expect(bench.bursts(0)).toEqual([]);
  expect(bench.bursts(1)).toEqual([]);
});
