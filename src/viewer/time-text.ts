const NS_PER_S = 1_000_000_000n;

/** A clock time of this device with every nanosecond: `09:00:01.500000000`. */
export function exactTimeText(ns: bigint): string {
  const fraction = ((ns % NS_PER_S) + NS_PER_S) % NS_PER_S;
  return `${clockText(Number((ns - fraction) / NS_PER_S))}.${fraction.toString().padStart(9, "0")}`;
}

/** A clock time of this device: `09:00:01`. */
export function clockText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
