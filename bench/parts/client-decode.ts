import { FrameReader } from "../../src/client/frame.ts";
import type { Catalogue, SampleRun } from "../../src/client/index.ts";
import { encodeItems, periodicItem, timestampedItem } from "../../src/producer/index.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { compress, decompressInto } from "../../src/wire/lz4.ts";
import { MAX_BURST_BYTES } from "../../src/wire/payload.ts";
import { type ChannelType, SAMPLE_BYTES, type SampleArray, sampleArray } from "../../src/wire/samples.ts";
import { type Figure, interleave, median, type PartContext, ratios } from "../part.ts";

export const title = "Client: messages to typed arrays of exact times and raw samples, beside protobufjs";

const { StreamDataBurst } = rta.model.net.stream;

const CHANNELS = 200;
const BURSTS = 20;
/** Of each channel in a burst: 100 Hz and 1 kHz at ten bursts a second. */
const RUN_SAMPLES = [10, 100];
const TYPES = ["f64", "f32", "s16", "u8"] as const;
const typeOf = (channel: number): ChannelType => TYPES[(channel - 1) % TYPES.length]!;

/** Periodic runs start together, as channels that are sampled in step do, or each at a time of its own. */
const KINDS = ["timestamped", "periodic", "staggered periodic"] as const;

/** Bursts of one run for each channel; timestamped ones of uneven steps, as a logger that is busy stamps them. */
function burstsOf(kind: (typeof KINDS)[number], samplesOfRun: number): Uint8Array[] {
  const intervalNs = BigInt(100_000_000 / samplesOfRun);
  return Array.from({ length: BURSTS }, (_, burst) => {
    const startNs = 1_800_000_000_000_000_000n + BigInt(burst) * 100_000_000n;
    const items = Array.from({ length: CHANNELS }, (_channel, index) => {
      const channel = index + 1;
      const samples = sampleArray(typeOf(channel), samplesOfRun) as Float64Array<ArrayBuffer>;
      for (let i = 0; i < samplesOfRun; i++) samples[i] = Math.round(100 + 50 * Math.sin(burst + i + index));
      if (kind !== "timestamped") {
        const delayNs = kind === "periodic" ? 0n : BigInt(channel) * 1_000n;
        return periodicItem({ channel, startNs: startNs + delayNs, intervalNs, samples });
      }
      const timesNs = Array.from(
        samples,
        (_sample, i) => startNs + BigInt(i) * intervalNs + BigInt(i % 3) * 1_000n,
      );
      return timestampedItem({ channel, timesNs, samples });
    });
    return encodeItems(items);
  });
}

/** Kept, so that no engine finds the work to be for nothing. */
let taken = 0;
const take = ({ values }: SampleRun): void => {
  taken += values.length;
};

/** What `follow` does with a message, up to the handler for samples. */
function client(): (message: Uint8Array) => void {
  const channels = Array.from({ length: CHANNELS }, (_, index) => index + 1).map(
    (id) => [id, { id, type: typeOf(id), byteOrder: "le", source: "row", intervalNs: 0 }] as const,
  );
  const catalogue: Catalogue = {
    origin: "configuration",
    parameters: [],
    channels: new Map(channels),
    events: new Map(),
  };
  const fail = (): never => {
    throw new Error("A message of the bench cannot be read");
  };
  const metadata = {
    catalogue,
    takeSessionJson: fail,
    takeTimeRange: (range: unknown) => range,
    takeGuesses: fail,
  };
  const reader = new FrameReader(metadata as unknown as ConstructorParameters<typeof FrameReader>[0], {
    timeRange() {},
    samples: take,
    event: fail,
    problem: fail,
    broken: fail,
  });
  return (message) => reader.take(message);
}

/** Where messages are unpacked, as the client does it too. */
const room = new Uint8Array(MAX_BURST_BYTES);
const unpack = (message: Uint8Array) => room.subarray(0, decompressInto(message, room));
const decode = (message: Uint8Array) => StreamDataBurst.decode(unpack(message)).data ?? [];

/** Objects only: samples stay bytes, and times stay differences. */
function objects(message: Uint8Array): void {
  taken += decode(message).length;
}

