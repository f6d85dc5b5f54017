import { Reader } from "protobufjs/minimal.js";
import { describe, expect, test } from "vitest";
import { BurstError, ItemKind, ItemTable, rowHasChannel, walkBurst } from "../../src/wire/burst.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { compressBound, decompressInto, Lz4Encoder, Lz4Error } from "../../src/wire/lz4.ts";
import { PayloadError, unpackInto } from "../../src/wire/payload.ts";
import { decodeRequest, RequestError } from "../../src/wire/request.ts";
import { RunReader, readEvent, readRow } from "../../src/wire/samples.ts";
import { Random } from "./random.ts";
import { randomBurst, randomRequest } from "./random-burst.ts";

const { StreamDataBurst, StreamRequest } = rta.model.net.stream;

/** Each seed is this many cases of each property. */
const CASES = 2100;
/** A seed that ever failed is added here, with what it found. `FUZZ_SEED` adds one of your own. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, ...(process.env.FUZZ_SEED ?? "").split(",").filter(Boolean).map(Number)];

const CANARY_BYTES = 64;
const CANARY = 0xee;
const canaries = new Uint8Array(2 * CANARY_BYTES).fill(CANARY);

describe.each(SEEDS)("seed %i", (seed) => {
  test("LZ4: what is encoded decodes to itself", () => {
    const random = new Random(seed);
    const encoder = new Lz4Encoder();
    for (let i = 0; i < CASES; i++) {
      const start = random.below(4);
      const bytes = random.packable(start + random.magnitude(random.chance(0.01) ? 18 : 11));
      const target = new Uint8Array(compressBound(bytes.length));
      const block = target.subarray(0, encoder.encodeInto(bytes, start, bytes.length, target));
      const arena = guarded(bytes.length - start);
      expect(decompressInto(block, arena, CANARY_BYTES, arena.length - CANARY_BYTES), `case ${i}`).toBe(
        arena.length - CANARY_BYTES,
      );
      expect(same(arena.subarray(CANARY_BYTES, -CANARY_BYTES), bytes.subarray(start)), `case ${i}`).toBe(
        true,
      );
      expectCanaries(arena, i);
    }
  });

  test("LZ4: any bytes end in output within the bounds or in an Lz4Error", () => {
    const random = new Random(seed);
    const encoder = new Lz4Encoder();
    for (let i = 0; i < CASES; i++) {
      const block = random.chance(0.3)
        ? random.bytes(random.magnitude(8))
        : random.mutate(encoder.encode(random.packable(random.magnitude(11))));
      const room = random.magnitude(12);
      const arena = guarded(room);
      const end = outcome(Lz4Error, () => decompressInto(block, arena, CANARY_BYTES, CANARY_BYTES + room));
      if (end !== undefined) expect(end, `case ${i}`).toBeLessThanOrEqual(CANARY_BYTES + room);
      expectCanaries(arena, i);
    }
  });

  test("bursts: the walker lists what protobufjs wrote, and a copy of the items is the burst", () => {
    const random = new Random(seed);
    for (let i = 0; i < CASES; i++) {
      const { items, bytes } = randomBurst(random);
      const table = new ItemTable();
      walkBurst(bytes, 0, bytes.length, table);
      expect(describeTable(table), `case ${i}`).toEqual(items.map(describeItem));
      let at = 0;
      for (let item = 0; item < table.count; item++) {
        expect(table.start[item], `case ${i}`).toBe(at);
        at = table.end[item]!;
      }
      expect(at, `case ${i}`).toBe(bytes.length);
      readAll(bytes, table);
    }
  });

  test("bursts: of broken ones, what the walker lets pass is what protobufjs reads, and lies in the buffer", () => {
    const random = new Random(seed);
    for (let i = 0; i < CASES; i++) {
      const bytes = random.chance(0.2)
        ? random.bytes(random.magnitude(7))
        : random.mutate(randomBurst(random).bytes);
      const start = random.below(Math.min(3, bytes.length + 1));
      const table = new ItemTable();
      table.append(0, 0, 0, 0, 0, 0); // a refusal must leave it alone
      const passed = outcome(BurstError, () => walkBurst(bytes, start, bytes.length, table) ?? true);
      if (passed === undefined) {
        expect(table.count, `case ${i}`).toBe(1);
        continue;
      }
      for (let item = 1; item < table.count; item++) {
        const row = [
          start,
          table.start[item]!,
          table.bodyStart[item]!,
          table.bodyEnd[item]!,
          table.end[item]!,
        ];
        expect([...row, bytes.length], `case ${i}`).toEqual([...row, bytes.length].sort((a, b) => a - b));
      }
      const decoded = decodeOrBadText(bytes.subarray(start));
      if (decoded && !mergesMembers(bytes, table, 1)) {
        expect(describeTable(table).slice(1), `case ${i}`).toEqual(decoded.map(describeDecoded));
      }
      readAll(bytes, table);
    }
  });

  test("payloads: any bytes end in a burst within the bounds or in a PayloadError", () => {
    const random = new Random(seed);
    const encoder = new Lz4Encoder();
    for (let i = 0; i < CASES; i++) {
      const { bytes } = randomBurst(random);
      const block = encoder.encode(bytes);
      const data = random.mutate(
        random.pick([bytes, block, framed(block), sized(bytes.length, block), pickled(bytes, block)]),
      );
      const room = random.magnitude(12);
      const arena = guarded(room);
      const table = new ItemTable();
      const result = outcome(PayloadError, () => unpackInto(data, arena, CANARY_BYTES, room, table));
      if (result) expect(result.end, `case ${i}`).toBeLessThanOrEqual(CANARY_BYTES + room);
      else expect(table.count, `case ${i}`).toBe(0);
      expectCanaries(arena, i);
    }
  });

  test("payloads: every framing of a burst is recognised as what it is", () => {
    const random = new Random(seed);
    const encoder = new Lz4Encoder();
    const arena = new Uint8Array(1 << 17);
    for (let i = 0; i < CASES; i++) {
      const { bytes } = randomBurst(random);
      if (bytes.length === 0) continue;
      const block = encoder.encode(bytes);
      const framings = {
        block,
        frame: framed(block),
        sized: sized(bytes.length, block),
        pickle: pickled(bytes, block),
        plain: bytes,
      };
      for (const [framing, data] of Object.entries(framings)) {
        const result = unpackInto(data, arena, 0);
        expect(result, `case ${i}`).toEqual({ framing, end: bytes.length });
        expect(same(arena.subarray(0, result.end), bytes), `case ${i} ${framing}`).toBe(true);
      }
    }
  });

  test("requests: any bytes end in what protobufjs reads or in a RequestError", () => {
    const random = new Random(seed);
    for (let i = 0; i < CASES; i++) {
      const valid = randomRequest(random);
      const wanted = StreamRequest.decode(valid).subscribe!;
      expect(decodeRequest(valid)?.channelIds ?? [], `case ${i}`).toEqual(wanted.dataChannelIds ?? []);
      const broken = random.chance(0.3) ? random.bytes(random.magnitude(6)) : random.mutate(valid);
      outcome(RequestError, () => decodeRequest(broken));
    }
  });
});

/** Room for `bytes` bytes between two stretches of canaries. */
function guarded(bytes: number): Uint8Array {
  return new Uint8Array(bytes + 2 * CANARY_BYTES).fill(CANARY);
}

