import { describe, expect, test } from "vitest";
import {
  BurstError,
  ItemKind,
  ItemTable,
  readSessionJson,
  readTimeRange,
  rowHasChannel,
  sessionJsonBurst,
  timeRangeBurst,
  walkBurst,
} from "../../../src/wire/burst.ts";
import { rta } from "../../../src/wire/gen/rta.js";
import { burstIds, hex, T0, vector, vectorFile } from "./vectors.ts";

const { StreamDataBurst } = rta.model.net.stream;
const { sessionJson, timeRange, timestamped, periodic, row, event, unknown } = ItemKind;

function walk(buffer: Uint8Array, start = 0, end = buffer.length): ItemTable {
  const table = new ItemTable();
  walkBurst(buffer, start, end, table);
  return table;
}

function kinds(table: ItemTable): number[] {
  return [...table.kind.slice(0, table.count)];
}

function channels(table: ItemTable): number[] {
  return [...table.channel.slice(0, table.count)];
}

/** A burst of one item that holds `fields`. */
function item(fields: string): Uint8Array {
  return hex(`0a${byte(fields.length / 2)}${fields}`);
}

/** A burst of one item whose member `tag` holds `fields`. */
function member(tag: string, fields: string): Uint8Array {
  return item(`${tag}${byte(fields.length / 2)}${fields}`);
}

function byte(value: number): string {
  return value.toString(16).padStart(2, "0");
}

describe("walkBurst", () => {
  test.each([
    ["E1", [sessionJson], [0]],
    ["E2", [timeRange], [0]],
    ["E3", [timestamped], [3]],
    ["E4", [periodic], [7]],
    ["E5", [row], [0]],
    ["E6", [event], [0]],
    ["E8", [timestamped, periodic, event, timeRange], [3, 7, 0, 0]],
    ["E9", [timestamped, timestamped, timestamped, timeRange], [0, 1, 2, 0]],
    ["E11", [timestamped], [300]],
    ["E15", [timeRange, unknown], [0, 0]],
  ])("lists the items of %s", (id, expectedKinds, expectedChannels) => {
    const table = walk(vector(`${id}.bin`));
    expect(kinds(table)).toEqual(expectedKinds);
    expect(channels(table)).toEqual(expectedChannels);
  });

  test.each(burstIds)("the items of %s, joined, are the burst again", (id) => {
    const burst = vector(`${id}.bin`);
    const table = walk(burst);
    const items = Array.from({ length: table.count }, (_, i) => [
      ...burst.slice(table.start[i], table.end[i]),
    ]);
    expect(items.flat()).toEqual([...burst]);
  });

  test("[D-03] an item stands alone: E8's channel 7 and range are a burst", () => {
    const burst = vector("E8.bin");
    const table = walk(burst);
    const wanted = [1, 3].flatMap((i) => [...burst.slice(table.start[i], table.end[i])]);
    expect(kinds(walk(Uint8Array.from(wanted)))).toEqual([periodic, timeRange]);
  });

  test("walks a part of a buffer, and appends", () => {
    const burst = vector("E8.bin");
    const arena = new Uint8Array(500).fill(0xff);
    arena.set(burst, 100);
    arena.set(burst, 300);
    const table = walk(arena, 100, 100 + burst.length);
    walkBurst(arena, 300, 300 + burst.length, table);
    expect(channels(table)).toEqual([3, 7, 0, 0, 3, 7, 0, 0]);
    expect(table.start[4]).toBe(300);
    expect(readTimeRange(arena, table, 7)).toEqual({ startNs: T0, endNs: T0 + 1_500_000_000n });
  });

  test("grows with the burst and is reused", () => {
    const data = Array.from({ length: 5000 }, (_, i) => ({ periodicData: { channelId: i } }));
    const burst = StreamDataBurst.encode({ data }).finish();
    const table = walk(burst);
    expect(channels(table)).toEqual(data.map((_, i) => i));
    expect(table.end[4999]).toBe(burst.length);
    table.reset();
    walkBurst(vector("E5.bin"), 0, 36, table);
    expect([kinds(table), channels(table)]).toEqual([[row], [0]]);
  });

  test("an empty burst has no items", () => {
    expect(walk(new Uint8Array(0)).count).toBe(0);
  });

  test.each([
    ["the last member wins", item("2202080522020806"), timestamped, 6],
    ["also over one of another kind", item("220208051a00"), timeRange, 0],
    ["also text over a run", item("2202080512017b"), sessionJson, 0],
    ["the last channel wins", member("22", "08050807"), timestamped, 7],
    ["a channel of another wire type is unknown", member("22", "0a0105"), timestamped, 0],
    ["a channel is cut to 32 bits", member("2a", "08ffffffffffffffffff01"), periodic, 0xffffffff],
    ["a padded channel", member("2a", "0885808000"), periodic, 5],
    ["a padded tag", item("a28000020805"), timestamped, 5],
    ["a member of another wire type is unknown", item("2005"), unknown, 0],
    ["no member at all", item(""), unknown, 0],
    ["an empty member", item("2200"), timestamped, 0],
    [
      "unknown fields of every wire type",
      item("7805790000000000000000" + "7a0161" + "7d00000000" + "2a00"),
      periodic,
      0,
    ],
    ["groups, nested", member("22", "7b0805838001848001" + "7c0809"), timestamped, 9],
  ])("as protobufjs: %s", (_, burst, kind, channel) => {
    const table = walk(burst);
    expect([kinds(table), channels(table)]).toEqual([[kind], [channel]]);
    const decoded = StreamDataBurst.decode(burst).data![0]!;
    const member = decoded.timestampedData ?? decoded.periodicData;
    if (kind === timestamped || kind === periodic) expect(member?.channelId ?? 0).toBe(channel);
  });

  test.each([
    ["field number 0", "0000"],
    ["a length past the end", "0a05"],
    ["a length of more than 32 bits", "0affffffff10"],
    ["a length whose low 32 bits would do", "0a8080808010"],
    ["a tag of more than 32 bits", "8a80808010"],
    ["a cut-off tag", "8a"],
    ["a stray end of group", "0c"],
    ["a group that does not end", "7b0805"],
    ["a group that ends as another", "7b8401"],
    ["wire type 6", "0e00"],
    ["an item cut inside its member", "0a0322050801"],
    ["a member past its item", "0a0222030801ff"],
    ["a channel cut off by its message", "0a04220208851a00"],
    ["a varint of 11 bytes", "0a0e220c08ffffffffffffffffffff01"],
    ["a fixed64 cut off", "0a07220511000000ff"],
    ["packed deltas cut off", "0a052203220181"],
    ["a packed delta of 11 bytes", "0a11220f220dffffffffffffffffffff010101"],
    ["packed channels cut off", "0a0532030a0181"],
    ["packed doubles of 12 bytes", `0a103a0e2a0c${"00".repeat(12)}`],
    ["a bad item after a good one", "0a022a000a0322050801"],
    ["groups nested without end", "0b".repeat(2000)],
  ])("refuses %s, as protobufjs does, and keeps the table", (_, bytes) => {
    const table = walk(vector("E8.bin"));
    expect(() => walkBurst(hex(bytes), 0, bytes.length / 2, table)).toThrow(BurstError);
    expect(table.count).toBe(4);
    expect(() => StreamDataBurst.decode(hex(bytes))).toThrow();
  });

  test("does not read past the end it is given", () => {
    const burst = vector("E3.bin");
    for (let end = 1; end < burst.length; end++) {
      expect(() => walk(burst, 0, end), `end ${end}`).toThrow(BurstError);
    }
    expect(() => walk(burst, 0, burst.length + 1)).toThrow(BurstError);
  });
});

