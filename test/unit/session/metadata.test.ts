import { describe, expect, test } from "vitest";
import { type Expectation, expectationOf, Metadata } from "../../../src/session/metadata.ts";
import { rta } from "../../../src/wire/gen/rta.js";
import { decompress } from "../../../src/wire/lz4.ts";
import { vector, vectorFile } from "../wire/vectors.ts";

const { StreamDataBurst } = rta.model.net.stream;

/** The one item of a message. */
function item(message: Uint8Array | null): rta.model.net.stream.StreamData.$Properties {
  const { data } = StreamDataBurst.decode(decompress(message!, 1024 * 1024));
  expect(data).toHaveLength(1);
  return data![0] as rta.model.net.stream.StreamData.$Properties;
}

describe("what a Session JSON says of the future", () => {
  test.each<[string, Expectation]>([
    ["waiting", "more"],
    ["open", "more"],
    ["closed", "closed"],
    ["truncated", "closed"],
    ["failed", "closed"],
    ["abandoned", "closed"],
    ["unknown", "unknown"],
    ["Closed", "unknown"],
    ["constructor", "unknown"],
    ["__proto__", "unknown"],
    ["", "unknown"],
  ])("[X-03] [X-04] state %s: %s", (state, expected) => {
    expect(expectationOf(JSON.stringify({ state }))).toBe(expected);
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    "7",
    '"closed"',
    "{}",
    '{"state":4}',
    '{"state":null}',
    '{"details":{"state":"closed"}}',
  ])("%s says nothing", (json) => {
    expect(expectationOf(json)).toBe("unknown");
  });

  test("[X-04] the last state that said something counts", () => {
    const metadata = new Metadata();
    const closedAfter = (json: string): boolean => {
      metadata.setJson(json);
      return metadata.closed;
    };
    expect(metadata.closed).toBe(false);
    expect(closedAfter('{"state":"open"}')).toBe(false);
    expect(closedAfter('{"state":"failed"}')).toBe(true);
    expect(closedAfter('{"state":"unknown"}')).toBe(true);
    expect(closedAfter("no JSON")).toBe(true);
    expect(closedAfter('{"state":"open", "a":1}')).toBe(false);
  });
});

describe("messages", () => {
  test("there are none before something is known", () => {
    const metadata = new Metadata();
    expect(metadata.jsonMessage()).toBeNull();
    expect(metadata.rangeMessage()).toBeNull();
  });

  test.each([
    '{ "timeRange":{"startTime":1795424400000000123},"details":null,\t"markers":[ ] }',
    "\uFEFF{}",
    "é€😀",
    "no JSON at all",
  ])("[F-02] [F-04] the text %j travels as it is, alone", (json) => {
    const metadata = new Metadata();
    metadata.setJson(json);
    expect(item(metadata.jsonMessage())).toEqual({ sessionJson: json });
  });

  test("are those of the vectors", () => {
    const metadata = new Metadata();
    metadata.setJson(vectorFile.session1);
    metadata.widen({ startNs: 1_795_424_400_000_000_000n, endNs: 1_795_424_401_500_000_000n });
    expect(decompress(metadata.jsonMessage()!, 1024)).toEqual(vector("E1.bin"));
    expect(decompress(metadata.rangeMessage()!, 1024)).toEqual(vector("E2.bin"));
  });

  test("a message is made once for a text and anew for the next", () => {
    const metadata = new Metadata();
    metadata.setJson("{}");
    const first = metadata.jsonMessage();
    expect(metadata.jsonMessage()).toBe(first);
    metadata.setJson("{ }");
    expect(item(metadata.jsonMessage())).toEqual({ sessionJson: "{ }" });
  });

  test("[M-05] the range is the union of all that came", () => {
    const metadata = new Metadata();
    metadata.widen(null);
    expect(metadata.rangeMessage()).toBeNull();
    metadata.widen({ startNs: 0n, endNs: 10n });
    metadata.widen({ startNs: 5n, endNs: 7n });
    metadata.widen(null);
    expect(metadata.range).toEqual({ startNs: 0n, endNs: 10n });
    metadata.widen({ startNs: -5n, endNs: 7n });
    expect(metadata.range).toEqual({ startNs: -5n, endNs: 10n });
  });
});

describe("known texts", () => {
  test("are the current one and those before it, for a while", () => {
    const metadata = new Metadata();
    const json = (version: number): string => `{"version":${version}}`;
    expect(metadata.knows(json(0))).toBe(false);
    for (let version = 0; version < 100; version++) metadata.setJson(json(version));
    expect([99, 98, 50].every((version) => metadata.knows(json(version)))).toBe(true);
    expect([0, 10, 100].some((version) => metadata.knows(json(version)))).toBe(false);
  });

  test("a text that comes again stays known", () => {
    const metadata = new Metadata();
    metadata.setJson("first");
    metadata.setJson("second");
    metadata.setJson("first");
    expect(["first", "second"].every((text) => metadata.knows(text))).toBe(true);
  });

  test("texts that differ in one character or in its place are told apart", () => {
    const metadata = new Metadata();
    metadata.setJson("abc");
    metadata.setJson("x");
    for (const other of ["abd", "acb", "bac", "ab", "abcc", ""]) expect(metadata.knows(other)).toBe(false);
  });
});