function expectCanaries(arena: Uint8Array, i: number): void {
  const around = [...arena.subarray(0, CANARY_BYTES), ...arena.subarray(-CANARY_BYTES)];
  expect(same(Uint8Array.from(around), canaries), `canaries of case ${i}`).toBe(true);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** What `action` returns; undefined if it throws what is documented. Anything else it throws is thrown on. */
function outcome<T>(documented: new (...args: never[]) => Error, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof documented) return undefined;
    throw error;
  }
}

/** Kind and channel of each item. */
function describeTable(table: ItemTable): [kind: number, channel: number][] {
  return Array.from({ length: table.count }, (_, i) => [table.kind[i]!, table.channel[i]!]);
}

type Item = rta.model.net.stream.StreamData.$Properties;

function describeItem(item: Item): [kind: number, channel: number] {
  if (item.sessionJson != null) return [ItemKind.sessionJson, 0];
  if (item.timeRange) return [ItemKind.timeRange, 0];
  if (item.timestampedData) return [ItemKind.timestamped, item.timestampedData.channelId ?? 0];
  if (item.periodicData) return [ItemKind.periodic, item.periodicData.channelId ?? 0];
  if (item.rowData) return [ItemKind.row, 0];
  if (item.event) return [ItemKind.event, 0];
  return [ItemKind.unknown, 0];
}

