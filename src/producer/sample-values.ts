import type { ChannelType } from "../wire/samples.ts";
import { show } from "./checks.ts";
import { invalid, ProducerError } from "./errors.ts";
import type { Samples } from "./items.ts";

/** Raw values to be stored: numbers, or any typed array of them. */
export type Values = readonly number[] | Samples;

const INTEGER_RANGES: Partial<Record<ChannelType, readonly [least: number, most: number]>> = {
  u8: [0, 0xff],
  s8: [-0x80, 0x7f],
  u16: [0, 0xffff],
  s16: [-0x8000, 0x7fff],
  u32: [0, 0xffff_ffff],
  s32: [-0x8000_0000, 0x7fff_ffff],
};

export interface Destination {
  channel: number;
  type: ChannelType;
  /** Of the array that stores this type. */
  target: Samples;
  at: number;
}

/**
 * Stores raw values in the width of a channel. Integer types take what rounds to a number that they hold.
 * Throws ProducerError `value-out-of-range` or `invalid-argument`; then what lies from `at` on is undefined.
 */
export function storeValues(values: Values, { channel, type, target, at }: Destination): void {
  const range = INTEGER_RANGES[type];
  const isTyped = isSamples(values);
  if (isTyped && (range === undefined || values.constructor === target.constructor)) {
    target.set(values, at);
    return;
  }
  if (!isTyped && !Array.isArray(values))
    throw invalid("values must be an array or a typed array of numbers");
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    if (typeof value !== "number") throw invalid(`values must be numbers, not ${show(value)}`);
    if (range === undefined) {
      target[at + i] = value;
      continue;
    }
    const rounded = Math.round(value);
    if (!(rounded >= range[0] && rounded <= range[1])) {
      throw new ProducerError(
        "value-out-of-range",
        `Channel ${channel} of type ${type} cannot hold ${value}`,
      );
    }
    target[at + i] = rounded;
  }
}

export function isSamples(values: unknown): values is Samples {
  return (
    ArrayBuffer.isView(values) &&
    !(values instanceof DataView || values instanceof BigInt64Array || values instanceof BigUint64Array)
  );
}
