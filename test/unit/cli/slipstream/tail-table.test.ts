import { describe, expect, test } from "vitest";
import { TailTable } from "../../../../src/cli/slipstream/tail-table.ts";
import { Wanted } from "../../../../src/cli/slipstream/tail-wanted.ts";
import { catalogueOf } from "../../../../src/client/catalogue.ts";
import { parseConfiguration } from "../../../../src/client/configuration.ts";
import type { Catalogue, Following, Link } from "../../../../src/client/index.ts";

const NOW_MS = 1_795_694_400_000;
const NS = BigInt(NOW_MS) * 1_000_000n;

function catalogueWith(names: readonly string[]): Catalogue {
  const parameters = names.map((name, channel) => ({
    ...{ id: `${name}:App`, name, unit: "m", format: "%.1f", channels: [channel] },
    ...{ min: 0, max: 100, warnMin: 0, warnMax: 50 },
  }));
  const channels = names.map((_, id) => ({ id, type: "f64", source: "timestamped" }));
  return catalogueOf([parseConfiguration({ App: { parameters, channels } }, 0)]);
}

function following(catalogue: Catalogue, link: Link = { state: "live" }): Following {
  return { catalogue, link, session: { identifier: "Lap 1", state: "open" } } as unknown as Following;
}

const plain = (_: unknown, text: string) => text;

function tableOf(catalogue: Catalogue, paint: typeof plain = plain): TailTable {
  const table = new TailTable(new Wanted({}), paint);
  table.wanted.learn(catalogue);
  return table;
}

const run = (channel: number, timeNs: bigint, value: number) => ({
  channel,
  type: "f64" as const,
  timesNs: BigInt64Array.of(timeNs),
  values: Float64Array.of(value),
});

describe("the table of `slipstream tail`", () => {
  test("shows the newest value of each parameter, whatever comes late", () => {
    const catalogue = catalogueWith(["speed", "height", "depth"]);
    const table = tableOf(catalogue);
    table.samples(run(0, NS - 200_000_000n, 12.34));
    table.samples(run(0, NS - 900_000_000n, 99));
    table.samples(run(1, NS - 300_000_000n, 5));
    const [head, gap, ...rows] = table.lines(following(catalogue), { columns: 80, rows: 24 }, NOW_MS);
    expect([head, gap]).toEqual(["Lap 1  open  live  0.2 s behind", ""]);
    expect(rows).toEqual([expect.stringMatching(/^speed +12\.3 m +height +5\.0 m +depth +- m$/)]);
  });

  test.each([
    [80, 24],
    [40, 10],
    [20, 6],
    [9, 4],
  ])("stays within %i columns and %i rows", (columns, rows) => {
    const catalogue = catalogueWith(Array.from({ length: 60 }, (_, index) => `parameter${index}`));
    const table = tableOf(catalogue);
    for (let channel = 0; channel < 60; channel++) table.samples(run(channel, NS, channel * 1e6));
    for (let second = 0n; second < 9n; second++) {
      table.event({
        definitionId: 7,
        appName: "App",
        timeNs: NS + second,
        statusText: "a".repeat(200),
        values: new Float64Array(),
      });
    }
    table.problem = "something ".repeat(20);
    const lines = table.lines(following(catalogue), { columns, rows }, NOW_MS);
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(lines.join("\n")).toMatch(/^an/m);
  });

  test("marks what is outside its limits, and what is old", () => {
    const catalogue = catalogueWith(["high", "old", "fine"]);
    const styles: string[] = [];
    const table = tableOf(catalogue, (style, text) => {
      styles.push(`${style} ${text.trim().replace(/ +/g, " ")}`);
      return text;
    });
    table.samples(run(0, NS, 51));
    table.samples(run(1, NS - 6_000_000_000n, 5));
    table.samples(run(2, NS, 5));
    table.lines(following(catalogue), { columns: 80, rows: 24 }, NOW_MS);
    expect(styles).toEqual(expect.arrayContaining(["red 51.0 m", "dim 5.0 m"]));
    expect(styles.filter((style) => style === "dim 5.0 m")).toHaveLength(1);
  });

  test("says in words why there is nothing, and lets nobody move the cursor", () => {
    const catalogue = catalogueWith(["a\u001b[2Jb"]);
    const table = tableOf(catalogue);
    const link: Link = { state: "reconnecting", cause: "dropped", retryAtMs: NOW_MS };
    const text = table.lines(following(catalogue, link), { columns: 80, rows: 24 }, NOW_MS).join("\n");
    expect(text).toContain("reconnecting: the connection broke");
    expect(text).not.toContain("\u001b");
  });
});

describe("what of a session is wanted", () => {
  const catalogue = catalogueWith(["NGear", "vCar"]);

  test("is by name, by id, by channel, or all", () => {
    const names = (flags: ConstructorParameters<typeof Wanted>[0]) => {
      const wanted = new Wanted(flags);
      wanted.learn(catalogue);
      return wanted.parameters.map(({ name }) => name);
    };
    expect(names({})).toEqual(["NGear", "vCar"]);
    expect(names({ parameter: ["vCar"] })).toEqual(["vCar"]);
    expect(names({ parameter: ["NGear:App"], channel: [1] })).toEqual(["NGear", "vCar"]);
  });

  test("that is not there is answered with what is alike, once that is known", () => {
    const objection = (parameter: string[], known = catalogue) => new Wanted({ parameter }).objection(known);
    expect(objection(["gear"])).toBe('the session has no parameter "gear"; it has NGear');
    expect(objection(["brake"])).toBe('the session has no parameter "brake"');
    expect(objection(["gear", "vCar"])).toBeUndefined();
    expect(objection(["gear"], { ...catalogue, origin: "pending" })).toBeUndefined();
  });
});