/** Whether an item from `first` on has two members: protobufjs merges what the walker does not. */
function mergesMembers(bytes: Uint8Array, table: ItemTable, first: number): boolean {
  for (let item = first; item < table.count; item++) {
    const reader = Reader.create(bytes.subarray(table.start[item], table.end[item]));
    reader.tag();
    reader.size();
    let members = 0;
    while (reader.pos < reader.len) {
      const tag = reader.tag();
      if ((tag & 7) === 2) members++;
      reader.skipType(tag & 7, 0, tag >>> 3);
    }
    if (members > 1) return true;
  }
  return false;
}

/** Kind and channel of each item as protobufjs sees them. */
function describeDecoded(item: Item): [kind: number, channel: number] {
  const kinds = {
    sessionJson: ItemKind.sessionJson,
    timeRange: ItemKind.timeRange,
    timestampedData: ItemKind.timestamped,
    periodicData: ItemKind.periodic,
    rowData: ItemKind.row,
    event: ItemKind.event,
  };
  if (item.data === undefined) return [ItemKind.unknown, 0];
  const run = item.data === "timestampedData" || item.data === "periodicData" ? item[item.data] : undefined;
  return [kinds[item.data], run?.channelId ?? 0];
}

/** The items as protobufjs reads them; undefined where it refuses text that is not UTF-8, which the walker does not. */
function decodeOrBadText(bytes: Uint8Array): Item[] | undefined {
  try {
    return StreamDataBurst.decode(bytes).data ?? [];
  } catch (error) {
    if (/utf-?8|encoded data/i.test(String(error))) return undefined;
    throw error;
  }
}

/** Reads every item in every way: whatever the walker lets pass, the readers take. */
function readAll(buffer: Uint8Array, table: ItemTable): void {
  const reader = new RunReader();
  const values = new Float64Array(buffer.length);
  for (let item = 0; item < table.count; item++) {
    const kind = table.kind[item];
    if (kind === ItemKind.timestamped || kind === ItemKind.periodic) {
      reader.read(buffer, table, item);
      expect(reader.dataEnd).toBeLessThanOrEqual(buffer.length);
      expect(reader.values("u8", "le", values)).toBe(reader.times);
      reader.values("f64", "be", values);
    } else if (kind === ItemKind.row) {
      const { channels } = readRow(buffer, table, item);
      expect(rowHasChannel(buffer, table, item, new Set(channels.slice(-1)))).toBe(channels.length > 0);
    } else if (kind === ItemKind.event) {
      readEvent(buffer, table, item);
    }
  }
}

function u32(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}

function framed(block: Uint8Array): Uint8Array {
  const head = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
  return Uint8Array.from([...head, ...u32(block.length), ...block, 0, 0, 0, 0]);
}

function sized(size: number, block: Uint8Array): Uint8Array {
  return Uint8Array.from([...u32(size), ...block]);
}

/** As K4os does it: content that does not get smaller is stored. */
function pickled(bytes: Uint8Array, block: Uint8Array): Uint8Array {
  const difference = bytes.length - block.length;
  if (difference <= 0) return Uint8Array.from([0, ...bytes]);
  if (difference < 256) return Uint8Array.from([0x40, difference, ...block]);
  return Uint8Array.from([0x80, difference & 0xff, difference >>> 8, ...block]);
}
