import { compressSync, uncompressSync } from "lz4-napi";
import * as wasm from "lz4-wasm-nodejs";
import lz4js from "lz4js";
import { Fanout } from "../../src/session/fanout.ts";
import { NOTHING, widen } from "../../src/session/subscription.ts";
import { ItemTable, walkBurst } from "../../src/wire/burst.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { compress, compressBound, decompressInto, Lz4Encoder } from "../../src/wire/lz4.ts";
import { telemetryBursts } from "../load/telemetry.ts";
import { type Figure, interleave, median, type PartContext, ratios } from "../part.ts";

export const title = "Wire: LZ4 blocks, the tag walk, allocation";

const { StreamDataBurst } = rta.model.net.stream;

/** Channels that make a burst of that size, and so many bursts that no branch predictor learns them by heart. */
const SIZES = [
  { name: "5 KB", channels: 48, bursts: 300 },
  { name: "45 KB", channels: 435, bursts: 40 },
  { name: "500 KB", channels: 4_810, bursts: 8 },
] as const;
/** The same for bursts of one kind of item. */
const KINDS = { periodic: 390, timestamped: 570, row: 760 } as const;

export async function run({ short }: PartContext): Promise<Figure[]> {
  const plan = { warmUps: 2, rounds: short ? 3 : 15 };
  const sliceMs = short ? 20 : 100;
  const figures: Figure[] = [];
  for (const { name, channels, bursts } of SIZES) {
    figures.push(...(await lz4(name, telemetryBursts(channels, bursts), plan, sliceMs)));
  }
  figures.push(await walk("45 KB, mixed", telemetryBursts(435, 40), plan, sliceMs));
  for (const [kind, channels] of Object.entries(KINDS) as [keyof typeof KINDS, number][]) {
    figures.push(await walk(`45 KB, ${kind} items`, telemetryBursts(channels, 40, kind), plan, sliceMs));
  }
  return [...figures, allocation("walk", walker()), allocation("walk, select, join and pack", fanout())];
}

type Plan = Parameters<typeof interleave>[0];

async function lz4(name: string, bursts: Uint8Array[], plan: Plan, sliceMs: number): Promise<Figure[]> {
  const bytes = Math.max(...bursts.map((burst) => burst.length));
  const target = new Uint8Array(compressBound(bytes));
  const output = new Uint8Array(bytes);
  const encoder = new Lz4Encoder();
  const table = new Uint32Array(1 << 16);
  const ours = bursts.map(compress);
  // What others wrote is read as a rule. Two of the packages put the size before the block, and cannot do without.
  const sized = bursts.map((burst) => compressSync(Buffer.from(burst)));
  const blocks = sized.map((block) => block.subarray(4));
  const buffers = bursts.map((burst) => Buffer.from(burst));
  const timed =
    <T>(inputs: readonly T[], use: (input: T) => unknown) =>
    () =>
      usEach(inputs, use, sliceMs);
  const encode = await interleave(plan, {
    ours: timed(bursts, (burst) => encoder.encodeInto(burst, 0, burst.length, target)),
    lz4js: timed(bursts, (burst) => {
      // As its own frames do it: what the table holds of another block would be taken for this one's.
      table.fill(0);
      return lz4js.compressBlock(burst, target, 0, burst.length, table);
    }),
    wasm: timed(bursts, wasm.compress),
    native: timed(buffers, compressSync),
  });
  const decode = await interleave(plan, {
    ours: timed(blocks, (block) => decompressInto(block, output)),
    lz4js: timed(blocks, (block) => lz4js.decompressBlock(block, output, 0, block.length, 0)),
    wasm: timed(sized, wasm.decompress),
    native: timed(sized, uncompressSync),
  });
  const total = (blocks: readonly Uint8Array[]): number =>
    blocks.reduce((sum, { length }) => sum + length, 0);
  const throughput = (us: Record<string, number[]>): Record<string, number> =>
    Object.fromEntries(Object.entries(us).map(([each, values]) => [`${each}, MB/s`, bytes / median(values)]));
  return [
    {
      name: `decode ${name}: lz4js / ours`,
      unit: "x",
      values: ratios(decode.lz4js, decode.ours),
      target: { atLeast: 1.5 },
      beside: throughput(decode),
    },
    {
      name: `encode ${name}: lz4js / ours`,
      unit: "x",
      values: ratios(encode.lz4js, encode.ours),
      target: { atLeast: 1.5 },
      beside: throughput(encode),
    },
    {
      name: `size of ${name} packed: ours / native`,
      unit: "x",
      values: [total(ours) / total(blocks)],
      target: { atMost: 1.05 },
      beside: { "packed to": total(ours) / total(bursts) },
    },
  ];
}

