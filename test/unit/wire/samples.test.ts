import Long from "long";
import { describe, expect, test } from "vitest";
import { ItemTable, walkBurst } from "../../../src/wire/burst.ts";
import { rta } from "../../../src/wire/gen/rta.js";
import {
  type ByteOrder,
  type ChannelType,
  RunReader,
  readEvent,
  readRow,
  readSample,
  rowOffsets,
  rowValues,
  SAMPLE_BYTES,
} from "../../../src/wire/samples.ts";
import { hex, T0, vector } from "./vectors.ts";

const { StreamDataBurst } = rta.model.net.stream;
type Item = rta.model.net.stream.StreamData.$Properties;

const MS = 1_000_000n;

function walk(buffer: Uint8Array): ItemTable {
  const table = new ItemTable();
  walkBurst(buffer, 0, buffer.length, table);
  return table;
}

function encode(...data: Item[]): Uint8Array {
  return new Uint8Array(StreamDataBurst.encode({ data }).finish());
}

/** The first item of a burst as a run of `type`. */
function run(buffer: Uint8Array, type: ChannelType, order: ByteOrder = "le") {
  const reader = new RunReader();
  reader.read(buffer, walk(buffer), 0);
  const count = reader.count(type);
  const values = new Float64Array(count);
  expect(reader.values(type, order, values)).toBe(count);
  return { channel: reader.channel, timesNs: [...reader.timesNs.slice(0, count)], values: [...values] };
}

function long(value: bigint): Long {
  return Long.fromBigInt(value);
}

