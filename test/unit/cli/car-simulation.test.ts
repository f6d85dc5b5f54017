import { beforeAll, describe, expect, test } from "vitest";
import { CHANNELS } from "../../../src/cli/car-channels.ts";
import { circuitAt, circuitSpeed, LAP_M } from "../../../src/cli/car-circuit.ts";
import { type CarEvent, CarSimulation, STEP_MS } from "../../../src/cli/car-simulation.ts";

const STEPS_PER_S = 1000 / STEP_MS;
/** Long enough for a stop at the end of lap five. */
const DRIVE_S = 600;

/** The most that a measure may change in one step, in its unit, where it has to be smooth. */
const SMOOTH: Record<string, number> = {
  vCar: 2.2,
  nEngine: 1000,
  rThrottle: 15,
  pBrake: 10,
  aSteering: 1,
  gLat: 0.1,
  gLong: 0.8,
  xCar: 1,
  yCar: 1,
  NGPSLatitude: 1e-5,
  NGPSLongitude: 2e-5,
  hGPS: 0.1,
  mFuel: 0.21,
  TTyreFL: 0.2,
  TBrakeFL: 6,
  hRideRL: 3,
  TWater: 0.1,
  TOil: 0.1,
  rERSCharge: 0.1,
};

let drive: { lowest: number[]; highest: number[]; jump: number[]; events: CarEvent[] };

beforeAll(() => {
  const simulation = new CarSimulation(7);
  const events: CarEvent[] = [...simulation.step()];
  let previous = CHANNELS.map(({ read }) => read(simulation.car));
  const lowest = [...previous];
  const highest = [...previous];
  const jump = previous.map(() => 0);
  for (let step = 1; step < DRIVE_S * STEPS_PER_S; step += 1) {
    events.push(...simulation.step());
    const values = CHANNELS.map(({ read }) => read(simulation.car));
    values.forEach((value, id) => {
      lowest[id] = Math.min(lowest[id]!, value);
      highest[id] = Math.max(highest[id]!, value);
      jump[id] = Math.max(jump[id]!, Math.abs(value - previous[id]!));
    });
    previous = values;
  }
  drive = { lowest, highest, jump, events };
});

describe("the circuit", () => {
  test("closes: position, curvature and speed go on over the line", () => {
    const [before, after] = [circuitAt(LAP_M - 0.001), circuitAt(LAP_M)];
    expect(Math.hypot(after.xM - before.xM, after.yM - before.yM)).toBeLessThan(0.01);
    expect(after.curvaturePerM).toBeCloseTo(before.curvaturePerM, 5);
    expect(circuitSpeed(LAP_M, false)).toBeCloseTo(circuitSpeed(LAP_M - 0.001, false), 2);
    expect(after.zM).toBeCloseTo(before.zM, 3);
  });

  test("has slow corners and fast straights", () => {
    const speeds = Array.from({ length: LAP_M }, (_, metre) => circuitSpeed(metre, false) * 3.6);
    expect(Math.min(...speeds)).toBeGreaterThan(70);
    expect(Math.min(...speeds)).toBeLessThan(130);
    expect(Math.max(...speeds)).toBeGreaterThan(300);
  });
});

describe("the drive", () => {
  test.each(CHANNELS.map((channel, id) => [channel.name, id] as const))(
    "%s stays within its limits",
    (_, id) => {
      const [min, max] = CHANNELS[id]!.limits;
      expect(drive.lowest[id]).toBeGreaterThanOrEqual(min);
      expect(drive.highest[id]).toBeLessThanOrEqual(max);
    },
  );

  test.each(Object.entries(SMOOTH))("%s changes by at most %d in a step", (name, most) => {
    const id = CHANNELS.findIndex((channel) => channel.name === name);
    expect(drive.jump[id]).toBeGreaterThan(0);
    expect(drive.jump[id]).toBeLessThanOrEqual(most);
  });

  test("laps take between 80 and 120 s, one in five with a stop", () => {
    const laps = drive.events.flatMap((event) => (event.name === "lapStart" ? [event] : []));
    expect(laps.map(({ lap }) => lap)).toEqual([2, 3, 4, 5, 6, 7]);
    for (const { lapTimeS } of laps) {
      expect(lapTimeS).toBeGreaterThan(80);
      expect(lapTimeS).toBeLessThan(120);
    }
    const pit = drive.events.flatMap(({ name }) => (name === "pitIn" || name === "pitOut" ? [name] : []));
    expect(pit).toEqual(["pitOut", "pitIn", "pitOut"]);
  });

  test("gears change by one, except into and out of neutral, and each event goes on from the one before", () => {
    const changes = drive.events.flatMap((event) => (event.name === "gearChange" ? [event.values] : []));
    expect(changes.length).toBeGreaterThan(100);
    changes.forEach(([from, to], index) => {
      expect(from).toBe(changes[index - 1]?.[1] ?? 0);
      if (to !== 0) expect(Math.abs(to - from)).toBe(1);
    });
  });

  test("the wing opens and closes in turn", () => {
    const states = drive.events.flatMap((event) => (event.name === "drs" ? [event.values[0]] : []));
    expect(states.length).toBeGreaterThan(10);
    expect(states).toEqual(states.map((_, index) => (index + 1) % 2));
  });

  test("the seed decides everything", () => {
    const [one, same, other] = [new CarSimulation(1), new CarSimulation(1), new CarSimulation(2)];
    for (let step = 0; step < 30 * STEPS_PER_S; step += 1) {
      for (const simulation of [one, same, other]) simulation.step();
    }
    expect(same.car).toEqual(one.car);
    expect(other.car).not.toEqual(one.car);
  });
});
