import { timeText } from "../time/time-text.ts";
import type { Frame } from "./frame.ts";
import { timeStep } from "./ticks.ts";

const NS_PER_S = 1e9;
const NS_PER_MINUTE = 60n * 1_000_000_000n;
/** CSS pixels for a label of the time axis, and for each of its decimals. */
const LABEL_PX = 84;
const DIGIT_PX = 7;

/** A mark of the time axis. */
export interface TimeMark {
  /** After the origin. */
  readonly ns: number;
  readonly label: string;
}

/** Marks at even times of this device's clock, as many as `width` device pixels have room for. */
export function timeMarks({ originNs, startNs, endNs, pixelRatio }: Frame, width: number): TimeMark[] {
  const nsPerPx = ((endNs - startNs) / width) * pixelRatio;
  const roughly = timeStep(nsPerPx * LABEL_PX);
  const stepNs = timeStep(nsPerPx * (LABEL_PX + digitsOf(roughly) * DIGIT_PX));
  const step = BigInt(Math.round(stepNs));
  const start = originNs + BigInt(Math.floor(startNs));
  const zone = -BigInt(new Date(Number(start / 1_000_000n)).getTimezoneOffset()) * NS_PER_MINUTE;
  const first = ((start + zone) / step) * step - zone;
  const marks: TimeMark[] = [];
  for (let at = first; ; at += step) {
    const ns = Number(at - originNs);
    if (ns > endNs) return marks;
    if (ns >= startNs) marks.push({ ns, label: timeText(at, digitsOf(stepNs)) });
  }
}

function digitsOf(stepNs: number): number {
  return Math.max(Math.ceil(-Math.log10(stepNs / NS_PER_S) - 1e-9), 0);
}
