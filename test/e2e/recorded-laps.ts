import type { Origin } from "../../src/cli/origin.ts";
import { eventItem, periodicItem, sessionJson, timeRangeItem } from "../../src/producer/index.ts";
import type { Stack } from "./stack.ts";

const STEP_NS = 100_000_000n;
const STEPS = 650;
const LAP_M = 1_000;
/** Laps of 20 s and 18.75 s, and one that is not finished: the steps of 0.1 s at which they begin, and m/s. */
const LAPS = [
  { startStep: 0, speed: 50 },
  { startStep: 200, speed: 1_000 / 18.75 },
  { startStep: 387.5, speed: 48 },
] as const;
/** Steps without water temperature: from the first to before the last. */
const GAP = [300, 350] as const;
/** What comes of a name in a page that takes it for markup. */
export const HOSTILE = "<img src=x onerror=alert(1)>";

/** A session told all at once, as history: every value of it is known. */
export interface RecordedLaps {
  readonly identity: string;
  /** km/h, one for each step. */
  readonly speeds: Float64Array;
  /** ns since 1970 of a step, whole or not. */
  timeAt(step: number): bigint;
}

/** Writes it: `vCar`, `sLap`, `xCar`, `yCar`, `NGear` and `TWater` at 10 Hz for 65 s that have just passed. */
export async function recordLaps(stack: Stack, origin: Origin, identity: string): Promise<RecordedLaps> {
  const startNs = (BigInt(Date.now()) - 66_000n) * 1_000_000n;
  const timeAt = (step: number): bigint => startNs + BigInt(Math.round(step * Number(STEP_NS)));
  const steps = [...Array(STEPS).keys()];
  const lapAt = (step: number) => LAPS.findLast(({ startStep }) => startStep <= step)!;
  const inLapM = (step: number): number => ((step - lapAt(step).startStep) / 10) * lapAt(step).speed;
  const angle = (step: number): number => (2 * Math.PI * inLapM(step)) / LAP_M;
  const of = (value: (step: number) => number): Float64Array => Float64Array.from(steps, value);
  const speeds = of((step) => lapAt(step).speed * 3.6 + Math.sin(step / 7));

  const text = sessionJson({
    ...{ identity, identifier: `Test day ${HOSTILE}`, state: "open" },
    timestamp: new Date(Number(startNs / 1_000_000n)).toISOString(),
    configBindings: [{ identifier: "laps", channelOffset: 0 }],
    markers: LAPS.slice(0, 2).map(({ startStep }, lap) => ({
      ...{ id: `lap-${lap + 1}`, type: "lap", label: `Lap ${lap + 1}` },
      ...{ startTime: timeAt(startStep), endTime: timeAt(LAPS[lap + 1]!.startStep) },
    })),
  });
  origin.publishConfig("laps", configuration());
  origin.publishSession(text);
  const session = await stack.produce(identity);
  await session.writeSessionJson(text);
  const run = (channel: number, samples: Float64Array, firstStep = 0) =>
    periodicItem({ channel, startNs: timeAt(firstStep), intervalNs: STEP_NS, samples });
  const water = of((step) => 90 + step / 100);
  await session.write([
    run(0, speeds),
    run(1, of(inLapM)),
    run(
      2,
      of((step) => 300 * Math.sin(angle(step))),
    ),
    run(
      3,
      of((step) => 150 * Math.cos(angle(step))),
    ),
    run(
      4,
      of((step) => 3 + (Math.floor(step / 50) % 2)),
    ),
    run(5, water.subarray(0, GAP[0])),
    run(5, water.subarray(GAP[1]), GAP[1]),
    ...LAPS.slice(1).map(({ startStep }, lap) =>
      eventItem({
        definition: 3,
        app: "Car",
        timestampNs: timeAt(startStep),
        text: `Lap ${lap + 2} ${HOSTILE}`,
      }),
    ),
    eventItem({ definition: 1, app: "Car", timestampNs: timeAt(50), values: [3, 4] }),
    timeRangeItem(startNs, timeAt(STEPS - 1)),
  ]);
  return { identity, speeds, timeAt };
}

function configuration(): string {
  const parameters = [
    { name: "vCar", desc: "Car speed", unit: "km/h", format: "%.2f", max: 350, group: "Chassis" },
    { name: "sLap", desc: "Distance in the lap", unit: "m", format: "%.1f", max: 1_000, group: "Position" },
    { name: "xCar", desc: "East", unit: "m", format: "%.1f", min: -400, max: 400, group: "Position" },
    { name: "yCar", desc: "North", unit: "m", format: "%.1f", min: -400, max: 400, group: "Position" },
    { name: "NGear", desc: "Gear", unit: "", format: "%s", max: 8, group: "Driver", conv: "gear:Car" },
    { name: "TWater", desc: `Water ${HOSTILE}`, unit: "°C", format: "%.1f", max: 140, group: "Engine" },
  ];
  const groups = [...new Set(parameters.map(({ group }) => group))].map((group) => ({
    ...{ id: group, desc: group, groups: [] },
    params: parameters.filter((each) => each.group === group).map(({ name }) => `${name}:Car`),
  }));
  return JSON.stringify({
    Car: {
      tree: { params: [], groups },
      parameters: parameters.map((parameter, channel) => ({
        ...parameter,
        ...{ id: `${parameter.name}:Car`, channels: [channel] },
      })),
      channels: parameters.map((_, id) => ({
        id,
        type: "f64",
        source: "periodic",
        interval: Number(STEP_NS),
      })),
      conversions: [{ name: "gear:Car", text: { keys: [3, 4], values: ["third", "fourth"], default: "?" } }],
      events: [
        { id: 1, desc: "0001:Car Gear change", pri: "low", convs: ["gear:Car", "gear:Car"] },
        { id: 3, desc: "0003:Car Lap start", pri: "high", convs: [] },
      ],
    },
  });
}
