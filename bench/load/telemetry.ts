import { encodeItems, periodicItem, type Samples, timeRangeItem } from "../../src/producer/index.ts";

/** Of a burst, by the protocol's advice to producers. */
export const BURST_MS = 100;

export interface Telemetry {
  readonly channels: number;
  /** Of each channel in a burst: 10 is 100 Hz. */
  readonly samples: number;
}

/**
 * Bursts as a car sends them: every channel is a sensor that drifts and is noisy, read in steps of its converter, and
 * sent as a double, a float, 16 bits or 8 bits in turn. Channel ids count from 1. The same every time.
 */
export function telemetryBursts({ channels, samples }: Telemetry, count: number): Uint8Array[] {
  const noise = new Noise(1);
  const startNs = 1_800_000_000_000_000_000n;
  return Array.from({ length: count }, (_, burst) => {
    const burstNs = startNs + BigInt(burst * BURST_MS) * 1_000_000n;
    const intervalNs = BigInt((BURST_MS * 1_000_000) / samples);
    const runs = Array.from({ length: channels }, (_, channel) =>
      periodicItem({
        channel: channel + 1,
        startNs: burstNs,
        intervalNs,
        samples: readings(channel, samples, burst * samples, noise),
      }),
    );
    const endNs = burstNs + intervalNs * BigInt(samples - 1);
    return encodeItems([...runs, timeRangeItem(startNs, endNs)]);
  });
}

/** A converter has 12 bits; each unit is a physical one over it. */
const STEPS = 4096;
const TYPES = [Float64Array, Float32Array, Int16Array, Uint8Array] as const;
const UNITS = [0.01, 0.125, 1, 1 / 16] as const;

function readings(channel: number, count: number, first: number, noise: Noise): Samples {
  const samples = new TYPES[channel % TYPES.length]!(count);
  const unit = UNITS[channel % UNITS.length]!;
  const swing = 200 + 37 * (channel % 40);
  for (let i = 0; i < count; i++) {
    const phase = ((first + i) / 1_000) * (1 + (channel % 7));
    const step = STEPS / 2 + swing * Math.sin(phase) + 3 * noise.next();
    samples[i] = Math.round(step) * unit;
  }
  return samples;
}

/** Deviates of about one, seeded. */
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