describe("rowHasChannel", () => {
  const has = (burst: Uint8Array, channel: number) =>
    rowHasChannel(burst, walk(burst), 0, new Set([channel]));

  test("[D-04] finds any of the row's channels", () => {
    const found = Array.from({ length: 30 }, (_, i) => i).filter((i) => has(vector("E5.bin"), i));
    expect(found).toEqual([20, 21, 22, 23]);
  });

  test("packed, not packed and both", () => {
    const burst = member("32", "08ac02" + "0a03058502" + "0807");
    expect([300, 5, 261, 7, 6].map((channel) => has(burst, channel))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  test("a row without channels has none", () => {
    expect(rowHasChannel(member("32", "1a0101"), walk(member("32", "1a0101")), 0, { has: () => true })).toBe(
      false,
    );
  });
});

describe("metadata", () => {
  test("reads a time range; absent ends are 0", () => {
    const range = (burst: Uint8Array) => readTimeRange(burst, walk(burst), 0);
    expect(range(vector("E2.bin"))).toEqual({ startNs: T0, endNs: T0 + 1_500_000_000n });
    expect(range(member("1a", ""))).toEqual({ startNs: 0n, endNs: 0n });
    expect(range(member("1a", "11ffffffffffffffff"))).toEqual({ startNs: 0n, endNs: -1n });
  });

  test("[F-04] Session JSON passes as text, byte for byte", () => {
    const read = (burst: Uint8Array) => readSessionJson(burst, walk(burst), 0);
    expect(read(vector("E1.bin"))).toBe(vectorFile.session1);
    expect(sessionJsonBurst(vectorFile.session2)).toEqual(vector("E12.bin"));
    const odd = `\ufeff{ "é": 1795424400000000123, "x":null }${" ".repeat(20_000)}`;
    expect(read(sessionJsonBurst(odd))).toBe(odd);
    expect(StreamDataBurst.decode(sessionJsonBurst(odd)).data![0]!.sessionJson).toBe(odd);
  });

  test("[F-05] makes a burst of a time range", () => {
    expect(timeRangeBurst(T0, T0 + 1_500_000_000n)).toEqual(vector("E2.bin"));
    const burst = timeRangeBurst(-5n, 2n ** 63n - 1n);
    expect(readTimeRange(burst, walk(burst), 0)).toEqual({ startNs: -5n, endNs: 2n ** 63n - 1n });
  });
});