async function walk(name: string, bursts: Uint8Array[], plan: Plan, sliceMs: number): Promise<Figure> {
  const table = new ItemTable();
  const us = await interleave(plan, {
    ours: () =>
      usEach(
        bursts,
        (burst) => {
          table.reset();
          walkBurst(burst, 0, burst.length, table);
        },
        sliceMs,
      ),
    protobufjs: () => usEach(bursts, (burst) => StreamDataBurst.decode(burst), sliceMs),
  });
  return {
    name: `tag walk of ${name}: protobufjs decode / ours`,
    unit: "x",
    values: ratios(us.protobufjs, us.ours),
    target: { atLeast: 50 },
    beside: { "ours, us": median(us.ours), "protobufjs, us": median(us.protobufjs) },
  };
}

/** Microseconds for one use of an input: as many as take about `sliceMs`. */
function usEach<T>(inputs: readonly T[], use: (input: T) => unknown, sliceMs: number): number {
  const start = performance.now();
  let uses = 0;
  for (let now = start; now - start < sliceMs; now = performance.now()) {
    for (const input of inputs) use(input);
    uses += inputs.length;
  }
  return (1_000 * (performance.now() - start)) / uses;
}

/** What a use of bursts of that many channels allocates on the heap, in bytes for each more of an item. */
function allocation(name: string, use: (burst: Uint8Array) => void): Figure {
  const few = 20;
  const many = 420;
  const bytesFor = (channels: number): number => {
    const bursts = telemetryBursts(channels, 8);
    for (let i = 0; i < 2_000; i++) use(bursts[i % 8]!);
    gc!();
    // Few enough that no collection comes between: what is allocated stays in sight.
    const uses = 200;
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < uses; i++) use(bursts[i % 8]!);
    return (process.memoryUsage().heapUsed - before) / uses;
  };
  const [least, most] = [bytesFor(few), bytesFor(many)];
  return {
    name: `heap for each item of a burst: ${name}`,
    unit: "bytes",
    values: [(most - least) / (many - few)],
    target: { atMost: 0.5 },
    beside: { [`bytes for a burst of ${few}`]: least, [`bytes for a burst of ${many}`]: most },
  };
}

function walker(): (burst: Uint8Array) => void {
  const table = new ItemTable();
  return (burst) => {
    table.reset();
    walkBurst(burst, 0, burst.length, table);
  };
}

/** Every other channel for one audience: items that are kept, and some that are not. */
function fanout(): (burst: Uint8Array) => void {
  const channelIds = Array.from({ length: 500 }, (_, i) => 2 * i);
  const subscription = widen(NOTHING, { allEvents: false, allDataChannels: false, channelIds });
  const sink = { sessionJson() {}, timeRange() {}, rejected() {}, message() {} };
  const fanout = new Fanout(sink);
  const packed = new Map<Uint8Array, Uint8Array>();
  return (burst) => {
    const data = packed.get(burst) ?? compress(burst);
    packed.set(burst, data);
    const entry = { id: "1-0", sessionId: "1", encodedBytes: data.length, digest: 0, data: () => data };
    fanout.deliver([entry], [{ subscription }]);
  };
}
