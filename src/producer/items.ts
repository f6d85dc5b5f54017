/**
 * Items of a StreamDataBurst as bytes. Each function returns one item with its tag and length, as it stands
 * in a burst: the concatenation of items (or of bursts) is a burst.
 */
import protobuf from "protobufjs/minimal.js";
import { sessionJsonBurst, timeRangeBurst } from "../wire/burst.ts";
import { rta } from "../wire/gen/rta.js";

const { StreamDataBurst } = rta.model.net.stream;
type Int64 = NonNullable<rta.model.data.Event.$Properties["timestamp"]>;

/** Samples of one channel, in the channel's type. Typed arrays are little-endian wherever this runs. */
export type Samples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** A run at a fixed rate. `startNs` is the time of sample 0 since 1970-01-01T00:00:00Z. */
export interface PeriodicRun {
  channel: number;
  startNs: bigint;
  intervalNs: bigint;
  samples: Samples;
}

/** A run with a time for each sample, in ns since 1970-01-01T00:00:00Z. */
export interface TimestampedRun {
  channel: number;
  timesNs: readonly bigint[];
  samples: Samples;
}

/** One value of each channel, back to back in `buffer` in the widths that the configuration gives them. */
export interface Row {
  channels: readonly number[];
  timestampNs: bigint;
  buffer: Uint8Array;
}

/** Something that happened at one instant: shown as `text`, or by its `values` (three at most). */
export interface SessionEvent {
  definition: number;
  app: string;
  timestampNs: bigint;
  text?: string;
  values?: readonly number[];
}

export function periodicItem({ channel, startNs, intervalNs, samples }: PeriodicRun): Uint8Array {
  return encode({
    periodicData: {
      channelId: channel,
      startTimestamp: int64(startNs),
      interval: int64(intervalNs),
      samples: samples.length,
      buffer: bytesOf(samples),
    },
  });
}

/** Throws RangeError unless there is one time for each sample, and at least one. */
export function timestampedItem({ channel, timesNs, samples }: TimestampedRun): Uint8Array {
  const [startNs] = timesNs;
  if (startNs === undefined || timesNs.length !== samples.length) {
    throw new RangeError(`Cannot encode ${samples.length} samples with ${timesNs.length} times`);
  }
  const deltasNs = timesNs.map((timeNs, index) => timeNs - (timesNs[index - 1] ?? startNs));
  const scaleNs = deltasNs.reduce(greatestCommonDivisor, 0n) || 1n;
  return encode({
    timestampedData: {
      channelId: channel,
      startTimestamp: int64(startNs),
      timestampDeltasScale: int64(scaleNs),
      timestampDeltas: deltasNs.map((deltaNs) => int64(deltaNs / scaleNs)),
      buffer: bytesOf(samples),
    },
  });
}

export function rowItem({ channels, timestampNs, buffer }: Row): Uint8Array {
  return encode({ rowData: { channelIds: [...channels], timestamp: int64(timestampNs), buffer } });
}

export function eventItem({ definition, app, timestampNs, text, values }: SessionEvent): Uint8Array {
  return encode({
    event: {
      eventDefinitionId: definition,
      appName: app,
      timestamp: int64(timestampNs),
      statusText: text ?? "",
      rawData: [...(values ?? [])],
    },
  });
}

/** Both inclusive, ns since 1970-01-01T00:00:00Z. */
export function timeRangeItem(startNs: bigint, endNs: bigint): Uint8Array {
  return timeRangeBurst(startNs, endNs);
}

/** The text travels as it is. */
export function sessionJsonItem(json: string): Uint8Array {
  return sessionJsonBurst(json);
}

/** Joins items, or whole serialized bursts, into one burst. */
export function encodeItems(items: readonly Uint8Array[]): Uint8Array {
  const burst = new Uint8Array(items.reduce((bytes, item) => bytes + item.length, 0));
  let offset = 0;
  for (const item of items) {
    burst.set(item, offset);
    offset += item.length;
  }
  return burst;
}

function encode(item: rta.model.net.stream.StreamData.$Properties): Uint8Array {
  return StreamDataBurst.encode({ data: [item] }).finish();
}

function int64(value: bigint): Int64 {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return new protobuf.util.Long(low, high) as Int64;
}

function bytesOf({ buffer, byteOffset, byteLength }: Samples): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? (a < 0n ? -a : a) : greatestCommonDivisor(b, a % b);
}
