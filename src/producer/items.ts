/**
 * Items of a StreamDataBurst as bytes. Each function returns one item with its tag and length, as it stands
 * in a burst: the concatenation of items (or of bursts) is a burst. All throw ProducerError `invalid-argument` for what
 * a field does not hold.
 */
import { sessionJsonBurst, timeRangeBurst } from "../wire/burst.ts";
import { checkBytes, checkChannel, checkList, checkNs, checkText, show } from "./checks.ts";
import { DeltaEncoder, halvesOf } from "./delta-encoder.ts";
import { invalid } from "./errors.ts";
import { ItemWriter } from "./item-writer.ts";
import { isSamples } from "./sample-values.ts";

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
  timesNs: readonly bigint[] | BigInt64Array;
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
  checkChannel(channel);
  checkNs(startNs, "startNs");
  checkNs(intervalNs, "intervalNs");
  checkSamples(samples);
  const writer = new ItemWriter();
  writer.periodic({ channel, startNs, unitNs: intervalNs }, samples.length, bytesOf(samples));
  return writer.view().slice();
}

/** Needs one time for each sample, and at least one. A gap of more than 104 days makes it two items. */
export function timestampedItem({ channel, timesNs, samples }: TimestampedRun): Uint8Array {
  checkChannel(channel);
  checkSamples(samples);
  const times = toTimes(timesNs, "timesNs");
  if (times.length === 0 || times.length !== samples.length) {
    throw invalid(`timesNs and samples must be of one length, not ${times.length} and ${samples.length}`);
  }
  const writer = new ItemWriter();
  const deltas = new DeltaEncoder();
  const halves = halvesOf(times);
  for (let from = 0, end = 0; from < times.length; from = end) {
    end = deltas.encode(halves, from, times.length);
    const head = { channel, startNs: times[from]!, unitNs: BigInt(deltas.unitNs) };
    writer.timestamped(head, deltas.bytes.view(), bytesOf(samples.subarray(from, end)));
  }
  return writer.view().slice();
}

export function rowItem({ channels, timestampNs, buffer }: Row): Uint8Array {
  checkList(channels, "channels");
  for (const channel of channels) checkChannel(channel, "channels");
  checkNs(timestampNs, "timestampNs");
  checkBytes(buffer, "buffer");
  const writer = new ItemWriter();
  writer.row(channels, timestampNs, buffer);
  return writer.view().slice();
}

export function eventItem(event: SessionEvent): Uint8Array {
  const writer = new ItemWriter();
  writeEvent(writer, event);
  return writer.view().slice();
}

export function writeEvent(writer: ItemWriter, event: SessionEvent): void {
  const { definition, app, timestampNs, text = "", values = [] } = event;
  if (typeof definition !== "number" || (definition | 0) !== definition) {
    throw invalid(`definition must be an integer of 32 bits, not ${show(definition)}`);
  }
  checkText(app, "app");
  checkNs(timestampNs, "timestampNs");
  checkText(text, "text");
  checkList(values, "values");
  for (const value of values) {
    if (typeof value !== "number") throw invalid(`values must be numbers, not ${show(value)}`);
  }
  writer.event({ definition, app, timestampNs, text, values });
}

/** Both inclusive, ns since 1970-01-01T00:00:00Z. */
export function timeRangeItem(startNs: bigint, endNs: bigint): Uint8Array {
  checkNs(startNs, "startNs");
  checkNs(endNs, "endNs");
  return timeRangeBurst(startNs, endNs);
}

/** The text travels as it is. */
export function sessionJsonItem(json: string): Uint8Array {
  checkText(json, "json");
  return sessionJsonBurst(json);
}

/** Joins items, or whole serialized bursts, into one burst. */
export function encodeItems(items: readonly Uint8Array[]): Uint8Array {
  checkList(items, "items");
  for (const item of items) checkBytes(item, "items");
  const burst = new Uint8Array(items.reduce((bytes, item) => bytes + item.length, 0));
  let offset = 0;
  for (const item of items) {
    burst.set(item, offset);
    offset += item.length;
  }
  return burst;
}

/** Times as an array of 64-bit numbers: the one given, if it is one. */
export function toTimes(timesNs: readonly bigint[] | BigInt64Array, name: string): BigInt64Array {
  if (timesNs instanceof BigInt64Array) return timesNs;
  if (!Array.isArray(timesNs)) throw invalid(`${name} must be a BigInt64Array or an array of bigints`);
  for (const timeNs of timesNs) checkNs(timeNs, name);
  return BigInt64Array.from(timesNs);
}

function checkSamples(samples: Samples): void {
  if (!isSamples(samples)) throw invalid("samples must be a typed array of the channel's type");
}

function bytesOf({ buffer, byteOffset, byteLength }: Samples): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
