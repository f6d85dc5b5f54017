import { describe, expect, test } from "vitest";
import { isClosed, type SessionDescription, sessionJson } from "../../../src/producer/index.ts";

const SESSION: SessionDescription = {
  identity: "s",
  state: "open",
  timestamp: "2026-11-23T09:00:00Z",
  identifier: "S",
};

describe("sessionJson", () => {
  test("[L-08] writes nanoseconds with all their digits", () => {
    const timeRange = { startTime: 1_795_424_400_000_000_123n, endTime: 9_223_372_036_854_775_807n };
    expect(sessionJson({ ...SESSION, timeRange })).toContain(
      '"timeRange":{"startTime":1795424400000000123,"endTime":9223372036854775807}',
    );
  });

  test("keeps null, empty and absent apart", () => {
    const text = sessionJson({ ...SESSION, configBindings: null, markers: [], custom: { a: [1n] } });
    expect(text).toMatch(/"configBindings":null,"markers":\[\],"custom":\{"a":\[1\]\}\}$/);
    expect(text).not.toContain("details");
  });
});

describe("a description that is wrong is refused by what is wrong", () => {
  test.each([
    ["identity", { identity: 5 }],
    ["timestamp", { timestamp: undefined }],
    ["identifier", { identifier: null }],
    ["state", { state: "paused" }],
  ])("%s", (name, wrong) => {
    const message = expect.stringMatching(`^${name} `);
    expect(() => sessionJson({ ...SESSION, ...wrong } as never)).toThrow(
      expect.objectContaining({ code: "invalid-argument", message }),
    );
  });
});

describe("isClosed", () => {
  test.each(["closed", "truncated", "failed", "abandoned"])("%s ends a session", (state) => {
    expect(isClosed(JSON.stringify({ state }))).toBe(true);
  });

  test.each([
    '{"state":"open"}',
    '{"state":"waiting"}',
    '{"state":"unknown"}',
    "{}",
    "null",
    '"closed"',
    "{",
    "",
  ])("%s does not", (json) => {
    expect(isClosed(json)).toBe(false);
  });
});
