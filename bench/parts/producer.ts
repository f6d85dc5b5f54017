import protobuf from "protobufjs/minimal.js";
import { BatchWriter, type ChannelDefinition } from "../../src/producer/index.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { compress } from "../../src/wire/lz4.ts";
import { type Figure, interleave, median, type PartContext, ratios } from "../part.ts";

export const title = "Producer: 50 timestamped f64 channels at 1 kHz into bursts, on one core";

const { StreamDataBurst } = rta.model.net.stream;
const CHANNELS = 50;
/** Of one channel in a tenth of a second, at 1 kHz: the size of one append, too. */
const SAMPLES = 100;
const BURSTS = 40;
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

/** Samples that one core turns into bursts, beside the same made of protobufjs objects. */
export async function run({ short }: PartContext): Promise<Figure[]> {
  const tenths = acquire();
  const drop: Sink = () => {};
  const pack: Sink = (burst) => void compress(burst);
  const rate = (run: () => void | Promise<void>) => async () => {
    const start = performance.now();
    await run();
    return (BURSTS * CHANNELS * SAMPLES) / 1000 / (performance.now() - start);
  };
  const rates = await interleave(short ? { warmUps: 1, rounds: 2 } : { warmUps: 2, rounds: 9 }, {
    batch: rate(() => batched(tenths, SAMPLES, drop)),
    single: rate(() => batched(tenths, 1, drop)),
    objects: rate(() => asObjects(tenths, drop)),
    packedBatch: rate(() => batched(tenths, SAMPLES, pack)),
    packedObjects: rate(() => asObjects(tenths, pack)),
  });
  const millions = { unit: "M samples/s", target: { atLeast: 1 } };
  return [
    { name: "batching, 100 samples an append", values: rates.batch, ...millions },
    { name: "batching, one sample an append", values: rates.single, ...millions },
    {
      name: "batching against protobufjs objects, 100 samples each",
      unit: "x",
      values: ratios(rates.batch, rates.objects),
      beside: { "objects, M samples/s": median(rates.objects) },
    },
    {
      name: "the same, bursts compressed by both",
      unit: "x",
      values: ratios(rates.packedBatch, rates.packedObjects),
      beside: { "batching and LZ4, M samples/s": median(rates.packedBatch) },
    },
  ];
}
