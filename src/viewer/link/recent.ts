/** Figures of the last while. */
export class Recent {
  readonly #memoryMs: number;
  #figures: { readonly atMs: number; readonly value: number }[] = [];

  constructor(memoryMs: number) {
    this.#memoryMs = memoryMs;
  }

  add(value: number, atMs: number): void {
    this.#figures.push({ atMs, value });
  }

  forget(nowMs: number): void {
    const first = this.#figures.findIndex(({ atMs }) => nowMs - atMs <= this.#memoryMs);
    this.#figures.splice(0, first < 0 ? this.#figures.length : first);
  }

  sum(): number {
    return this.#figures.reduce((sum, { value }) => sum + value, 0);
  }

  /** NaN without figures; `share` from 0 to 1. */
  percentile(share: number): number {
    const sorted = this.#figures.map(({ value }) => value).sort((a, b) => a - b);
    return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? Number.NaN;
  }
}
