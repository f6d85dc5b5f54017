import { expect, test } from "vitest";
import { type Column, csvParts } from "../../../../src/viewer/sharing/csv.ts";

const START = 1_795_000_000_000_000_000n;

function column(
  name: string,
  points: readonly (readonly [ns: number, value: number])[],
  more: Partial<Column> = {},
): Column {
  return {
    name,
    unit: "",
    texts: null,
    series: {
      originNs: START,
      times: Float64Array.from(points, ([ns]) => ns),
      values: Float64Array.from(points, ([, value]) => value),
    },
    ...more,
  };
}

const csv = (columns: readonly Column[]) => [...csvParts(columns, START)].join("");

test("[W-06] samples of all traces, each at its own time to the nanosecond, gaps marked", () => {
  const speed = column(
    "vCar",
    [
      [0, 1.25],
      [10, 2],
      [15, Number.NaN],
      [1_500_000_001, -3e-7],
    ],
    { unit: "km/h" },
  );
  const gear = column(
    "NGear",
    [
      [10, 0],
      [20, 1],
    ],
    { texts: ["N", "first, slow"] },
  );
  expect(csv([speed, gear]).split("\r\n")).toEqual([
    "time,seconds,vCar [km/h],NGear",
    "2026-11-18T11:06:40.000000000Z,0.000000000,1.25,",
    "2026-11-18T11:06:40.000000010Z,0.000000010,2,N",
    "2026-11-18T11:06:40.000000015Z,0.000000015,gap,",
    '2026-11-18T11:06:40.000000020Z,0.000000020,,"first, slow"',
    "2026-11-18T11:06:41.500000001Z,1.500000001,-3e-7,",
    "",
  ]);
});

test("samples before the start have negative seconds; traces of different origins meet", () => {
  const early = column("a", [[-1_000_000_500, 1]]);
  const other: Column = {
    ...column("b", [[499, 2]]),
    series: { originNs: START - 1_000_000_999n, times: Float64Array.of(499), values: Float64Array.of(2) },
  };
  expect(csv([early, other]).split("\r\n")[1]).toBe("2026-11-18T11:06:38.999999500Z,-1.000000500,1,2");
});

test.each([
  ['a"b', '"a""b"'],
  ["a,b", '"a,b"'],
  ["a\nb", '"a\nb"'],
  ["=HYPERLINK(x)", "'=HYPERLINK(x)"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(a,b)", '"\'@SUM(a,b)"'],
])("[W-08] names from a session are neither formulas nor cells of their own: %j", (name, expected) => {
  expect(csv([column(name, [])])).toBe(`time,seconds,${expected}\r\n`);
  expect(csv([column("x", [[0, 1]], { texts: [name] })])).toContain(`,${expected}\r\n`);
});

test("long tables come in parts that join without a seam", () => {
  const points = Array.from({ length: 12_000 }, (_, index) => [index, index] as const);
  const parts = [...csvParts([column("a", points)], START)];
  expect(parts.length).toBe(3);
  expect(parts.join("").trimEnd().split("\r\n")).toHaveLength(12_001);
});
