import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/client/json.ts";
import { mergeSession } from "../../../src/client/session.ts";

const range = (startTime: number | bigint, endTime: number | bigint) => ({
  timeRange: { startTime, endTime },
});

function merge(rest: JsonObject | null, stream: JsonObject | null, connected = true) {
  return mergeSession({ identity: "s", rest, stream, streamRange: null, connected });
}

describe("[L-03] collections", () => {
  const binding = { identifier: "c", channelOffset: 7 };

  test.each([
    ["null", { configBindings: null }],
    ["absent", {}],
  ])("that are %s in the stream come from REST", (_title, stream) => {
    expect(merge({ configBindings: [binding] }, stream).configBindings).toEqual([binding]);
  });

  test("that are explicitly empty stay empty", () => {
    const merged = merge(
      { configBindings: [binding], details: { a: 1 } },
      { configBindings: [], details: {} },
    );
    expect(merged.configBindings).toEqual([]);
    expect(merged.json.details).toEqual({});
  });

  test("that only the stream knows are kept when REST is newer", () => {
    const merged = merge({ ...range(0, 20), details: null }, { ...range(0, 10), details: { a: 1 } });
    expect(merged.json.details).toEqual({ a: 1 });
  });
});

describe("[L-04] of two sides the one with the later end of time range counts", () => {
  test.each([
    ["REST is later", range(0, 20), range(0, 10), "rest"],
    ["the stream is later", range(0, 10), range(5, 20), "stream"],
    ["both end together", range(0, 10), range(0, 10), "stream"],
    ["REST has no range", {}, range(0, 10), "stream"],
    ["the stream has no range", range(0, 10), {}, "rest"],
    ["neither has a range", {}, {}, "stream"],
  ])("%s", (_title, rest, stream, expected) => {
    const merged = merge({ ...rest, identifier: "rest" }, { ...stream, identifier: "stream" });
    expect(merged.identifier).toBe(expected);
  });

  test("ranges streamed beside the Session JSON count, to the nanosecond", () => {
    const endNs = 1795424400000000124n;
    const merged = mergeSession({
      identity: "s",
      rest: { ...range(5n, endNs - 1n), identifier: "rest" },
      stream: { identifier: "stream" },
      streamRange: { startNs: 9n, endNs },
      connected: true,
    });
    expect(merged.identifier).toBe("stream");
    expect(merged.timeRange).toEqual({ startNs: 5n, endNs });
  });
});

describe("the state", () => {
  test.each([
    ["while connected", true, "waiting"],
    ["while not connected", false, "open"],
  ])("%s", (_title, connected, expected) => {
    expect(merge({ state: "open" }, { state: "waiting" }, connected).state).toBe(expected);
  });

  test("a closed state of the stream holds after the connection has gone", () => {
    expect(merge({ state: "open" }, { state: "truncated" }, false).state).toBe("truncated");
  });

  test("unknown is ignored", () => {
    expect(merge({ state: "open" }, { state: "unknown" }).state).toBe("open");
    expect(merge({ state: "open" }, { state: "fancy" }).state).toBe("open");
  });
});

test("a session of which nothing is known has its identity for a name", () => {
  expect(merge(null, null)).toMatchObject({
    identifier: "s",
    state: "unknown",
    timeRange: null,
    configBindings: [],
  });
});

test("members not known here are kept", () => {
  expect(merge(null, { custom: [1] }).json.custom).toEqual([1]);
});
