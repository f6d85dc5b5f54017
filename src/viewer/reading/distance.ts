import { firstAtOrAbove, type Series } from "./series.ts";

/** A fall by more than this share of the way driven in a lap is the start line; by less, noise. */
const FALL = 0.5;

/** How far the car has come, by time. */
export interface DistanceTrack {
  /** Since the first sample and on over the start line. Never falls. */
  readonly travelled: Series;
  /** Where laps begin: when the distance in the lap was 0, and how long the way was until then. */
  readonly lapStarts: readonly LapStart[];
}

export interface LapStart {
  readonly time: number;
  readonly travelled: number;
}

/**
 * Makes one way out of samples of a distance parameter, whether it starts again with each lap or not. Samples that are no
 * number are left out.
 */
export function trackDistance(samples: Series): DistanceTrack {
  const { times, values } = withoutNaN(samples);
  const travelled = new Float64Array(values.length);
  const lapStarts: LapStart[] = [];
  let offset = 0;
  let step = 0;
  let way = 0;
  let top = 0;
  for (const [index, value] of values.entries()) {
    if (index > 0 && value < top - Math.max(FALL * top, 1)) {
      // As far as in the step before: what of it lies beyond the line is the value.
      offset = way + step - value;
      const [before, now] = [times[index - 1] as number, times[index] as number];
      const part = step > 0 ? Math.min(Math.max((offset - way) / step, 0), 1) : 1;
      lapStarts.push({ time: before + part * (now - before), travelled: offset });
      top = 0;
    }
    const next = index === 0 ? value : Math.max(way, offset + value);
    step = index === 0 ? 0 : next - way;
    way = next;
    travelled[index] = way;
    top = Math.max(top, value);
  }
  return { travelled: { times, values: travelled }, lapStarts };
}

function withoutNaN(series: Series): Series {
  const known = [...series.values.keys()].filter((index) => !Number.isNaN(series.values[index] as number));
  if (known.length === series.values.length) return series;
  return {
    times: Float64Array.from(known, (index) => series.times[index] as number),
    values: Float64Array.from(known, (index) => series.values[index] as number),
  };
}

/**
 * The value at a time, on the line between its neighbours. NaN outside the samples, and between two that are farther
 * apart than `gap`: nobody knows what was there.
 */
export function interpolate({ times, values }: Series, time: number, gap = Number.POSITIVE_INFINITY): number {
  const after = firstAtOrAbove(times, time);
  const late = times[after];
  if (late === undefined) return Number.NaN;
  if (late === time) return values[after] as number;
  const early = times[after - 1];
  if (early === undefined || late - early > gap) return Number.NaN;
  const [low, high] = [values[after - 1] as number, values[after] as number];
  return low + ((time - early) / (late - early)) * (high - low);
}

/** When the way was this long: the inverse of `interpolate` over `DistanceTrack.travelled`. NaN where it never was. */
export function timeAtDistance({ times, values }: Series, distance: number): number {
  return interpolate({ times: values, values: times }, distance);
}

/**
 * The samples of a parameter over distance instead of time: `times` of the answer are distances after `origin`.
 * Without those where the distance is not known, as in gaps of `travelled` longer than `gap`; a NaN stands there.
 */
export function overDistance(series: Series, travelled: Series, origin: number, gap: number): Series {
  const distances: number[] = [];
  const values: number[] = [];
  for (const [index, time] of series.times.entries()) {
    const distance = interpolate(travelled, time, gap) - origin;
    const isKnown = !Number.isNaN(distance);
    if (!isKnown && (values.length === 0 || Number.isNaN(values.at(-1) as number))) continue;
    distances.push(isKnown ? distance : (distances.at(-1) as number));
    values.push(isKnown ? (series.values[index] as number) : Number.NaN);
  }
  return { times: Float64Array.from(distances), values: Float64Array.from(values) };
}
