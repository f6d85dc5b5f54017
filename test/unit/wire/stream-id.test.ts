import { describe, expect, test } from "vitest";
import {
  compareStreamIds,
  FIRST_STREAM_ID,
  parseStreamId,
  previousStreamId,
  streamIdMs,
} from "../../../src/wire/stream-id.ts";

const MAX = "18446744073709551615";

describe("parseStreamId", () => {
  test.each([
    ["0-0", 0n, 0n],
    ["1795424400000-7", 1795424400000n, 7n],
    ["5", 5n, 0n],
    [`${MAX}-${MAX}`, 2n ** 64n - 1n, 2n ** 64n - 1n],
  ])("reads %s", (text, ms, seq) => {
    expect(parseStreamId(text)).toEqual({ ms, seq });
  });

  test.each([
    "",
    "-",
    "1-",
    "-1",
    "1-2-3",
    "a-0",
    "1-*",
    "$",
    " 1-0",
    "1-0\n",
    "18446744073709551616-0",
    "0-18446744073709551616",
  ])("refuses %j", (text) => {
    expect(parseStreamId(text)).toBeNull();
  });
});

describe("compareStreamIds", () => {
  const ascending = [
    "0-0",
    "0-1",
    "0-9",
    "0-10",
    "9-0",
    "10-0",
    "10-18446744073709551614",
    `10-${MAX}`,
    "11-0",
    `${MAX}-${MAX}`,
  ];

  test("orders by number, not by text, and exactly beyond 2^53", () => {
    for (const [i, a] of ascending.entries()) {
      for (const [j, b] of ascending.entries()) {
        expect(Math.sign(compareStreamIds(a, b)), `${a} to ${b}`).toBe(Math.sign(i - j));
      }
    }
  });

  test("throws on what is no id", () => {
    expect(() => compareStreamIds("1-0", "$")).toThrow(RangeError);
  });
});

test.each([
  ["7-3", "7-2"],
  ["7-0", `6-${MAX}`],
  ["0-1", "0-0"],
  ["0-0", FIRST_STREAM_ID],
  [`0-${MAX}`, "0-18446744073709551614"],
])("the largest id below %s is %s", (id, previous) => {
  expect(previousStreamId(id)).toBe(previous);
});

test("the time part is a Number of ms", () => {
  expect(streamIdMs("1795424400123-9")).toBe(1795424400123);
});
