import { describe, expect, test } from "vitest";
import { catalogueOf } from "../../../src/client/catalogue.ts";
import { parseConfiguration } from "../../../src/client/configuration.ts";
import { eventText } from "../../../src/client/event-text.ts";
import { formatValue } from "../../../src/client/format.ts";
import { parseJson, parseMarked } from "../../../src/client/json.ts";
import { parameterText, parameterValues } from "../../../src/client/parameter-values.ts";
import type { ChannelType } from "../../../src/wire/samples.ts";

/** A configuration of one parameter, `p`, fed by channel 1. */
function configure(parameter: object, conversion: object = {}, channel: object = {}) {
  return parseConfiguration(
    {
      app: {
        parameters: [{ id: "p:app", name: "p", conv: "c:app", channels: [1], ...parameter }],
        channels: [{ id: 1, ...channel }],
        conversions: [{ name: "c:app", ...conversion }],
      },
    },
    0,
  );
}

function valuesOf(raw: number[], type: ChannelType, parameter: object, conversion: object = {}): number[] {
  return [...parameterValues(configure(parameter, conversion).parameters[0]!, type, raw)];
}

const RATIONAL = (...coeffs: number[]) => ({ rational: { coeffs } });
const STEPS = { raw: [20, 0, 10], calibrated: [200, 0, 50] };
const GEARS = { text: { keys: [0, 1], values: ["N", "first"], default: "?" } };

describe("[L-07] values", () => {
  test.each<[string, number[], ChannelType, object, object, number[]]>([
    ["without a conversion, as they are", [-1.5, 7], "f64", {}, {}, [-1.5, 7]],
    ["rational, linear", [10, 20], "u16", {}, RATIONAL(0, 0.25, 3, 0, 0, 1), [5.5, 8]],
    ["rational, in full", [2], "f64", {}, RATIONAL(1, 2, 3, 4, 5, 6), [11 / 32]],
    ["A-39: a denominator written 0, 1, 0 is 1", [2, 9], "u8", {}, RATIONAL(0, 1, 0, 0, 1, 0), [2, 9]],
    ["A-39: also under a square", [3], "u8", {}, RATIONAL(2, 1, 5, 0, 1, 0), [26]],
    ["rational, with other than six coefficients, as they are", [3], "u8", {}, RATIONAL(1, 2), [3]],
    [
      "A-41: table, greatest key not above",
      [-5, 0, 9, 10, 99],
      "s16",
      {},
      { table: STEPS },
      [0, 0, 0, 50, 200],
    ],
    [
      "A-41: table, interpolated and clamped",
      [-5, 5, 15, 99],
      "s16",
      {},
      { table: { ...STEPS, interpolated: true } },
      [0, 25, 125, 200],
    ],
    ["text: the number stays, without offset", [1], "u8", { offset: 5 }, GEARS, [1]],
    ["the offset comes after the conversion", [10], "u8", { offset: -5 }, RATIONAL(0, 2, 0, 0, 0, 1), [15]],
    ["a shift to the right, then the mask", [0x1dd6], "u16", { shift: 4, mask: "1" }, {}, [1]],
    ["a shift to the left", [0x81], "u8", { shift: -4 }, {}, [0x810]],
    ["A-40: signed samples as the bits they are", [-1], "s16", { mask: "ff0f" }, {}, [0xff0f]],
    ["A-40: the sign counts where nothing is masked", [-1], "s16", { mask: "FFFFFFFF" }, {}, [-1]],
    ["A-40: the highest of 32 bits", [-1], "s32", { shift: 31 }, {}, [1]],
    ["A-40: a mask of 32 bits stays unsigned", [-1], "s32", { mask: "f0000000" }, {}, [0xf0000000]],
    ["A-40: a shift of the whole width leaves nothing", [0xffffffff], "u32", { shift: 32 }, {}, [0]],
    ["A-40: floats have no bits to mask", [2.5], "f32", { shift: 1, mask: "1" }, {}, [2.5]],
  ])("%s", (_title, raw, type, parameter, conversion, expected) => {
    expect(valuesOf(raw, type, parameter, conversion)).toEqual(expected);
  });

  test("a table says nothing of what is no number", () => {
    expect(valuesOf([Number.NaN], "f32", {}, { table: STEPS })).toEqual([Number.NaN]);
  });

  test.each([
    ["text by key", { format: "%d" }, GEARS, 1, "first"],
    ["text of no key", {}, GEARS, 7, "?"],
    ["the parameter's format", { format: "%.1f" }, { format: "%.3f" }, 1.25, "1.3"],
    ["the conversion's format", {}, { format: "%.3f" }, 1.25, "1.250"],
  ])("are written as %s", (_title, parameter, conversion, value, expected) => {
    expect(parameterText(configure(parameter, conversion).parameters[0]!, value)).toBe(expected);
  });
});

