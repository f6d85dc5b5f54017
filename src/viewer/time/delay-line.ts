/** More than the longest broadcast delay: older entries are needed no more. */
const KEPT_MS = 200_000;

/** Holds back what has no time of its own, by the time that it came in: what was known then is what may be known now. */
export class DelayLine<T> {
  #entries: { readonly atMs: number; readonly value: T }[] = [];

  push(value: T, atMs: number): void {
    this.#entries.push({ atMs, value });
  }

  /** What was the latest `delayMs` ago; null when nothing had come yet. */
  at(nowMs: number, delayMs: number): T | null {
    const isOld = (index: number) => this.#entries[index] && nowMs - this.#entries[index].atMs > KEPT_MS;
    while (isOld(1)) this.#entries.shift();
    return this.#entries.findLast(({ atMs }) => atMs + delayMs <= nowMs)?.value ?? null;
  }
}