describe("runs", () => {
  test.each(["E3", "E13"])("%s: irregular doubles, deltas packed or not", (id) => {
    expect(run(vector(`${id}.bin`), "f64")).toEqual({
      channel: 3,
      timesNs: [T0, T0 + 20n * MS, T0 + 50n * MS],
      values: [1.5, -2, 0.25],
    });
  });

  test("E4: periodic u16", () => {
    expect(run(vector("E4.bin"), "u16")).toEqual({
      channel: 7,
      timesNs: [0n, 10n, 20n, 30n, 40n].map((ms) => T0 + ms * MS),
      values: [100, 101, 102, 103, 104],
    });
  });

  test("E9, E10, E11: one reader for all", () => {
    const reader = new RunReader();
    const values = new Float64Array(200);
    reader.read(vector("E10.bin"), walk(vector("E10.bin")), 0);
    expect(reader.values("s16", "le", values, 50)).toBe(100);
    expect([...values.slice(50, 150)]).toEqual(Array(100).fill(42));
    expect(reader.timesNs[99]).toBe(T0 + 99n * MS);

    const burst = vector("E9.bin");
    reader.read(burst, walk(burst), 2);
    expect([reader.channel, reader.values("f64", "le", values), values[0], values[9]]).toEqual([
      2, 10, 233, 35.25,
    ]);

    reader.read(vector("E11.bin"), walk(vector("E11.bin")), 0);
    expect([reader.channel, reader.times, reader.timesNs[0]]).toEqual([300, 1, T0]);
    expect([reader.values("f32", "le", values), values[0]]).toEqual([1, 3.25]);
  });

  test("[A-43] E14: as many samples as there are times and bytes for; deltas may be negative", () => {
    const times = [0n, 10n, 20n, 30n, -60n].map((ms) => T0 + 100n * MS + ms * MS);
    expect(run(vector("E14.bin"), "f64")).toEqual({
      channel: 0,
      timesNs: times.slice(0, 4),
      values: [1, 2, 3, 4],
    });
    expect(run(vector("E14.bin"), "f32").timesNs.slice(0, 5)).toEqual(times);
  });

  test("[A-44] a periodic run has no more samples than bytes, and no fewer than none", () => {
    const periodic = (samples: number, bytes: number) =>
      run(encode({ periodicData: { channelId: 1, samples, buffer: new Uint8Array(bytes) } }), "u16").values
        .length;
    expect([
      periodic(5, 4),
      periodic(2, 100),
      periodic(5, 5),
      periodic(-1, 10),
      periodic(2 ** 31 - 1, 6),
    ]).toEqual([2, 2, 2, 0, 3]);
  });

  test("periodic runs of the same times find them there; any other writes its own", () => {
    const periodic = (startNs: bigint, intervalNs: bigint, samples: number) => ({
      periodicData: {
        startTimestamp: long(startNs),
        interval: long(intervalNs),
        samples,
        buffer: new Uint8Array(samples),
      },
    });
    const timestamped = {
      timestampedData: {
        startTimestamp: long(T0),
        timestampDeltasScale: long(MS),
        timestampDeltas: [0n, 5n].map(long),
        buffer: new Uint8Array(2),
      },
    };
    const burst = encode(
      periodic(T0, MS, 3),
      periodic(T0, MS, 3),
      periodic(T0, MS, 2),
      periodic(T0, MS, 4),
      periodic(T0 + 1n, MS, 4),
      periodic(T0 + (1n << 32n), MS, 4),
      periodic(T0 + (1n << 32n), MS + 1n, 4),
      periodic(T0 + (1n << 32n), MS + (1n << 32n), 4),
      timestamped,
      periodic(T0, MS, 2),
    );
    const reader = new RunReader();
    const table = walk(burst);
    const offsets: bigint[][] = [];
    const revisions = new Set<number>();
    for (let item = 0; item < table.count; item++) {
      reader.read(burst, table, item);
      offsets.push([...reader.timesNs.subarray(0, reader.times)].map((timeNs) => timeNs - T0));
      revisions.add(reader.revision);
    }
    const steps = (startNs: bigint, intervalNs: bigint) =>
      [0n, 1n, 2n, 3n].map((i) => startNs + i * intervalNs);
    expect(offsets).toEqual([
      [0n, MS, 2n * MS],
      [0n, MS, 2n * MS],
      [0n, MS],
      steps(0n, MS),
      steps(1n, MS),
      steps(1n << 32n, MS),
      steps(1n << 32n, MS + 1n),
      steps(1n << 32n, MS + (1n << 32n)),
      [0n, 5n * MS],
      [0n, MS],
    ]);
    expect(revisions.size).toBe(table.count - 2);
  });

  test.each<[what: string, startNs: bigint, unit: bigint, deltas: bigint[]]>([
    ["a unit of 0", T0, 0n, [0n, 5n, -5n]],
    ["negative deltas", T0, 1000n, [0n, -1n, -100n, 3n]],
    ["a negative unit", T0, -7n, [0n, 1n, 2n]],
    ["before 1970", -1n, 1n, [0n, 1n, 1n]],
    ["steps beyond 2^32", T0, 10_000_000_000n, [0n, 1n, 500n, -2n]],
    ["deltas beyond 2^53", T0, 1n, [0n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 1n]],
    ["a unit beyond 2^53", 0n, 2n ** 60n + 3n, [0n, 1n, 3n, -2n]],
    ["wrapping at 64 bits", 2n ** 63n - 2n, 1n, [0n, 1n, 1n, 1n]],
    ["multi-byte deltas, repeated", T0, 3n, [0n, 300n, 300n, 1n, 1n, 128n, 1n, 0n]],
    ["carries between the halves", 0xffff_fffen, 1n, [0n, 1n, 1n, -3n, 5n]],
  ])("times are exact: %s", (_, startNs, unit, deltas) => {
    let time = startNs;
    const expected = deltas.map((delta) => {
      time = BigInt.asIntN(64, time + unit * delta);
      return time;
    });
    const timestampedData = {
      startTimestamp: long(startNs),
      timestampDeltasScale: long(unit),
      timestampDeltas: deltas.map(long),
      buffer: new Uint8Array(deltas.length),
    };
    expect(run(encode({ timestampedData }), "u8").timesNs).toEqual(expected);

    const periodicData = {
      startTimestamp: long(startNs),
      interval: long(unit),
      samples: 4,
      buffer: new Uint8Array(4),
    };
    const regular = [0n, 1n, 2n, 3n].map((i) => BigInt.asIntN(64, startNs + i * unit));
    expect(run(encode({ periodicData }), "u8").timesNs).toEqual(regular);
  });

  test("fields in any order, deltas in parts, the last of the others", () => {
    const fields = "2a0109" + "2202000a" + "2005" + "1807" + "22010a" + "1802" + "2a0401020304" + "0805";
    const burst = hex(
      `0a${(fields.length / 2 + 2).toString(16)}22${(fields.length / 2).toString(16)}${fields}`,
    );
    expect(run(burst, "u8")).toEqual({ channel: 5, timesNs: [0n, 20n, 30n, 50n], values: [1, 2, 3, 4] });
  });

  test("long runs, to any place of an array", () => {
    const samples = 10_000;
    const buffer = new Uint8Array(Int16Array.from({ length: samples }, (_, i) => i - 5000).buffer);
    const burst = encode({ periodicData: { startTimestamp: long(T0), interval: long(MS), samples, buffer } });
    const reader = new RunReader();
    reader.read(burst, walk(burst), 0);
    expect(reader.timesNs[9999]).toBe(T0 + 9999n * MS);
    const values = new Int16Array(samples + 1);
    expect(reader.values("s16", "le", values, 1)).toBe(samples);
    expect([values[1], values[5001], values[10_000]]).toEqual([-5000, 0, 4999]);
  });
});

