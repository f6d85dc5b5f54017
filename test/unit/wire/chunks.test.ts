import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { BurstError, ItemKind, ItemTable, walkList } from "../../../src/wire/burst.ts";
import { ChunkError, ChunkReader, type HistoryChunk, MAX_LIST_BYTES } from "../../../src/wire/chunks.ts";
import { RunReader, readEvent } from "../../../src/wire/samples.ts";
import { historyBody, joined, listOf } from "../../fakes/history.ts";
import { T0, vector } from "./vectors.ts";

const BODY = new Uint8Array(readFileSync(new URL("../../fixtures/vectors/rest-chunks.bin", import.meta.url)));

function chunksOf(body: Uint8Array, pieceBytes = body.length): HistoryChunk[] {
  const reader = new ChunkReader();
  const chunks: HistoryChunk[] = [];
  for (let at = 0; at < body.length; at += pieceBytes) {
    chunks.push(...reader.push(body.slice(at, at + pieceBytes)));
  }
  expect(reader.isBetween).toBe(true);
  return chunks;
}

/** The first run of a list: times relative to T0 in ms, and values. */
function firstRun(list: Uint8Array): [number, number][] {
  const table = new ItemTable();
  walkList(list, ItemKind.timestamped, table);
  const run = new RunReader();
  run.read(list, table, 0);
  const values = new Float64Array(run.count("f64"));
  run.values("f64", "le", values);
  return [...values].map((value, i) => [Number(run.timesNs[i]! - T0) / 1e6, value]);
}

describe("chunks of history", () => {
  test.each([[134], [1], [7], [50]])("the vector of two chunks, in pieces of %d bytes", (pieceBytes) => {
    const chunks = chunksOf(BODY, pieceBytes);
    expect(chunks.map(({ channels, startNs, endNs }) => [channels, startNs, endNs])).toEqual([
      [[3], T0, T0 + 20_000_000n],
      [[3], T0 + 30_000_000n, T0 + 50_000_000n],
    ]);
    expect(chunks.flatMap(({ list }) => firstRun(list!))).toEqual(
      [0, 10, 20, 30, 40, 50].map((ms) => [ms, 1]),
    );
  });

  test("start and duration go back too, and channels may be many", () => {
    const channels = Array.from({ length: 5_000 }, (_, i) => i * 7);
    const list = listOf([vector("E3.bin")]);
    const chunks = chunksOf(
      historyBody([
        { channels, startNs: T0, endNs: T0 + 9n, list },
        { channels: [1], startNs: T0 - 5n, endNs: T0 - 3n, list },
      ]),
    );
    expect(chunks[0]!.channels).toEqual(channels);
    expect(chunks[1]).toMatchObject({ startNs: T0 - 5n, endNs: T0 - 3n, list });
  });

  test("a list that cannot be unpacked is skipped alone", () => {
    const list = listOf([vector("E3.bin")]);
    const content = { channels: [3], startNs: T0, endNs: T0, list };
    const chunks = chunksOf(
      historyBody([
        { ...content, packed: Uint8Array.of(0xff, 0xff) },
        { ...content, packed: Uint8Array.of(0x10, 7) },
        content,
      ]),
    );
    expect(chunks.map((chunk) => chunk.list)).toEqual([null, null, list]);
  });

  test("more than a list may have is not unpacked", () => {
    const list = new Uint8Array(MAX_LIST_BYTES + 1);
    const [chunk] = chunksOf(historyBody([{ channels: [], startNs: 0n, endNs: 0n, list }]));
    expect(chunk!.list).toBeNull();
  });

  test.each([
    ["a header that is too large", Uint8Array.of(0xff, 0xff, 0xff, 0x7f)],
    ["a malformed header", Uint8Array.of(2, 0, 0, 0, 0x08, 0x80)],
    ["a chunk that is too large", Uint8Array.of(6, 0, 0, 0, 0x30, 0xff, 0xff, 0xff, 0xff, 0x07)],
  ])("%s ends the reading", (_what, body) => {
    expect(() => [...new ChunkReader().push(body)]).toThrow(ChunkError);
  });

  test("a body that is cut off does not end between chunks", () => {
    const reader = new ChunkReader();
    expect([...reader.push(BODY.subarray(0, 100))]).toHaveLength(1);
    expect(reader.isBetween).toBe(false);
  });

  test("lists of events, and of malformed items", () => {
    const table = new ItemTable();
    const list = listOf([vector("E6.bin"), vector("E7.bin")]);
    walkList(list, ItemKind.event, table);
    expect([0, 1].map((item) => readEvent(list, table, item).definitionId)).toEqual([431, 8]);
    expect(() => walkList(joined([list, Uint8Array.of(0x0a, 5, 1)]), ItemKind.event, table)).toThrow(
      BurstError,
    );
    expect(table.count).toBe(2);
  });
});
