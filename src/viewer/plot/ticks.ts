const S = 1e9;
const MINUTE = 60 * S;
const HOUR = 60 * MINUTE;
/** Steps that a clock has, in ns; below a second they are decimal. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30]
  .map((step) => step * S)
  .concat([1, 2, 5, 10, 15, 30].map((step) => step * MINUTE))
  .concat([1, 2, 3, 6, 12, 24].map((step) => step * HOUR));

/** The least of 1, 2 and 5 times a power of ten that is not below `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Multiples of a nice step within the range: about `wanted` of them. */
export function valueTicks(min: number, max: number, wanted: number): number[] {
  if (!(max > min)) return [];
  const step = niceStep((max - min) / Math.max(wanted, 1));
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => (first + index) * step);
}

/** How many ns lie between the marks of a time axis, when there is room for one in `leastNs`. */
export function timeStep(leastNs: number): number {
  if (leastNs <= S / 2) return niceStep(Math.max(leastNs, 1));
  return CLOCK_STEPS.find((step) => step >= leastNs) ?? 24 * HOUR;
}
