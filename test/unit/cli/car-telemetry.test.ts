import { beforeAll, describe, expect, test } from "vitest";
import { CHANNELS } from "../../../src/cli/car-channels.ts";
import { carConfiguration } from "../../../src/cli/car-config.ts";
import { CarTelemetry, CHANNEL_OFFSET, formatLapTime, type Lap } from "../../../src/cli/car-telemetry.ts";
import { BatchWriter, channelsOf, TARGET_BURST_BYTES } from "../../../src/producer/index.ts";
import { rta } from "../../../src/wire/gen/rta.js";

const START_MS = 1_795_424_400_000;
const START_NS = 1_795_424_400_000_000_000n;
const NS_PER_MS = 1_000_000n;
/** Far enough for a finished lap. */
const DRIVE_S = 110;
const WIDTHS = { u8: 1, u16: 2, s16: 2, u32: 4, s32: 4, f32: 4, f64: 8 } as const;

const times = new Map<number, bigint[]>();
const rows: { channelIds: number[]; bytes: number }[] = [];
const events: { definition: number; timeNs: bigint; text: string; values: number[] }[] = [];
const burstBytes: number[] = [];
const laps: Lap[] = [];
let outsideRange = 0;

beforeAll(async () => {
  const { drive } = newDrive();
  for (let burst = 0; burst < DRIVE_S * 10; burst += 1) {
    const { items, bytes, startNs, endNs, finishedLap } = await drive();
    burstBytes.push(bytes);
    if (finishedLap) laps.push(finishedLap);
    const note = (channel: number, timeNs: bigint) => {
      if (!times.get(channel)?.push(timeNs)) times.set(channel, [timeNs]);
      if (timeNs < startNs || timeNs > endNs) outsideRange += 1;
    };
    for (const item of items) collect(item, note);
  }
});

describe("the bursts", () => {
  test("are ten a second and far below the target size", async () => {
    const { telemetry, drive } = newDrive();
    await drive();
    expect(telemetry.timeMs).toBe(START_MS + 100);
    expect(Math.max(...burstBytes)).toBeLessThan(TARGET_BURST_BYTES / 4);
    expect(Math.min(...burstBytes)).toBeGreaterThan(1000);
  });

  test("hold no sample outside their range", () => {
    expect(outsideRange).toBe(0);
  });

  test.each(CHANNELS.map((channel, id) => ({ ...channel, id })))(
    "$name comes $hz times a second, in ascending order",
    ({ id, hz, source }) => {
      const channelTimes = times.get(id + CHANNEL_OFFSET)!;
      const spread = source === "timestamped" ? 0.05 * hz * DRIVE_S : 0;
      expect(Math.abs(channelTimes.length - hz * DRIVE_S)).toBeLessThanOrEqual(spread);
      const gaps = channelTimes.slice(1).map((timeNs, index) => timeNs - channelTimes[index]!);
      expect(gaps.every((gapNs) => gapNs > 0n)).toBe(true);
      expect(new Set(gaps).size === 1).toBe(source !== "timestamped");
    },
  );

  test("rows hold one value of each row channel, in the widths of the configuration", () => {
    const channels = CHANNELS.flatMap(({ source, type }, id) => (source === "row" ? [{ id, type }] : []));
    const bytes = channels.reduce((sum, { type }) => sum + WIDTHS[type], 0);
    const channelIds = channels.map(({ id }) => id + CHANNEL_OFFSET);
    expect(rows).toHaveLength(20 * DRIVE_S);
    for (const row of rows) expect(row).toEqual({ channelIds, bytes });
  });

  test("events carry text or values", () => {
    expect(new Set(events.map(({ definition }) => definition))).toEqual(new Set([1, 2, 3, 5]));
    for (const { text, values } of events) expect(text === "").toBe(values.length > 0);
  });

  test("a finished lap is told once, at the time of its event", () => {
    const [lap] = laps;
    expect(laps).toHaveLength(1);
    const start = events.find(({ definition }) => definition === 3)!;
    expect(lap).toEqual({ number: 1, timeS: expect.any(Number), startNs: START_NS, endNs: start.timeNs });
    expect(start.text).toBe(`Lap 2 after ${formatLapTime(lap!.timeS)}`);
  });
});

test("skipping leaves a gap and goes on at the new time", async () => {
  const { telemetry, drive } = newDrive();
  await drive();
  telemetry.skipTo(START_MS + 60_000);
  const { startNs, endNs } = await drive();
  expect(startNs).toBe(START_NS + 60_000n * NS_PER_MS);
  expect(endNs).toBeGreaterThanOrEqual(startNs + 90n * NS_PER_MS);
});

test.each([
  [83.0004, "1:23.000"],
  [9.5, "0:09.500"],
  [59.9996, "1:00.000"],
])("%d s reads %s", (timeS, text) => {
  expect(formatLapTime(timeS)).toBe(text);
});

/** A drive into a batch, one burst of which `drive` gives. */
function newDrive() {
  const telemetry = new CarTelemetry(START_MS, 3);
  const written: Uint8Array[] = [];
  const session = {
    json: "{}",
    retryForMs: 0,
    write: async (data: Uint8Array | readonly Uint8Array[]) => void written.push(...(data as Uint8Array[])),
    close: async () => {},
  };
  const channels = channelsOf(carConfiguration().json, CHANNEL_OFFSET);
  const batch = new BatchWriter(session, { channels });
  const drive = async () => {
    const finishedLap = telemetry.drive(batch);
    await batch.flush();
    const [burst] = written.splice(0);
    const items = rta.model.net.stream.StreamDataBurst.decode(burst!).data;
    const { startTime, endTime } = items.pop()!.timeRange!;
    return { items, bytes: burst!.length, startNs: ns(startTime), endNs: ns(endTime), finishedLap };
  };
  return { telemetry, drive };
}

function collect(
  item: rta.model.net.stream.StreamData.$Properties,
  note: (channel: number, timeNs: bigint) => void,
) {
  const { periodicData, timestampedData, rowData, event } = item;
  if (periodicData) {
    const channel = periodicData.channelId!;
    expect(periodicData.buffer!.length).toBe(periodicData.samples! * widthOf(channel));
    for (let sample = 0; sample < periodicData.samples!; sample += 1) {
      note(channel, ns(periodicData.startTimestamp) + BigInt(sample) * ns(periodicData.interval));
    }
  } else if (timestampedData) {
    const channel = timestampedData.channelId!;
    expect(timestampedData.buffer!.length).toBe(timestampedData.timestampDeltas!.length * widthOf(channel));
    let timeNs = ns(timestampedData.startTimestamp);
    for (const delta of timestampedData.timestampDeltas!) {
      timeNs += ns(delta) * ns(timestampedData.timestampDeltasScale);
      note(channel, timeNs);
    }
  } else if (rowData) {
    for (const channel of rowData.channelIds!) note(channel, ns(rowData.timestamp));
    rows.push({ channelIds: rowData.channelIds!, bytes: rowData.buffer!.length });
  } else {
    const { eventDefinitionId, timestamp, statusText, rawData } = event!;
    events.push({
      definition: eventDefinitionId!,
      timeNs: ns(timestamp),
      text: statusText!,
      values: rawData!,
    });
  }
}

function widthOf(channel: number): number {
  return WIDTHS[CHANNELS[channel - CHANNEL_OFFSET]!.type];
}

function ns(value: unknown): bigint {
  return BigInt(String(value));
}
