import {
  encodeItems,
  periodicItem,
  rowItem,
  type Samples,
  timeRangeItem,
  timestampedItem,
} from "../../src/producer/index.ts";

/** Between two bursts, by the protocol's advice to producers. */
export const BURST_MS = 100;
const BURST_NS = 100_000_000;
const START_NS = 1_800_000_000_000_000_000n;

/** What a car's channels are, in turn: most at 100 Hz, some faster or slower, and some whose samples come when they come. */
const PLAN = [
  { kind: "periodic", samples: 10, array: Float64Array, unit: 0.01 },
  { kind: "periodic", samples: 10, array: Float32Array, unit: 0.125 },
  { kind: "periodic", samples: 10, array: Int16Array, unit: 1 },
  { kind: "periodic", samples: 100, array: Float32Array, unit: 0.5 },
  { kind: "timestamped", samples: 10, array: Float64Array, unit: 0.001 },
  { kind: "periodic", samples: 10, array: Float64Array, unit: 0.1 },
  { kind: "periodic", samples: 10, array: Uint8Array, unit: 1 / 16 },
  { kind: "periodic", samples: 1, array: Float64Array, unit: 0.05 },
  { kind: "timestamped", samples: 5, array: Int16Array, unit: 1 },
  { kind: "row", samples: 1, array: Float64Array, unit: 0.02 },
] as const;

export type ItemKind = (typeof PLAN)[number]["kind"];

/**
 * Bursts as a car sends them, channels counted from 1: each is a sensor that drifts and is noisy, read in the steps of a
 * converter. `kind` restricts them to channels of that kind. The same every time.
 */
export function telemetryBursts(channels: number, count: number, kind?: ItemKind): Uint8Array[] {
  const plan = PLAN.filter((each) => kind === undefined || each.kind === kind);
  const noise = new Noise(1);
  return Array.from({ length: count }, (_, burst) => {
    const startNs = START_NS + BigInt(burst * BURST_NS);
    const items = Array.from({ length: channels }, (_, index) => {
      const { kind, samples, array, unit } = plan[index % plan.length]!;
      const values = readings(new array(samples), unit, index, burst, noise);
      return item(kind, index + 1, startNs, values, noise);
    });
    return encodeItems([...items, timeRangeItem(startNs, startNs + BigInt(BURST_NS - 1))]);
  });
}

function item(kind: ItemKind, channel: number, startNs: bigint, samples: Samples, noise: Noise): Uint8Array {
  const intervalNs = BURST_NS / samples.length;
  switch (kind) {
    case "periodic":
      return periodicItem({ channel, startNs, intervalNs: BigInt(intervalNs), samples });
    case "timestamped": {
      // Late by up to a fifth, to the microsecond.
      const lateNs = (): number => Math.round(100 + 100 * noise.next()) * (intervalNs / 1e6) * 1_000;
      const timesNs = Array.from(samples, (_, i) => startNs + BigInt(Math.round(i * intervalNs + lateNs())));
      return timestampedItem({ channel, timesNs, samples });
    }
    case "row": {
      // Four channels that are sampled together.
      const row = new Float64Array(4).fill(samples[0]!);
      const channels = [0, 1, 2, 3].map((i) => channel + 100_000 * i);
      return rowItem({ channels, timestampNs: startNs, buffer: new Uint8Array(row.buffer) });
    }
  }
}

/** A converter has 12 bits; a unit of the channel is one of its steps. */
const STEPS = 4096;

function readings<T extends Samples>(
  samples: T,
  unit: number,
  channel: number,
  burst: number,
  noise: Noise,
): T {
  const swing = 200 + 37 * (channel % 40);
  for (let i = 0; i < samples.length; i++) {
    const phase = (burst + i / samples.length) * 0.01 * (1 + (channel % 7));
    const step = STEPS / 2 + swing * Math.sin(phase) + 3 * noise.next();
    samples[i] = Math.round(step) * unit;
  }
  return samples;
}

/** Between -1 and 1, seeded. */
class Noise {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 31 - 1;
  }
}