test.each([
  ["%5.2f", 3.146, " 3.15"],
  ["%-6.1f|", 2, "2.0   |"],
  ["%05d", -42.9, "-0042"],
  ["%+d", 7, "+7"],
  ["%04X", 0x1af, "01AF"],
  ["%x", -1, "ffffffff"],
  ["%o", 8, "10"],
  ["%c", 65, "A"],
  ["%e", 12345.678, "1.234568e+04"],
  ["%G", 1e-7, "1E-07"],
  ["%g", 0.0001, "0.0001"],
  ["%.3g", 123456, "1.23e+05"],
  ["%ld km", 12, "12 km"],
  ["%.200f", 0.5, "0.50000000000000000000"],
  ["%9999d", 1, "1".padStart(32)],
  ["", 0.1 + 0.2, "0.3"],
  ["", -0.5, "-0.5"],
  ["%s", 12, "12"],
  ["%%", 12, "12"],
  ["%f", Number.NaN, "–"],
  ["%d", Number.NEGATIVE_INFINITY, "-∞"],
])("%j writes %d as %j", (format, value, expected) => {
  expect(formatValue(format, value)).toBe(expected);
});

describe("a configuration", () => {
  test("[L-06] counts channels from the binding's offset", () => {
    const { parameters, channels } = parseConfiguration(
      { app: { parameters: [{ id: "p", channels: [0, 50, -1, "x"] }], channels: [{ id: 50 }, {}] } },
      1000,
    );
    expect(parameters[0]!.channels).toEqual([1000, 1050]);
    expect(channels.map(({ id }) => id)).toEqual([1050]);
  });

  test("takes its defaults, and unit and format from the conversion", () => {
    const { parameters, channels } = configure({ min: 1, max: 9 }, { unit: "bar", format: "%.1f" });
    expect(parameters[0]).toMatchObject({
      unit: "bar",
      format: "%.1f",
      warnMin: 1,
      warnMax: 9,
      shift: 0,
      offset: 0,
    });
    expect(channels).toEqual([{ id: 1, type: "f64", byteOrder: "le", source: "row", intervalNs: 0 }]);
  });

  test("keeps its own unit, limits and byte order (A-42)", () => {
    const { parameters, channels } = configure(
      { unit: "kPa", max: 9, warnMax: 8, byteOrder: "be" },
      { unit: "bar" },
      { type: "u16", source: "periodic", interval: 10_000_000 },
    );
    expect(parameters[0]).toMatchObject({ unit: "kPa", warnMax: 8 });
    expect(channels).toEqual([
      { id: 1, type: "u16", byteOrder: "be", source: "periodic", intervalNs: 10_000_000 },
    ]);
  });

  test("leaves out channels of a type that streams do not carry", () => {
    expect(configure({}, {}, { type: "3f32" }).channels).toEqual([]);
  });

  test("names the groups of a parameter, outermost first", () => {
    const tree = {
      params: [],
      groups: [
        { id: "a", desc: "Chassis", params: [], groups: [{ id: "b", desc: "Brakes", params: ["p"] }] },
        { id: "Favourites", params: ["p"] },
      ],
    };
    const { parameters } = parseConfiguration({ app: { tree, parameters: [{ id: "p" }] } }, 0);
    expect(parameters[0]!.groups).toEqual(["Chassis", "Brakes", "Favourites"]);
  });

  test("of nonsense is empty", () => {
    const nonsense = {
      a: null,
      b: { parameters: 3, channels: [null], conversions: "x", tree: [], events: {} },
    };
    expect(parseConfiguration(nonsense, 0)).toEqual({ parameters: [], channels: [], events: [] });
  });
});

describe("an event", () => {
  const catalogue = catalogueOf([
    parseConfiguration(
      {
        pump: {
          events: [{ id: 431, desc: "Valve", pri: "high", convs: ["g", "c"] }],
          conversions: [
            { name: "g", ...GEARS },
            { name: "c", unit: "bar", format: "%.1f" },
          ],
        },
      },
      0,
    ),
  ]);
  const event = {
    definitionId: 431,
    appName: "pump",
    timeNs: 0n,
    statusText: "",
    values: Float64Array.of(1, 2.5, 3),
  };

  test("shows its values through the definition's conversions", () => {
    const expected = { title: "01AF:pump Valve", detail: "first, 2.5 bar, 3", priority: "high" };
    expect(eventText(event, catalogue)).toEqual(expected);
  });

  test("shows its own text rather than its values", () => {
    expect(eventText({ ...event, statusText: "open" }, catalogue).detail).toBe("open");
  });

  test("of an unknown definition shows number, app and raw values", () => {
    const expected = { title: "0007:pump", detail: "1, 2.5, 3", priority: "" };
    expect(eventText({ ...event, definitionId: 7 }, catalogue)).toEqual(expected);
  });
});

test.each([
  ["where revivers know the source", parseJson],
  ["where they do not, as in Node 20", parseMarked],
])("[L-08] integers of 16 and more digits are exact, others plain numbers: %s", (_where, parse) => {
  const json =
    '{"t":1795424400000000123,"n":-1795424400000000123,"f":1.5e20,"s":"1795424400000000123","i":42}';
  expect(parse(json)).toEqual({
    t: 1795424400000000123n,
    n: -1795424400000000123n,
    f: 1.5e20,
    s: "1795424400000000123",
    i: 42,
  });
});