const bigint = (
  value: number | { readonly high: number; readonly low: number } | null | undefined,
): bigint =>
  typeof value === "object" && value !== null
    ? (BigInt(value.high) << 32n) | BigInt(value.low >>> 0)
    : BigInt(value ?? 0);

/** Objects, and from these what the client gives. */
function objectsAndArrays(message: Uint8Array): void {
  for (const { timestampedData, periodicData } of decode(message)) {
    const run = timestampedData ?? periodicData;
    if (!run?.buffer) continue;
    const channel = run.channelId ?? 0;
    const type = typeOf(channel);
    const count = run.buffer.length / SAMPLE_BYTES[type];
    const timesNs = new BigInt64Array(count);
    let timeNs = bigint(run.startTimestamp);
    if (timestampedData) {
      const scaleNs = bigint(timestampedData.timestampDeltasScale);
      for (let i = 0; i < count; i++) {
        timeNs += scaleNs * bigint(timestampedData.timestampDeltas?.[i]);
        timesNs[i] = timeNs;
      }
    } else {
      const intervalNs = bigint(periodicData?.interval);
      for (let i = 0; i < count; i++, timeNs += intervalNs) timesNs[i] = timeNs;
    }
    const values: SampleArray = sampleArray(type, count);
    new Uint8Array(values.buffer).set(run.buffer);
    take({ channel, type, timesNs, values });
  }
}

export async function run({ short }: PartContext): Promise<Figure[]> {
  const plan = { warmUps: 2, rounds: short ? 3 : 9 };
  const repeats = short ? 5 : 20;
  const figures: Figure[] = [];
  /** ns/sample without LZ4, by round, added up over the shapes: the same number of samples of each. */
  const together = { client: [] as number[], arrays: [] as number[] };
  const add = (sums: number[], values: readonly number[]) =>
    values.forEach((value, round) => {
      sums[round] = (sums[round] ?? 0) + value;
    });
  const shapes = RUN_SAMPLES.flatMap((samplesOfRun) => KINDS.map((kind) => ({ kind, samplesOfRun })));
  for (const { kind, samplesOfRun } of shapes) {
    const name = `${kind} runs of ${samplesOfRun}`;
    const messages = burstsOf(kind, samplesOfRun).map((burst) => compress(burst));
    const samples = BURSTS * repeats * CHANNELS * samplesOfRun;
    const reader = client();
    // Of CPU: a machine that others use disturbs it less than a clock.
    const nsPerSample = (read: (message: Uint8Array) => void) => (): number => {
      for (let i = 0; i < 2; i++) globalThis.gc?.(); // or one would clear away what another left
      const start = process.cpuUsage();
      for (let i = 0; i < repeats; i++) for (const message of messages) read(message);
      const { user, system } = process.cpuUsage(start);
      return (1_000 * (user + system)) / samples;
    };
    const ns = await interleave(plan, {
      client: nsPerSample(reader),
      objects: nsPerSample(objects),
      arrays: nsPerSample(objectsAndArrays),
      lz4: nsPerSample((message) => {
        taken += unpack(message).length;
      }),
    });
    const withoutLz4 = (values: readonly number[]): number[] => values.map((value, i) => value - ns.lz4[i]!);
    add(together.client, withoutLz4(ns.client));
    add(together.arrays, withoutLz4(ns.arrays));
    const beside = { "LZ4 alone, ns": median(ns.lz4) };
    figures.push(
      { name: `${name}: client`, unit: "ns/sample", values: ns.client, beside },
      { name: `${name}: protobufjs to the same arrays`, unit: "ns/sample", values: ns.arrays },
      {
        name: `${name}: protobufjs to the same arrays / client, LZ4 left out`,
        unit: "x",
        values: ratios(withoutLz4(ns.arrays), withoutLz4(ns.client)),
        target: { atLeast: 5 },
      },
      {
        name: `${name}: protobufjs to objects alone, samples still bytes / client, LZ4 left out`,
        unit: "x",
        values: ratios(withoutLz4(ns.objects), withoutLz4(ns.client)),
      },
    );
  }
  figures.push({
    name: "as many samples of each kind: protobufjs to the same arrays / client, LZ4 left out",
    unit: "x",
    values: ratios(together.arrays, together.client),
    target: { atLeast: 5 },
  });
  if (taken === 0) throw new Error("Nothing was decoded");
  return figures;
}
