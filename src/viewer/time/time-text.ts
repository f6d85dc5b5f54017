const NS_PER_S = 1_000_000_000n;
const DIGITS = 9;

/** A clock time of this device with every nanosecond: `09:00:01.500000000`. */
export function exactTimeText(ns: bigint): string {
  return timeText(ns, DIGITS);
}

/** A clock time of this device, cut off after `digits` decimals of a second. */
export function timeText(ns: bigint, digits: number): string {
  const fraction = ((ns % NS_PER_S) + NS_PER_S) % NS_PER_S;
  const clock = clockText(Number((ns - fraction) / NS_PER_S));
  return digits === 0 ? clock : `${clock}.${fraction.toString().padStart(DIGITS, "0").slice(0, digits)}`;
}

/** A clock time of this device: `09:00:01`. */
export function clockText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** A span of time in its usual unit: `30 s`, `1.5 min`, `20 ms`. */
export function spanText(ns: number): string {
  const units = [
    [3600e9, "h"],
    [60e9, "min"],
    [1e9, "s"],
    [1e6, "ms"],
    [1e3, "µs"],
  ] as const;
  const [size, unit] = units.find(([each]) => ns >= each) ?? [1, "ns"];
  const amount = ns / size;
  return `${Number(amount.toFixed(amount < 10 ? 1 : 0))} ${unit}`;
}

/** How far back something is. */
export function behindText(ns: number): string {
  return ns > 0 ? `${spanText(ns)} behind` : "";
}
