import { describe, expect, test } from "vitest";
import { TEXTS } from "../../../src/cli/car-channel.ts";
import { CHANNELS } from "../../../src/cli/car-channels.ts";
import { carConfiguration, EVENTS } from "../../../src/cli/car-config.ts";

interface Named {
  name: string;
}
interface Application {
  tree: { params: string[]; groups: { id: string; params: string[] }[] };
  parameters: (Named & {
    id: string;
    desc: string;
    conv: string;
    channels: number[];
    min: number;
    max: number;
    warnMin?: number;
    warnMax?: number;
    shift?: number;
    mask?: string;
  })[];
  channels: (Named & { id: number; source: string; type: string; interval: number })[];
  conversions: (Named & { rational?: { coeffs: number[] }; text?: { keys: number[]; values: string[] } })[];
  events: { id: number; desc: string; pri: string; convs: string[] }[];
}

const { identifier, json } = carConfiguration();
const { Car: app } = JSON.parse(json) as { Car: Application };

describe("channels", () => {
  test("number at least 30, contiguously from 0", () => {
    expect(app.channels.length).toBeGreaterThanOrEqual(30);
    expect(app.channels.map(({ id }) => id)).toEqual(app.channels.map((_, index) => index));
  });

  test("have a type of the schema; several are in use", () => {
    const types = new Set(app.channels.map(({ type }) => type));
    expect([...types].sort()).toEqual(["f32", "f64", "s16", "s32", "u16", "u32", "u8"]);
  });

  test("state their interval when they are periodic, and 0 otherwise", () => {
    for (const { id, source, interval } of app.channels) {
      expect(["periodic", "timestamped", "row"]).toContain(source);
      expect(interval).toBe(source === "periodic" ? 1e9 / CHANNELS[id]!.hz : 0);
      expect(100 % CHANNELS[id]!.hz).toBe(0);
    }
    expect(new Set(app.channels.map(({ source }) => source)).size).toBe(3);
  });
});

describe("parameters", () => {
  test("are named uniquely, with the app in the id", () => {
    expect(new Set(app.parameters.map(({ id }) => id)).size).toBe(app.parameters.length);
    for (const { id, name, desc } of app.parameters) {
      expect(id).toBe(`${name}:Car`);
      expect(desc).not.toBe("");
    }
  });

  test("refer to conversions and channels that exist", () => {
    const conversions = app.conversions.map(({ name }) => name);
    expect(new Set(conversions).size).toBe(conversions.length);
    for (const { conv, channels } of app.parameters) {
      expect(conversions).toContain(conv);
      expect(channels).toHaveLength(1);
      expect(app.channels[channels[0]!]).toBeDefined();
    }
  });

  test("warn inside their limits", () => {
    for (const { min, max, warnMin = min, warnMax = max } of app.parameters) {
      expect(min).toBeLessThan(max);
      expect(warnMin).toBeGreaterThanOrEqual(min);
      expect(warnMax).toBeLessThanOrEqual(max);
    }
  });

  test("are each in one group of the tree", () => {
    const members = app.tree.groups.flatMap(({ params }) => params);
    expect(members.sort()).toEqual(app.parameters.map(({ id }) => id).sort());
  });

  test("the status word gives a parameter for each bit", () => {
    const bits = app.parameters.filter(({ mask }) => mask !== undefined);
    expect(bits.map(({ shift, mask }) => [shift, mask])).toEqual([0, 1, 2, 3].map((shift) => [shift, "1"]));
    for (const { channels } of bits) expect(app.channels[channels[0]!]!.name).toBe("CarStatus");
  });
});

describe("conversions", () => {
  test("scale by the rational formula, whose identity denominator is (0, 0, 1)", () => {
    const rational = app.conversions.flatMap(({ rational }) => (rational ? [rational.coeffs] : []));
    expect(rational.map(([, scale]) => scale).sort()).toEqual([0.001, 0.01, 0.1, 0.25]);
    for (const [square, , constant, ...denominator] of rational) {
      expect([square, constant, ...denominator]).toEqual([0, 0, 0, 0, 1]);
    }
  });

  test("name gears and the wing", () => {
    const texts = app.conversions.flatMap(({ name, text }) => (text ? [[name, text.keys, text.values]] : []));
    expect(texts).toEqual([
      ["gear:Car", TEXTS.gear.map((_, key) => key), [...TEXTS.gear]],
      ["drs:Car", [0, 1], [...TEXTS.drs]],
    ]);
  });
});

test("events have unique ids, a priority, and the conversions of their values", () => {
  expect(app.events.map(({ id }) => id)).toEqual(Object.values(EVENTS).map(({ id }) => id));
  expect(new Set(app.events.map(({ id }) => id)).size).toBe(app.events.length);
  for (const { id, desc, pri, convs } of app.events) {
    expect(desc).toMatch(new RegExp(`^000${id}:Car `));
    expect(["low", "medium", "high"]).toContain(pri);
    for (const conv of convs) expect(app.conversions.map(({ name }) => name)).toContain(conv);
  }
});

test("the same text has the same identifier", () => {
  expect(carConfiguration()).toEqual({ identifier, json });
});
