import { describe, expect, test } from "vitest";
import { BatchWriter, type ChannelDefinition, TARGET_BURST_BYTES } from "../../src/producer/index.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { type ChannelType, readSample, SAMPLE_BYTES } from "../../src/wire/samples.ts";
import { Random } from "./random.ts";

/** A seed that ever failed is added here, with what it found. `FUZZ_SEED` adds one of your own. */
const SEEDS = [
  1,
  2 /* a flush of nothing was the last */,
  3,
  4,
  5,
  ...(process.env.FUZZ_SEED ?? "").split(",").filter(Boolean).map(Number),
];
const CASES = 30;

const T0_NS = 1_795_424_400_000_000_000n;
const TYPES = Object.keys(SAMPLE_BYTES) as ChannelType[];

interface Sample {
  channel: number;
  timeNs: bigint;
  value: number;
}

describe.each(SEEDS)("seed %i", (seed) => {
  test("[P-07] a batch writes each sample once, in the order of its channel, with its range", async () => {
    const random = new Random(seed);
    for (let i = 0; i < CASES; i += 1) await oneBatch(random, `case ${i}`);
  }, 60_000);
});

/** Appends of any kind and size to channels of any type, read back by protobufjs. */
async function oneBatch(random: Random, name: string): Promise<void> {
  const channels = Array.from({ length: 1 + random.below(6) }, (_, index) => randomChannel(random, index));
  const bursts: Uint8Array[] = [];
  const session = {
    json: "{}",
    retryForMs: 0,
    write: async (data: Uint8Array | readonly Uint8Array[]) => void bursts.push(...(data as Uint8Array[])),
    close: async () => {},
  };
  const batch = new BatchWriter(session, { channels });
  const appended: Sample[] = [];
  for (let left = random.below(30); left > 0; left -= 1) {
    const channel = random.pick(channels);
    const count = random.chance(0.02) ? random.below(6000) : random.below(20);
    const values = Array.from({ length: count }, () => randomValue(random, channel.type));
    const startNs = T0_NS + BigInt(random.magnitude(40)) * (random.chance(0.5) ? 1n : -1_000_000n);
    const stepNs = channel.intervalNs ?? BigInt(random.magnitude(30));
    const timesNs = values.map((_, i) => {
      const wander = random.chance(0.1) ? BigInt(random.magnitude(random.chance(0.01) ? 52 : 20)) : 0n;
      return startNs + BigInt(i) * stepNs + wander;
    });
    if (channel.source === "row") {
      if (count > 0) batch.appendRow([channel.id], startNs, [values[0]!]);
      if (count > 0) appended.push({ channel: channel.id, timeNs: startNs, value: values[0]! });
      continue;
    }
    const isRegular = channel.source === "periodic" && random.chance(0.5);
    if (isRegular) batch.appendPeriodic(channel.id, startNs, values);
    else batch.append(channel.id, random.chance(0.5) ? timesNs : BigInt64Array.from(timesNs), values);
    for (const [i, value] of values.entries()) {
      const timeNs = isRegular ? startNs + BigInt(i) * stepNs : timesNs[i]!;
      appended.push({ channel: channel.id, timeNs, value });
    }
    if (random.chance(0.2)) await batch.flush();
  }
  await batch.flush();

  const written = bursts.flatMap((burst) => {
    expect(burst.length, name).toBeLessThanOrEqual(TARGET_BURST_BYTES);
    const items = rta.model.net.stream.StreamDataBurst.decode(burst).data as Item[];
    const range = items.pop()!.timeRange!;
    const samples = items.flatMap((item) => samplesOf(item, channels));
    const times = samples.map(({ timeNs }) => timeNs).toSorted((a, b) => (a < b ? -1 : 1));
    expect([ns(range.startTime), ns(range.endTime)], name).toEqual([times[0], times.at(-1)]);
    return samples;
  });
  for (const { id } of channels) {
    const own = (samples: readonly Sample[]) => samples.filter(({ channel }) => channel === id);
    const [expected, found] = [own(appended), own(written)];
    const wrong = expected.findIndex(({ timeNs, value }, index) => {
      return found[index]?.timeNs !== timeNs || !Object.is(found[index].value, value);
    });
    // Not as arrays: to tell thousands of samples apart takes minutes.
    expect([name, id, found.length, found[wrong]]).toEqual([name, id, expected.length, expected[wrong]]);
  }
}

type Item = rta.model.net.stream.StreamData.$Properties;

function samplesOf(
  { timestampedData, periodicData, rowData }: Item,
  channels: readonly ChannelDefinition[],
): Sample[] {
  const run = timestampedData ?? periodicData;
  const channel = run ? (run.channelId ?? 0) : rowData!.channelIds![0]!;
  const { type, byteOrder = "le" } = channels.find(({ id }) => id === channel)!;
  const data = (run ?? rowData)!.buffer!;
  let timeNs = run ? ns(run.startTimestamp) : ns(rowData!.timestamp);
  return Array.from({ length: data.length / SAMPLE_BYTES[type] }, (_, i) => {
    if (timestampedData) {
      timeNs += ns(timestampedData.timestampDeltas![i]) * ns(timestampedData.timestampDeltasScale);
    } else if (i > 0) {
      timeNs += ns(periodicData!.interval);
    }
    return { channel, timeNs, value: readSample(data, i * SAMPLE_BYTES[type], type, byteOrder) };
  });
}

function randomChannel(random: Random, index: number): ChannelDefinition {
  const source = random.pick(["timestamped", "periodic", "row"] as const);
  return {
    id: index === 0 ? 0 : index * 1000 + random.magnitude(31),
    type: random.pick(TYPES),
    source,
    byteOrder: random.pick(["le", "be"] as const),
    ...(source === "periodic" && { intervalNs: 1n + BigInt(random.magnitude(40)) }),
  };
}

/** One that the type holds exactly. */
function randomValue(random: Random, type: ChannelType): number {
  if (type === "f64") return (random.bits() - 2 ** 31) / 1024 / (1 + random.magnitude(20));
  if (type === "f32") return Math.fround((random.bits() - 2 ** 31) / 1024);
  const bits = 8 * SAMPLE_BYTES[type];
  const value = random.bits() % 2 ** bits;
  return type.startsWith("s") ? value - 2 ** (bits - 1) : value;
}

function ns(value: unknown): bigint {
  return BigInt(String(value ?? 0));
}
