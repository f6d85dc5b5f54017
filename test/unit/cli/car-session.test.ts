import { describe, expect, test } from "vitest";
import { carSessionJson } from "../../../src/cli/car-session.ts";
import type { Lap } from "../../../src/cli/car-telemetry.ts";
import { MAX_BURST_BYTES } from "../../../src/producer/index.ts";

const START_NS = 1_795_424_400_000_000_000n;
const FACTS = {
  identity: "demo-1",
  state: "open",
  startMs: 1_795_424_400_000,
  configIdentifier: "cfg",
  laps: [],
  timeRange: undefined,
} as const;

describe("carSessionJson", () => {
  test("has what a session must have, and no time range before there is data", () => {
    expect(JSON.parse(carSessionJson(FACTS))).toEqual({
      identity: "demo-1",
      state: "open",
      timestamp: "2026-11-23T09:00:00.000Z",
      identifier: expect.any(String),
      type: "demo",
      details: expect.objectContaining({ driver: expect.any(String), laps: 0 }),
      configBindings: [{ identifier: "cfg", channelOffset: 1000 }],
      markers: [],
    });
  });

  test("marks finished laps with exact times and names the fastest", () => {
    const laps = [lap(1, 95.5), lap(2, 83.25)];
    const text = carSessionJson({ ...FACTS, laps, timeRange: { startNs: START_NS, endNs: START_NS + 1n } });
    expect(text).toContain('"timeRange":{"startTime":1795424400000000000,"endTime":1795424400000000001}');
    expect(text).toContain('"label":"Lap 2","description":"1:23.250","startTime":1795424400000000002');
    expect(JSON.parse(text)).toMatchObject({ details: { laps: 2, fastestLap: "1:23.250" } });
  });

  test("stays below the ceiling of a burst however long the session", () => {
    const laps = Array.from({ length: 20_000 }, (_, index) => lap(index + 1, 84));
    const text = carSessionJson({ ...FACTS, laps });
    expect(text.length).toBeLessThan(MAX_BURST_BYTES / 2);
    expect(text).toContain('"label":"Lap 20000"');
  });
});

function lap(number: number, timeS: number): Lap {
  return { number, timeS, startNs: START_NS + BigInt(number), endNs: START_NS + BigInt(number + 1) };
}
