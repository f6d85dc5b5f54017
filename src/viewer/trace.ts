/** A plot shows this much. */
export const WINDOW_S = 30;
/** Backfill and late runs behind the window are kept this much longer, so that its left edge does not fray. */
const KEPT_S = WINDOW_S + 5;
/** A channel of 1 kHz fills the time kept; of faster ones the oldest samples go first. */
const CAPACITY = 1_000 * KEPT_S;

/** The last samples of one plotted parameter, in order of time, each time once. */
export class Trace {
  readonly #times = new Float64Array(CAPACITY);
  readonly #values = new Float64Array(CAPACITY);
  readonly #timesBehind = new Float64Array(CAPACITY);
  readonly #valuesBehind = new Float64Array(CAPACITY);
  #count = 0;

  /** Seconds since 1970 of the newest sample; NaN without samples. */
  get newest(): number {
    return this.#times[this.#count - 1] ?? Number.NaN;
  }

  /** The newest value; NaN without samples. */
  get value(): number {
    return this.#values[this.#count - 1] ?? Number.NaN;
  }

  /**
   * Merges samples of ascending times (seconds since 1970) in. Of samples at one time the later arrival counts.
   * What is older than the time kept is dropped.
   */
  add(times: Float64Array, values: Float64Array): void {
    const last = times.at(-1);
    if (last === undefined) return;
    const horizon = Math.max(last, Number.isNaN(this.newest) ? last : this.newest) - KEPT_S;
    const from = Math.max(firstAtOrAfter(times, times.length, horizon), times.length - CAPACITY);
    const fresh = times.length - from;
    this.#forget(Math.max(firstAtOrAfter(this.#times, this.#count, horizon), this.#count + fresh - CAPACITY));
    if (fresh > 0) this.#merge(times.subarray(from), values.subarray(from));
  }

  /** The samples in view, with one more on either side so that lines reach the edges. Valid until the next `add`. */
  between(start: number, end: number): { times: Float64Array; values: Float64Array } {
    const from = Math.max(firstAtOrAfter(this.#times, this.#count, start) - 1, 0);
    const to = Math.min(firstAtOrAfter(this.#times, this.#count, end) + 1, this.#count);
    return { times: this.#times.subarray(from, to), values: this.#values.subarray(from, to) };
  }

  #forget(samples: number): void {
    if (samples <= 0) return;
    this.#times.copyWithin(0, samples, this.#count);
    this.#values.copyWithin(0, samples, this.#count);
    this.#count -= samples;
  }

  #merge(times: Float64Array, values: Float64Array): void {
    const at = firstAtOrAfter(this.#times, this.#count, times[0] as number);
    const behind = this.#count - at;
    this.#timesBehind.set(this.#times.subarray(at, this.#count));
    this.#valuesBehind.set(this.#values.subarray(at, this.#count));
    let to = at;
    let old = 0;
    for (let index = 0; index < times.length; index++) {
      const time = times[index] as number;
      while (old < behind && (this.#timesBehind[old] as number) < time) to = this.#put(to, old++);
      if (old < behind && this.#timesBehind[old] === time) old++;
      if (to > 0 && this.#times[to - 1] === time) to--;
      this.#times[to] = time;
      this.#values[to++] = values[index] as number;
    }
    while (old < behind) to = this.#put(to, old++);
    this.#count = to;
  }

  #put(to: number, old: number): number {
    this.#times[to] = this.#timesBehind[old] as number;
    this.#values[to] = this.#valuesBehind[old] as number;
    return to + 1;
  }
}

/** Index of the first of `count` ascending times that is not before `time`. */
function firstAtOrAfter(times: Float64Array, count: number, time: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
