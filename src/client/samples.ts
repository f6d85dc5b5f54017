import type { ChannelType, SampleArray } from "../wire/samples.ts";

/**
 * Samples of one channel that came together. Both arrays are of the same length. They are views of larger buffers
 * that nobody writes to again, and runs of the same times may share one array of them: do not write to them, keep them
 * as long as you like, and copy what is to be kept when the rest is not.
 */
export interface SampleRun {
  /** Session channel. */
  readonly channel: number;
  readonly type: ChannelType;
  /** Nanoseconds since 1970, as the producer stamped them; not necessarily ascending. */
  readonly timesNs: BigInt64Array<ArrayBuffer>;
  /** Raw samples in the channel's type, before shift, mask and conversion (`parameterValues` does these). */
  readonly values: SampleArray;
}

/** Part of a channel's time of which samples may be missing; nothing is to be drawn across it. Both ends are held. */
export interface Hole {
  /** Session channel. */
  readonly channel: number;
  /** The last sample before, ns since 1970. */
  readonly startNs: bigint;
  /** The first sample after, ns since 1970. */
  readonly endNs: bigint;
  readonly cause: HoleCause;
}

export type HoleCause =
  /** The connection was lost, and the backfill of the next one did not reach back to what had come before. */
  | "reconnect"
  /** A message, or a chunk of history, could not be read. */
  | "bad-frame"
  /** History ends before the stream begins. */
  | "history"
  /** History is still on its way. */
  | "pending";
