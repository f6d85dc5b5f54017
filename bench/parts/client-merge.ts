import { createStore, type SampleRun } from "../../src/client/index.ts";
import type { Figure, PartContext } from "../part.ts";

export const title = "Client: the store of 200 channels at 100 Hz over 10 minutes";

const CHANNELS = 200;
const HZ = 100;
const RUN_SAMPLES = 10;
const STEP_NS = BigInt(1e9 / HZ);
const T0 = 1_800_000_000_000_000_000n;
/** What of the 10 minutes comes as history, what as backfill, and how far each reaches into the next. */
const HISTORY_SHARE = 0.5;
const BACKFILL_SHARE = 0.25;
const OVERLAP_SHARE = 0.05;

/** Run `index` of a channel: floats, as most channels are sent. */
function runOf(channel: number, index: number): SampleRun {
  const timesNs = new BigInt64Array(RUN_SAMPLES);
  const values = new Float32Array(RUN_SAMPLES);
  for (let i = 0; i < RUN_SAMPLES; i++) {
    const sample = index * RUN_SAMPLES + i;
    timesNs[i] = T0 + BigInt(sample) * STEP_NS;
    values[i] = Math.sin(channel + sample / 50);
  }
  return { channel, type: "f32", timesNs, values };
}

/** Runs as they come: live data from some time on, meanwhile history and backfill, each overlapping the next. */
function* arrivals(runs: number): Generator<number> {
  const historyEnd = Math.floor(runs * HISTORY_SHARE);
  const liveStart = Math.floor(runs * (HISTORY_SHARE + BACKFILL_SHARE));
  const overlap = Math.floor(runs * OVERLAP_SHARE);
  let live = liveStart;
  const older = [
    ...Array.from({ length: historyEnd + overlap }, (_, index) => index),
    ...Array.from({ length: liveStart - historyEnd + overlap }, (_, index) => historyEnd + index),
  ];
  for (const [at, index] of older.entries()) {
    yield index;
    if (at % 4 === 0 && live < runs) yield live++;
  }
  while (live < runs) yield live++;
}

export function run({ short, log }: PartContext): Promise<Figure[]> {
  const seconds = short ? 60 : 600;
  const runs = (seconds * HZ) / RUN_SAMPLES;
  const samples = CHANNELS * HZ * seconds;
  const rawBytes = samples * (BigInt64Array.BYTES_PER_ELEMENT + Float32Array.BYTES_PER_ELEMENT);
  const store = createStore({ seconds: 2 * seconds, bytes: 4 * rawBytes });

  const before = residentBytes();
  let added = 0;
  const cpuSeconds = (take: (run: SampleRun) => void): number => {
    const start = process.cpuUsage();
    added = 0;
    for (const index of arrivals(runs)) {
      for (let channel = 0; channel < CHANNELS; channel++) {
        added += RUN_SAMPLES;
        take(runOf(channel, index));
      }
    }
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  const making = cpuSeconds(() => {});
  const merging = cpuSeconds((run) => store.add(run)) - making;
  log(`${added} samples came, ${samples} are different ones`);
  const held = residentBytes() - before;
  const kept = store.channels.reduce((sum, channel) => sum + store.series(channel).count, 0);
  if (kept !== samples) throw new Error(`The store holds ${kept} samples of ${samples}`);
  return Promise.resolve([
    {
      name: "memory held / that of the samples themselves (time and value)",
      unit: "x",
      values: [held / rawBytes],
      target: { atMost: 1.5 },
      beside: {
        "held, MB": held / 1e6,
        "samples themselves, MB": rawBytes / 1e6,
        "as the store counts, MB": store.bytes / 1e6,
      },
    },
    {
      name: "merging a sample",
      unit: "ns/sample",
      values: [(1e9 * merging) / added],
      beside: { "share of a core at this rate, %": (100 * merging) / seconds },
    },
  ]);
}

/** Of heap and buffers, after what is garbage has gone. */
function residentBytes(): number {
  for (let i = 0; i < 3; i++) gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
