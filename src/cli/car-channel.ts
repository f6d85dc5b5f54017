import type { Car } from "./car-state.ts";

/** What raw values 0, 1, 2 … are called. */
export const TEXTS = {
  gear: ["N", "1", "2", "3", "4", "5", "6", "7", "8"],
  drs: ["closed", "open"],
} as const;

/** How a channel is stored and its parameter shown. Limits are in the parameter's unit. */
export interface ChannelTraits {
  group: string;
  unit: string;
  /** C style. */
  format: string;
  type: "u8" | "u16" | "s16" | "u32" | "s32" | "f32" | "f64";
  /** Value of one raw unit. */
  scale: number;
  texts?: keyof typeof TEXTS;
  source: "periodic" | "timestamped" | "row";
  /** Samples a second: divides 100, or the average of a timestamped channel. */
  hz: number;
  limits: readonly [min: number, max: number];
  /** `limits` unless given. */
  warn?: readonly [min: number, max: number];
}

/** One channel and its parameter. */
export interface CarChannel extends ChannelTraits {
  name: string;
  desc: string;
  /** In the parameter's unit. */
  read: (car: Car) => number;
}

export function channel(
  name: string,
  desc: string,
  read: (car: Car) => number,
  traits: ChannelTraits,
): CarChannel {
  return { ...traits, name, desc, read };
}

/** A channel for each wheel, front left first. */
export function eachWheel(
  name: string,
  desc: string,
  read: (car: Car, wheel: number) => number,
  traits: ChannelTraits,
): CarChannel[] {
  return ["FL", "FR", "RL", "RR"].map((corner, wheel) =>
    channel(`${name}${corner}`, `${desc} ${corner}`, (car) => read(car, wheel), traits),
  );
}
