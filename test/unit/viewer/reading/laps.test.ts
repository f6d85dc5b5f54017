import { describe, expect, test } from "vitest";
import { carSessionJson } from "../../../../src/cli/car-session.ts";
import { parseJson } from "../../../../src/client/json.ts";
import {
  durationNs,
  fastestLap,
  isLapStart,
  type Lap,
  lapLabel,
  lapsAt,
  lapsBetween,
  lapsOfMarkers,
  lapTimeText,
} from "../../../../src/viewer/reading/laps.ts";

const START = 1_795_000_000_123_456_789n;
const S = 1_000_000_000n;
const lap = (label: string, start: bigint, end: bigint | null): Lap => ({
  label,
  startNs: start,
  endNs: end,
});

describe("laps of markers", () => {
  test("are those of the demo car, to the nanosecond", () => {
    const laps = [
      { number: 1, timeS: 92.105, startNs: START, endNs: START + 92n * S },
      { number: 2, timeS: 90, startNs: START + 92n * S, endNs: START + 182n * S },
    ];
    const json = carSessionJson({
      ...{
        identity: "x",
        state: "open",
        startMs: 1_795_000_000_123,
        configIdentifier: "c",
        timeRange: undefined,
        laps,
      },
    });
    expect(lapsOfMarkers((parseJson(json) as { markers: unknown }).markers)).toEqual([
      lap("Lap 1", START, START + 92n * S),
      lap("Lap 2", START + 92n * S, START + 182n * S),
    ]);
  });

  test("are put in order, each once; without an end they last until the next", () => {
    const markers = [
      { type: "Lap", label: "Lap 2", startTime: 20 },
      { type: "lap", startTime: 10, endTime: 10 },
      { type: "lap", label: "Lap 2", startTime: 20 },
      { type: "sector", startTime: 12, endTime: 15 },
    ];
    expect(lapsOfMarkers(markers)).toEqual([lap("Lap 1", 10n, 20n), lap("Lap 2", 20n, null)]);
  });

  test.each([
    null,
    undefined,
    7,
    "laps",
    {},
    [null, 1, {}, { type: "lap" }, { type: "lap", startTime: 1.5 }],
  ])("of nonsense there are none: %j", (markers) => {
    expect(lapsOfMarkers(markers)).toEqual([]);
  });
});

describe("laps between passages of the line", () => {
  test("take their names from where they begin", () => {
    const lines = [
      { timeNs: 30n, label: "Lap 3" },
      { timeNs: 10n, label: "" },
      { timeNs: 30n, label: "Lap 3" },
    ];
    expect(lapsBetween(lines)).toEqual([lap("Lap 1", 10n, 30n), lap("Lap 3", 30n, null)]);
    expect(lapsBetween([])).toEqual([]);
  });

  test.each([
    ["0003:Car Lap start", true],
    ["Start of lap", true],
    ["Lap trigger", true],
    ["Lap beacon", true],
    ["Start/finish line", true],
    ["Gear change", false],
    ["Overlap started", false],
    ["Fastest lap", false],
  ])("are told by events: %s", (description, expected) => {
    expect(isLapStart(description)).toBe(expected);
  });

  test("are named by the text of such events", () => {
    expect(lapLabel("Lap 3 after 1:32.105")).toBe("Lap 3");
    expect(lapLabel("lap12")).toBe("Lap 12");
    expect(lapLabel("Into the pit lane")).toBe("");
  });
});

describe("laps at a time", () => {
  const laps = [lap("Lap 1", 100n, 200n), lap("Lap 2", 200n, 290n)];

  test("[W-03] [W-04] tell nothing early", () => {
    expect(lapsAt(laps, 50n)).toEqual([]);
    expect(lapsAt(laps, 199n)).toEqual([lap("Lap 1", 100n, null)]);
    expect(lapsAt(laps, 250n)).toEqual([lap("Lap 1", 100n, 200n), lap("Lap 2", 200n, null)]);
  });

  test("end with the one that is driven", () => {
    expect(lapsAt(laps, 290n)).toEqual([...laps, lap("Lap 3", 290n, null)]);
    expect(lapsAt([lap("Out", 1n, 2n)], 5n).at(-1)).toEqual(lap("In progress", 2n, null));
  });
});

test("the fastest lap is a finished one", () => {
  expect(
    fastestLap([lap("a", 0n, 90n), lap("b", 90n, 170n), lap("c", 170n, 250n), lap("d", 250n, null)]),
  ).toBe(1);
  expect(fastestLap([lap("a", 0n, null)])).toBe(-1);
  expect(durationNs(lap("a", 0n, null))).toBeNull();
});

test.each([
  [92_105_000_000n, "1:32.105"],
  [59_999_600_000n, "1:00.000"],
  [5_000_499_999n, "0:05.000"],
  [3_725_001_000_000n, "62:05.001"],
])("%s ns is read as %s", (ns, text) => {
  expect(lapTimeText(ns)).toBe(text);
});
