import type { BurstSealer } from "./burst-sealer.ts";
import type { Values } from "./sample-values.ts";

/** What one channel gathered since the last burst was sealed. */
export interface Column {
  /** Bytes that one sample takes here. */
  readonly sampleBytes: number;
  /** Takes samples, all or none. Throws what `storeValues` does. */
  append(timesNs: BigInt64Array, values: Values): void;
  /** Writes what it gathered as items, and is empty again. */
  seal(sealer: BurstSealer): void;
}

export const INITIAL_SAMPLES = 16;
/** A run stays far below the size of a burst, so that bursts fill evenly: 36 KiB for the widest. */
export const MAX_RUN_SAMPLES = 2048;
