import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { type CsvOptions, readCsv } from "../../../../src/cli/slipstream/csv.ts";
import { csvConfiguration } from "../../../../src/cli/slipstream/csv-config.ts";
import { readCsvTime } from "../../../../src/cli/slipstream/csv-time.ts";

async function read(text: string, options: Partial<CsvOptions> = {}) {
  const settings = { timeUnit: "s", delimiter: ",", ...options } as const;
  const { columns, rows } = await readCsv(Readable.from([text]), "lap.csv", settings);
  const all = [];
  for await (const row of rows) all.push(row);
  return { columns, rows: all };
}

describe("a CSV file", () => {
  test("gives columns with units, and rows with times and their lines", async () => {
    expect(await read('\ufefftime,speed [km/h],"a ""b"" (%)"\n0,1.5,2\n\n0.1,,-3e2\n')).toEqual({
      columns: [
        { name: "speed", unit: "km/h" },
        { name: 'a "b"', unit: "%" },
      ],
      rows: [
        { line: 2, timeNs: 0n, values: [1.5, 2] },
        { line: 4, timeNs: 100_000_000n, values: [undefined, -300] },
      ],
    });
  });

  test("may have its time column anywhere, and any single character between cells", async () => {
    const { columns, rows } = await read("speed;Time (ms)\n4;250", { delimiter: ";", timeUnit: "ms" });
    expect([columns, rows]).toEqual([
      [{ name: "speed", unit: "" }],
      [{ line: 2, timeNs: 250_000_000n, values: [4] }],
    ]);
    expect((await read("a,b\n1,2", { time: "b" })).rows[0]).toMatchObject({
      timeNs: 2_000_000_000n,
      values: [1],
    });
    expect((await read("a,b\n1,2")).rows[0]).toMatchObject({ timeNs: 1_000_000_000n, values: [2] });
  });

  test("may have cells that are no finite number on purpose", async () => {
    const { rows } = await read("t,a,b,c\n0,NaN,inf,-Infinity");
    expect(rows[0]!.values).toEqual([Number.NaN, Infinity, -Infinity]);
  });

  test.each([
    ["", "lap.csv is empty"],
    ["time\n1", "lap.csv line 1: a time column and another at least; is --delimiter right?"],
    ["time,a,a\n", 'lap.csv line 1: two columns are called "a"'],
    ["time,,b\n", "lap.csv line 1: column 2 has no name"],
    ["time,a\n0,1\n1,fast\n", 'lap.csv line 3: column "a" has no number: "fast"'],
    ["time,a\n0,0x10\n", 'lap.csv line 2: column "a" has no number: "0x10"'],
    ["time,a\n0,1\nnoon,1\n", 'lap.csv line 3: column "time" has no time: "noon"'],
    ["time,a\n,1\n", 'lap.csv line 2: column "time" has no time: ""'],
    ["time,a\n0,1\n1,2,3\n", "lap.csv line 3: 3 cells, but 2 columns"],
    ["time,a\n0,1\n1\n", "lap.csv line 3: 1 cells, but 2 columns"],
    ['time,a\n0,"1\n', "lap.csv line"],
  ])("[Q-06] says in which line it is wrong: %j", async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  test("that lacks the column asked for lists those that it has", async () => {
    await expect(read("a,b\n1,2", { time: "c" })).rejects.toThrow(
      'line 1: no column "c"; there are "a", "b"',
    );
  });
});

describe("a time", () => {
  test.each([
    ["1795424400.000000123", "s", 1_795_424_400_000_000_123n],
    ["1795424400000000123", "ns", 1_795_424_400_000_000_123n],
    ["-0.5", "ms", -500_000n],
    ["12.3456789", "us", 12_345n],
    ["1.5e3", "s", 1_500_000_000_000n],
    ["2026-11-26T12:00:00.123456789Z", "s", 1_795_694_400_123_456_789n],
    ["2026-11-26 13:00:00,5+01:00", "s", 1_795_694_400_500_000_000n],
    ["2026-11-26T12:00", "s", 1_795_694_400_000_000_000n],
  ] as const)("%s in %s is exact to the nanosecond", (text, unit, ns) => {
    expect(readCsvTime(text, unit)).toBe(ns);
  });

  test.each(["", "noon", "12:00", "2026-13-45T00:00Z", "99999999999999999999", "1 2"])(
    "%j is none",
    (text) => {
      expect(readCsvTime(text, "s")).toBeNull();
    },
  );
});

test("the configuration of a table names each column's channel, and changes its name with its text", () => {
  const columns = [
    { name: "speed", unit: "km/h" },
    { name: "gear", unit: "" },
  ];
  const { identifier, json } = csvConfiguration(columns, [{ min: 0, max: 300 }, undefined]);
  expect(JSON.parse(json)).toMatchObject({
    CSV: {
      parameters: [
        { id: "speed:CSV", unit: "km/h", min: 0, max: 300, channels: [0] },
        { id: "gear:CSV", channels: [1] },
      ],
      channels: [
        { id: 0, type: "f64", source: "timestamped" },
        { id: 1, type: "f64" },
      ],
    },
  });
  expect(csvConfiguration(columns, []).identifier).not.toBe(identifier);
});
