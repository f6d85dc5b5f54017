import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { sessionJsonItem, timeRangeItem } from "../../src/producer/index.ts";
import { compress } from "../../src/wire/lz4.ts";
import { data, numbered } from "../fakes/bursts.ts";
import { type Stack, startStack } from "./stack.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => stack.disconnect());
afterAll(() => stack?.stop());

const json = (identity: string, state = "open"): string => JSON.stringify({ identity, state });
const vector = (file: string): Buffer =>
  readFileSync(new URL(`../fixtures/vectors/${file}`, import.meta.url));

/** Puts bytes into a session's stream as they are. */
async function add(identity: string, ...entries: Uint8Array[]): Promise<void> {
  const [id, name] = await stack.commands.hmGet(`sessions:${identity}`, ["streamSessionId", "streamName"]);
  for (const entry of entries) {
    await stack.commands.xAdd(`stream:${name}`, "*", { id: id!, data: Buffer.from(entry) });
  }
}

describe("connecting", () => {
  test("[C-01] [C-02] 101, our sub-protocol and no extension, whatever is offered", async () => {
    await (await stack.produce("c1")).writeSessionJson(json("c1"));
    const protocols = ["foo", "mat.ocs.rta.stream-lz4", "bar"];
    const follower = await stack.follow("c1", { protocols });
    expect(follower.upgrade["sec-websocket-protocol"]).toBe("mat.ocs.rta.stream-lz4");
    expect(follower.upgrade["sec-websocket-extensions"]).toBeUndefined();
  });

  test("[C-03] a plain request gets 400", async () => {
    for (const method of ["GET", "POST"]) {
      const response = await fetch(`${stack.url}/rta/v2/sessions/x/stream`, { method });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("upgrade");
    }
  });

  test.each([[[]], [["foo"]], [["MAT.OCS.RTA.STREAM-LZ4"]]])(
    "[C-04] sub-protocols %j get 406",
    async (protocols) => {
      await expect(stack.follow("x", { protocols })).rejects.toThrow("status 406");
    },
  );

  test("[C-05] [F-06] nothing to stream: 101, no message, 1000", async () => {
    const follower = await stack.follow(`nobody-${Math.random()}`);
    expect(await follower.closed).toEqual({ code: 1000, reason: "not available" });
    expect(follower.messages).toHaveLength(0);
  });

  test.each(["a b/c%", "../x", "ünï ☃", "?#&=", "a".repeat(1_000)])(
    "[C-06] identity %j",
    async (identity) => {
      await (await stack.produce(identity)).writeSessionJson(json(identity));
      const follower = await stack.follow(identity);
      await follower.untilMessages(1);
      expect(follower.itemsOf(0)).toEqual([{ sessionJson: json(identity) }]);
    },
  );
});

describe("metadata", () => {
  test("[F-01] [F-02] [F-05] [M-01] [M-02] JSON alone, then the range, then every update", async () => {
    const session = await stack.produce("m1");
    await session.write([sessionJsonItem(json("m1")), timeRangeItem(10n, 20n)]);
    const follower = await stack.follow("m1");
    await follower.untilMessages(2);
    expect(follower.itemsOf(0)).toEqual([{ sessionJson: json("m1") }]);
    expect(Object.keys(follower.itemsOf(1)[0]!)).toEqual(["timeRange"]);
    await session.write([timeRangeItem(5n, 30n), numbered(1, 1)]);
    await session.writeSessionJson(json("m1", "waiting"));
    await follower.until(() =>
      follower.items.some(({ sessionJson }) => sessionJson === json("m1", "waiting")),
    );
    const kinds = follower.items.map((item) => Object.keys(item)[0]);
    expect(kinds).toEqual(["sessionJson", "timeRange", "timeRange", "sessionJson"]);
  });

  test("[M-06] connects that race updates see ascending versions and end on the newest", async () => {
    const session = await stack.produce("m6");
    const versions = 60;
    const text = (version: number): string => JSON.stringify({ identity: "m6", state: "open", version });
    await session.writeSessionJson(text(0));
    const followers = [];
    for (let version = 1; version <= versions; version++) {
      await session.writeSessionJson(text(version));
      if (version % 2 === 0) followers.push(await stack.follow("m6"));
    }
    for (const follower of followers) {
      await follower.until(() => follower.items.at(-1)?.sessionJson === text(versions));
      const seen = follower.items.map((item) => JSON.parse(item.sessionJson!).version as number);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    }
  });
});

