import { expect, test } from "vitest";
import { paintFor } from "../../../../src/cli/slipstream/paint.ts";
import { clipped, isoTime, printable } from "../../../../src/cli/slipstream/printable.ts";
import { bytesText, countText, durationText } from "../../../../src/cli/slipstream/units.ts";

const terminal = { isTTY: true } as NodeJS.WriteStream;
const pipe = {} as NodeJS.WriteStream;

test("[Q-05] text is coloured on a terminal that has colours, and nowhere else", () => {
  expect(paintFor(terminal, { TERM: "xterm" })("red", "x")).toBe("\x1b[31mx\x1b[39m");
  for (const plain of [
    paintFor(pipe, { TERM: "xterm" }),
    paintFor(terminal, { TERM: "xterm", NO_COLOR: "1" }),
    paintFor(terminal, { TERM: "dumb" }),
  ]) {
    expect(plain("red", "x")).toBe("x");
  }
});

test("text of others does not move the cursor, and is cut to its place", () => {
  expect(printable("a\x1b[2J\u202eb\n")).toBe("a\ufffd[2J\ufffdb\ufffd");
  expect([clipped("speed", 5), clipped("speed", 4), clipped("speed", 1), clipped("speed", 0)]).toEqual([
    "speed",
    "spe…",
    "…",
    "",
  ]);
});

test("times, durations and amounts are written for people", () => {
  expect([isoTime(1_795_694_400_000_000_001n), isoTime(-1n)]).toEqual([
    "2026-11-26T12:00:00.000000001Z",
    "1969-12-31T23:59:59.999999999Z",
  ]);
  expect([0, 9_900, 42_000, 200_000, 7_500_000, 273_600_000, -1_500].map(durationText)).toEqual([
    ...["0.0 s", "9.9 s", "42 s", "3 min 20 s", "2 h 5 min", "3 d 4 h", "-1.5 s"],
  ]);
  expect([999, 1_000, 123_456, 2_500_000_000].map(bytesText)).toEqual([
    "999 B",
    "1.0 kB",
    "123 kB",
    "2.5 GB",
  ]);
  expect([countText(1, "entry", "entries"), countText(1_200, "row")]).toEqual(["1 entry", "1,200 rows"]);
});