describe("[L-07] sample types", () => {
  test.each<[ChannelType, ByteOrder, string, number]>([
    ["u8", "le", "fe", 254],
    ["s8", "le", "fe", -2],
    ["u16", "le", "feff", 65534],
    ["s16", "le", "feff", -2],
    ["u16", "be", "1dd6", 0x1dd6],
    ["s16", "be", "fffe", -2],
    ["u32", "le", "feffffff", 4294967294],
    ["s32", "le", "feffffff", -2],
    ["u32", "be", "00000102", 258],
    ["s32", "be", "fffffffe", -2],
    ["f32", "le", "00005040", 3.25],
    ["f32", "be", "40500000", 3.25],
    ["f64", "le", "000000000000f83f", 1.5],
    ["f64", "be", "3ff8000000000000", 1.5],
  ])("%s %s %s is %d", (type, order, bytes, value) => {
    const data = hex(`ff${bytes}`);
    expect(SAMPLE_BYTES[type]).toBe(bytes.length / 2);
    expect(readSample(data, 1, type, order)).toBe(value);
    expect(run(encode({ periodicData: { samples: 1, buffer: hex(bytes) } }), type, order).values).toEqual([
      value,
    ]);
  });

  test("a sample past the end is an error", () => {
    expect(() => readSample(new Uint8Array(3), 0, "u32", "le")).toThrow(RangeError);
  });
});

describe("rows", () => {
  const types = new Map<number, ChannelType>([
    [20, "f64"],
    [21, "u16"],
    [22, "f32"],
    [23, "u8"],
  ]);
  const burst = vector("E5.bin");
  const row = readRow(burst, walk(burst), 0);

  test("E5: one value of each channel", () => {
    expect([row.timeNs, ...row.channels]).toEqual([T0 + 250n * MS, 20, 21, 22, 23]);
    expect([...rowOffsets(row, (c) => types.get(c))]).toEqual([0, 8, 10, 14]);
    expect([...rowValues(row, (c) => types.get(c))]).toEqual([-40.5, 513, 0.5, 7]);
    expect(
      rowValues(
        row,
        (c) => types.get(c),
        (c) => (c === 21 ? "be" : "le"),
      )[1],
    ).toBe(258);
  });

  test("from a channel of unknown width on, nothing is known", () => {
    const known = (c: number) => (c === 22 ? undefined : types.get(c));
    expect([...rowOffsets(row, known)]).toEqual([0, 8, -1, -1]);
    expect([...rowValues(row, known)]).toEqual([-40.5, 513, Number.NaN, Number.NaN]);
  });

  test("nor where bytes are missing", () => {
    expect([...rowOffsets(row, () => "f64")]).toEqual([0, -1, -1, -1]);
  });

  test("channels not packed, none at all", () => {
    const other = hex("0a0c320a08ac020a0205071a0101");
    expect(readRow(other, walk(other), 0)).toEqual({
      timeNs: 0n,
      channels: Uint32Array.of(300, 5, 7),
      data: hex("01"),
    });
    const empty = hex("0a023200");
    expect(rowValues(readRow(empty, walk(empty), 0), () => "u8")).toEqual(new Float64Array(0));
  });
});

describe("events", () => {
  const event = (burst: Uint8Array) => readEvent(burst, walk(burst), 0);

  test("E6 with text, E7 with values", () => {
    expect(event(vector("E6.bin"))).toEqual({
      definitionId: 0x01af,
      appName: "pump",
      timeNs: T0 + 700n * MS,
      statusText: "Valve open",
      values: new Float64Array(0),
    });
    expect(event(vector("E7.bin"))).toEqual({
      definitionId: 8,
      appName: "pump",
      timeNs: T0 + 800n * MS,
      statusText: "",
      values: Float64Array.of(1, 2.5),
    });
  });

  test("values not packed, a negative definition, nothing at all", () => {
    const burst = encode({ event: { eventDefinitionId: -5, statusText: "é" } });
    expect(event(burst)).toMatchObject({ definitionId: -5, statusText: "é" });
    expect(event(hex("0a0b3a0929000000000000f83f")).values).toEqual(Float64Array.of(1.5));
    expect(event(hex("0a023a00"))).toEqual({
      definitionId: 0,
      appName: "",
      timeNs: 0n,
      statusText: "",
      values: new Float64Array(0),
    });
  });
});