describe("data", () => {
  test("[D-01] [D-03] [S-02] [S-05] [S-06] [Z-03] the reference's own bytes, in and out", async () => {
    await (await stack.produce("d1")).writeSessionJson(json("d1"));
    const all = await stack.follow("d1");
    const some = await stack.follow("d1");
    const events = await stack.follow("d1");
    all.socket.send(vector("R3.bin"));
    some.socket.send(vector("R1.bin"));
    events.socket.send(vector("R2.bin"));
    await Promise.all([all, some, events].map((follower) => follower.untilMessages(1)));
    const sent = ["E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10", "E11"];
    await add("d1", ...sent.map((name) => vector(`${name}.lz4`)), data(timeRangeItem(1n, 2n)));
    const last = (item: { timeRange?: { endTime?: unknown } | null }): boolean =>
      String(item.timeRange?.endTime) === "2";
    await Promise.all([all, some, events].map((follower) => follower.until(() => follower.items.some(last))));
    const kinds = all.items.map((item) => Object.keys(item)[0]);
    expect(kinds.filter((kind) => kind === "event")).toHaveLength(3);
    expect(kinds.filter((kind) => kind === "rowData")).toHaveLength(1);
    expect(all.items.filter((item) => item.timestampedData)).toHaveLength(6);
    const channels = some.items.flatMap(
      (item) => item.timestampedData?.channelId ?? item.periodicData?.channelId ?? [],
    );
    expect(channels).toEqual([3, 7, 3, 7, 7, 300]);
    expect(some.items.some((item) => item.event || item.rowData)).toBe(false);
    expect(events.items.some((item) => item.periodicData || item.timestampedData || item.rowData)).toBe(
      false,
    );
    expect(events.items.filter((item) => item.event)).toHaveLength(3);
  });

  test("[S-08] channel 0 and 60,000 ids, packed and unpacked", async () => {
    const session = await stack.produce("s8");
    await session.writeSessionJson(json("s8"));
    const packed = await stack.follow("s8");
    const unpacked = await stack.follow("s8");
    packed.subscribe({ channelIds: Array.from({ length: 60_000 }, (_, i) => 3 * i) });
    const ids = Array.from({ length: 60_000 }, (_, i) => [
      0x18,
      (i & 0x7f) | 0x80,
      ((i >> 7) & 0x7f) | 0x80,
      i >> 14,
    ]);
    const body = Buffer.from(ids.flat());
    const length = body.length;
    unpacked.socket.send(
      Buffer.concat([
        Buffer.from([0x12, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14]),
        body,
      ]),
    );
    await Promise.all([packed.untilMessages(1), unpacked.untilMessages(1)]);
    await add("s8", vector("E9.lz4"), vector("E11.lz4"), data(timeRangeItem(1n, 2n)));
    for (const follower of [packed, unpacked]) {
      await follower.until(() => follower.items.some((item) => String(item.timeRange?.endTime) === "2"));
    }
    const channels = (items: typeof packed.items): number[] =>
      items.flatMap((item) => (item.timestampedData ? [item.timestampedData.channelId ?? 0] : []));
    expect(channels(packed.items)).toEqual([0, 300]);
    expect(channels(unpacked.items)).toEqual([0, 1, 2, 300]);
  });

  test("[D-09] [R-04] a burst of 1 MiB that does not compress arrives to the byte", async () => {
    const session = await stack.produce("d9");
    await session.writeSessionJson(json("d9"));
    const follower = await stack.follow("d9");
    follower.subscribe({ allDataChannels: true });
    await follower.untilMessages(1);
    const random = new Float64Array(131_000).map(() => Math.random());
    const { periodicItem } = await import("../../src/producer/index.ts");
    const item = periodicItem({ channel: 1, startNs: 0n, intervalNs: 1n, samples: random });
    await add("d9", compress(item));
    await follower.until(() => follower.items.some(({ periodicData }) => periodicData));
    const got = follower.items.find(({ periodicData }) => periodicData)!.periodicData!.buffer!;
    expect(Buffer.compare(Buffer.from(got), Buffer.from(random.buffer))).toBe(0);
  });

  test("[D-10] [Z-04] [Z-05] odd entries are skipped, other framings are read", async () => {
    const session = await stack.produce("d10");
    await session.writeSessionJson(json("d10"));
    const follower = await stack.follow("d10");
    follower.subscribe({ allDataChannels: true, allEvents: true });
    await follower.untilMessages(1);
    const bomb = Buffer.concat([
      Buffer.from([0x1f, 0x0a, 0x01, 0x00]),
      Buffer.alloc(400_000, 0xff),
      Buffer.from([0, 0]),
    ]);
    const odd = [
      vector("E13.lz4"),
      vector("E14.lz4"),
      vector("E15.lz4"),
      Buffer.from([0]),
      Buffer.alloc(50, 7),
      bomb,
    ];
    const framed = ["E9.sized", "E9.frame", "E9.pickle"].map(vector);
    await add("d10", ...odd, ...framed, data(numbered(5, 1)));
    await follower.until(() => follower.numbers(5).length === 1);
    expect(follower.items.filter((item) => item.timestampedData)).toHaveLength(2 + 3 * 3);
    const metrics = await (await fetch(`${stack.url}/metrics`)).text();
    expect(metrics).toContain("slipstream_entries_rejected_total");
  });

  test("[D-05] [C-07] numbered samples arrive once each, for every viewer its own", async () => {
    const session = await stack.produce("d5");
    await session.writeSessionJson(json("d5"));
    const followers = await Promise.all([1, 2, 3].map(() => stack.follow("d5")));
    for (const [i, follower] of followers.entries()) {
      follower.subscribe({ channelIds: [i + 1] });
      await follower.untilMessages(1);
    }
    for (let i = 0; i < 500; i++) await session.write([1, 2, 3].map((channel) => numbered(channel, i)));
    for (const [i, follower] of followers.entries()) {
      await follower.until(() => follower.numbers(i + 1).length >= 500);
      expect(follower.numbers(i + 1)).toEqual(Array.from({ length: 500 }, (_, n) => n));
      expect(follower.items.filter((item) => item.periodicData)).toHaveLength(500);
    }
  });
});
