import Long from "long";
import { Writer } from "protobufjs/minimal.js";
import { expect, test } from "vitest";
import { SampleArena } from "../../src/client/sample-arena.ts";
import type { SampleRun } from "../../src/client/samples.ts";
import { ItemTable, walkBurst } from "../../src/wire/burst.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { type ByteOrder, type ChannelType, readSample, SAMPLE_BYTES } from "../../src/wire/samples.ts";
import { Random } from "./random.ts";

const { StreamDataBurst } = rta.model.net.stream;

const SEEDS = 200;
const ITEMS = 60;
const TYPES = Object.keys(SAMPLE_BYTES) as ChannelType[];

interface Run {
  readonly burst: Uint8Array;
  readonly timesNs: readonly bigint[];
  readonly data: Uint8Array;
}

/** A burst of one run; often with the times of others, as the channels of one rate have them. */
function randomRun(random: Random): Run {
  const samples = random.magnitude(random.chance(0.02) ? 14 : 7);
  const data = random.bytes(samples * random.pick([1, 1, 2, 4, 8]) + random.below(2));
  const startNs = BigInt(random.below(2)) * 0xffff_ff00n;
  const stepNs = BigInt(random.pick([0, 1, 100, 2 ** 31, 2 ** 40]));
  const start = Long.fromBigInt(startNs);
  const step = Long.fromBigInt(stepNs);
  if (random.chance(0.5)) {
    const timesNs = Array.from({ length: samples }, (_, i) => startNs + BigInt(i) * stepNs);
    const periodicData = { startTimestamp: start, interval: step, samples, buffer: data };
    return {
      burst: new Uint8Array(StreamDataBurst.encode({ data: [{ periodicData }] }).finish()),
      timesNs,
      data,
    };
  }
  const deltas = Array.from({ length: samples }, () => random.magnitude(24));
  let timeNs = startNs;
  const timesNs = deltas.map((delta) => {
    timeNs = BigInt.asIntN(64, timeNs + stepNs * BigInt(delta));
    return timeNs;
  });
  return { burst: timestampedBurst(start, step, deltas, data, random.chance(0.7)), timesNs, data };
}

/** Deltas packed or each in a field of its own: protobuf leaves that to who writes. */
function timestampedBurst(
  start: Long,
  unit: Long,
  deltas: readonly number[],
  data: Uint8Array,
  packed: boolean,
): Uint8Array {
  const body = Writer.create().uint32(0x11).fixed64(start).uint32(0x18).int64(unit);
  if (packed) body.uint32(0x22).fork();
  for (const delta of deltas) (packed ? body : body.uint32(0x20)).int64(delta);
  if (packed) body.ldelim();
  body.uint32(0x2a).bytes(data);
  const item = Writer.create().uint32(0x22).bytes(body.finish()).finish();
  return new Uint8Array(Writer.create().uint32(0x0a).bytes(item).finish());
}

test("runs read one after another keep what they hold, wherever they lie", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(seed);
    const arena = new SampleArena();
    const table = new ItemTable();
    const taken: { run: SampleRun; expected: unknown }[] = [];
    for (let i = 0; i < ITEMS; i++) {
      const { burst, ...made } = randomRun(random);
      table.reset();
      walkBurst(burst, 0, burst.length, table);
      arena.reader.read(burst, table, 0);
      // A channel of unknown type: nobody takes the run.
      if (random.chance(0.2)) continue;
      const type = random.pick(TYPES);
      const order = random.pick<ByteOrder>(["le", "be"]);
      const count = Math.min(made.timesNs.length, Math.floor(made.data.length / SAMPLE_BYTES[type]));
      const timesNs = made.timesNs.slice(0, count);
      const values = timesNs.map((_, at) => readSample(made.data, at * SAMPLE_BYTES[type], type, order));
      taken.push({ run: arena.run(type, order), expected: { seed, i, timesNs, values } });
    }
    for (const { run, expected } of taken) {
      expect({ ...(expected as object), timesNs: [...run.timesNs], values: [...run.values] }).toEqual(
        expected,
      );
    }
  }
});
