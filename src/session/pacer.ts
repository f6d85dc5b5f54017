/**
 * When to poll next. The ids of stream entries are the producer's rhythm in the clock of Redis: the next
 * arrival is predicted from it, and the poll is sent so that it meets the entry just after it was written.
 *
 * Model: arrivals beat with a period (the mean of recent intervals near their median) and a phase (each
 * arrival moves it by a quarter of its error, so jitter is smoothed). A poll aims `aim` ms after the expected
 * id; `aim` holds the difference of the clocks, the way to Redis and an allowance for jitter, and is learned
 * from the outcome alone: a hit moves it down a little, a poll that came too early moves it up nineteen
 * times as far, so that it settles where one in twenty comes too early: each of those costs a command, and the
 * budget has few to spare. After long luck it moves down faster.
 */

/** Commands a second on average, and how many may be made up for at once. */
const BUDGET_PER_SECOND = 11.5;
const BUDGET_BURST = 4;
/** Owed at most, however much was read without a pause: what comes next must not wait for longer than 1 s. */
const MOST_DEBT = BUDGET_PER_SECOND;
const MIN_GAP_MS = 1000 / BUDGET_PER_SECOND;
/** Intervals remembered, and how many make a rhythm. */
const HISTORY = 15;
const ENOUGH = 4;
/** Between polls while there is no rhythm. */
const DEFAULT_PERIOD_MS = 100;
/** A producer slower than this is taken for silent in between. */
const LONGEST_PERIOD_MS = 2_000;
/** Entries closer than this were written together. */
const TOGETHER_MS = 8;
const PHASE_GAIN = 1 / 4;
const AIM_DOWN_MS = 0.25;
const AIM_UP_MS = 19 * AIM_DOWN_MS;
/** Hits in a row that are mere luck; each further one moves the aim faster. */
const LUCK = 20;
/** After a poll that came too early; the silence stretches it. */
const RETRY_MS = 15;
const SILENCE_SHARE = 1 / 8;
/** The slowest pace of an open session that is not idle: new data shows within 5 s. */
const SLOWEST_MS = 4_000;

export class Pacer {
  #intervals: number[] = [];
  #lastId: number | null = null;
  /** Id at which the last arrival was expected, corrected by when it came. */
  #beat = 0;
  #aimMs: number | null = null;
  #hits = 0;
  #missed = false;
  #lastDataMs: number;
  #nextMs: number;
  #tokens = BUDGET_BURST;
  #tokensAtMs: number;

  constructor(nowMs: number) {
    this.#lastDataMs = nowMs;
    this.#tokensAtMs = nowMs;
    this.#nextMs = nowMs;
  }

  /** When the next poll is due, on our clock. */
  get nextMs(): number {
    return this.#nextMs;
  }

  /** Our clock, when data last came. */
  get lastDataMs(): number {
    return this.#lastDataMs;
  }

  /**
   * After a poll: `ids` are the ms parts of the session's new entries in their order, `commands` what it
   * cost, `full` that there is more to read at once.
   */
  polled(sentMs: number, receivedMs: number, ids: readonly number[], commands: number, full: boolean): void {
    this.#spend(receivedMs, commands);
    if (ids.length > 0) {
      this.#learnRhythm(ids);
      this.#learnAim(sentMs);
      this.#lastDataMs = receivedMs;
    } else if (!this.#missed) {
      this.#missed = true;
      this.#hits = 0;
      if (this.#aimMs !== null) this.#aimMs += AIM_UP_MS;
    }
    if (full) this.#nextMs = receivedMs;
    else this.#nextMs = Math.max(this.#wantedMs(receivedMs, ids.length > 0), this.#affordableMs(receivedMs));
  }

  #learnRhythm(ids: readonly number[]): void {
    for (const id of ids) {
      const interval = this.#lastId === null ? Number.POSITIVE_INFINITY : id - this.#lastId;
      this.#lastId = id;
      if (interval >= 0 && interval <= TOGETHER_MS) continue;
      if (interval > 0 && interval <= LONGEST_PERIOD_MS) this.#intervals.push(interval);
      this.#moveBeat(id);
    }
    this.#intervals = this.#intervals.slice(-HISTORY);
  }

  #moveBeat(id: number): void {
    const period = this.#periodMs;
    const beats = Math.round((id - this.#beat) / period);
    const error = id - (this.#beat + beats * period);
    const steady = beats > 0 && beats * period <= LONGEST_PERIOD_MS;
    this.#beat = steady ? id - (1 - PHASE_GAIN) * error : id;
  }

  #learnAim(sentMs: number): void {
    const aim = sentMs - this.#beat;
    if (this.#aimMs === null) {
      this.#aimMs = aim;
    } else if (!this.#missed) {
      this.#hits++;
      this.#aimMs = Math.min(this.#aimMs, aim) - AIM_DOWN_MS * Math.max(1, this.#hits - LUCK);
    }
    this.#missed = false;
  }

  get #periodMs(): number {
    if (this.#intervals.length < ENOUGH) return DEFAULT_PERIOD_MS;
    const sorted = this.#intervals.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1]!;
    const near = sorted.filter((interval) => interval > median / 2 && interval < median * 1.5);
    return near.reduce((sum, interval) => sum + interval, 0) / near.length;
  }

  #wantedMs(nowMs: number, hit: boolean): number {
    if (!hit || this.#aimMs === null) {
      const silence = (nowMs - this.#lastDataMs) * SILENCE_SHARE;
      return nowMs + Math.min(SLOWEST_MS, Math.max(RETRY_MS, silence));
    }
    const period = this.#periodMs;
    const last = this.#beat + this.#aimMs;
    const earliest = Math.max(nowMs + 1, this.#affordableMs(nowMs));
    const next = last + Math.max(1, Math.ceil((earliest - last) / period)) * period;
    // When the clock of Redis was set forward, the beat lies in the future until the aim has followed it.
    return Math.min(next, nowMs + SLOWEST_MS);
  }

  #spend(nowMs: number, commands: number): void {
    const earned = ((nowMs - this.#tokensAtMs) / 1000) * BUDGET_PER_SECOND;
    this.#tokens = Math.max(-MOST_DEBT, Math.min(BUDGET_BURST, this.#tokens + earned) - commands);
    this.#tokensAtMs = nowMs;
  }

  /** When there will be a command to spend. */
  #affordableMs(nowMs: number): number {
    return this.#tokens >= 1 ? nowMs : nowMs + (1 - this.#tokens) * MIN_GAP_MS;
  }
}
