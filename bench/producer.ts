import protobuf from "protobufjs/minimal.js";
import { BatchWriter, type ChannelDefinition } from "../src/producer/index.ts";
import { rta } from "../src/wire/gen/rta.js";
import { compress } from "../src/wire/lz4.ts";
import { type Figure, percentile } from "./table.ts";

const { StreamDataBurst } = rta.model.net.stream;
const CHANNELS = 50;
/** Of one channel in a tenth of a second, at 1 kHz: the size of one append, too. */
const SAMPLES = 100;
const BURSTS = 40;
const ROUNDS = 7;
const T0_NS = 1_795_424_400_000_000_000n;
const STEP_NS = 1_000_000n;

/** A tenth of a second of all channels: times with the jitter of a logger's clock, values of a wave. */
interface Tenth {
  timesNs: BigInt64Array;
  values: Float64Array[];
}

function acquire(): Tenth[] {
  return Array.from({ length: BURSTS }, (_, burst) => ({
    timesNs: BigInt64Array.from({ length: SAMPLES }, (_, i) => {
      return T0_NS + BigInt(burst * SAMPLES + i) * STEP_NS + BigInt((i * 7919) % 100) * 1000n;
    }),
    values: Array.from({ length: CHANNELS }, (_, channel) =>
      Float64Array.from({ length: SAMPLES }, (_, i) => Math.sin((burst * SAMPLES + i) / (50 + channel))),
    ),
  }));
}

type Sink = (burst: Uint8Array) => void;

async function batched(tenths: readonly Tenth[], perAppend: number, sink: Sink): Promise<void> {
  const session = {
    json: "{}",
    retryForMs: 0,
    write: async (data: Uint8Array | readonly Uint8Array[]) => {
      for (const burst of data instanceof Uint8Array ? [data] : data) sink(burst);
    },
    close: async () => {},
  };
  const channels: ChannelDefinition[] = Array.from({ length: CHANNELS }, (_, id) => ({
    id,
    type: "f64",
    source: "timestamped",
  }));
  const batch = new BatchWriter(session, { channels });
  for (const { timesNs, values } of tenths) {
    for (let from = 0; from < SAMPLES; from += perAppend) {
      const times = timesNs.subarray(from, from + perAppend);
      for (const [channel, own] of values.entries()) {
        batch.append(channel, times, own.subarray(from, from + perAppend));
      }
    }
    await batch.flush();
  }
}

/** The same bursts as objects of the generated module, as a producer without a batching layer makes them. */
function asObjects(tenths: readonly Tenth[], sink: Sink): void {
  const { Long } = protobuf.util;
  const long = (value: bigint) =>
    new Long(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))) as never;
  for (const { timesNs, values } of tenths) {
    const data = values.map((own, channelId) => ({
      timestampedData: {
        channelId,
        startTimestamp: long(timesNs[0]!),
        timestampDeltasScale: 1000 as never,
        timestampDeltas: Array.from(
          timesNs,
          (timeNs, i) => (Number(timeNs - timesNs[Math.max(i - 1, 0)]!) / 1000) as never,
        ),
        buffer: new Uint8Array(own.buffer),
      },
    }));
    const timeRange = { startTime: long(timesNs[0]!), endTime: long(timesNs.at(-1)!) };
    sink(StreamDataBurst.encode({ data: [...data, { timeRange }] }).finish());
  }
}

/** Samples a second that one core turns into bursts, beside the same made of protobufjs objects, in turns. */
export async function producerBatching(): Promise<Figure> {
  const tenths = acquire();
  const count: Sink = () => {};
  const pack: Sink = (burst) => void compress(burst);
  const contenders = {
    batch: () => batched(tenths, SAMPLES, count),
    single: () => batched(tenths, 1, count),
    objects: async () => asObjects(tenths, count),
    packedBatch: () => batched(tenths, SAMPLES, pack),
    packedObjects: async () => asObjects(tenths, pack),
  };
  const rates = Object.fromEntries(Object.keys(contenders).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contenders)) {
      const start = performance.now();
      await run();
      rates[name]!.push((BURSTS * CHANNELS * SAMPLES) / 1000 / (performance.now() - start));
    }
  }
  const median = (name: keyof typeof contenders) => percentile(rates[name]!, 0.5);
  return {
    name: "Producer batching: 50 timestamped f64 channels at 1 kHz, one core",
    target: "at least 1 M samples/s",
    values: {
      "batch, M samples/s": median("batch"),
      "protobufjs objects, M samples/s": median("objects"),
      "batch / objects": median("batch") / median("objects"),
      "batch, one sample an append, M samples/s": median("single"),
      "batch and LZ4, M samples/s": median("packedBatch"),
      "objects and LZ4, M samples/s": median("packedObjects"),
      "both and LZ4, ratio": median("packedBatch") / median("packedObjects"),
    },
  };
}
