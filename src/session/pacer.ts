/**
 * When to poll next. The ids of stream entries are the producer's rhythm in the clock of Redis: the next
 * arrival is predicted from it, and the poll is sent so that it meets the entry just after it was written.
 *
 * Model: arrivals come in a pattern that repeats (`count` arrivals in `periodMs`): one for a single producer, several
 * for one that writes in bursts, and for two that write into one session. Each place in the pattern is expected at the
 * mean of what its last few occurrences say, so jitter is smoothed. Where not every arrival can be met by a poll of its
 * own, the one before the longest gap is. A poll aims `aim` ms after the expected id; `aim` holds the difference of the
 * clocks, the way to Redis and an allowance for jitter, and is learned from the outcome alone: a hit moves it down a
 * little, a poll that came too early moves it up nineteen times as far, so that it settles where one in twenty comes too
 * early: each of those costs a command, and the budget has few to spare. After long luck it moves down faster.
 */

/** Commands a second on average, and how many may be made up for at once. */
const BUDGET_PER_SECOND = 11.5;
const BUDGET_BURST = 4;
/** Owed at most, as by a poll with the session's entry. */
const MOST_DEBT = 1;
/** Share of what is owed that the next poll waits longer for: all of it would be an interval more. */
const PAID_AT_ONCE = 1 / 4;
const MIN_GAP_MS = 1000 / BUDGET_PER_SECOND;
/** Arrivals remembered, and how many make a rhythm. */
const HISTORY = 32;
const ENOUGH = 5;
/** Arrivals in a pattern at most: of five bursts a second and another producer's two, say. */
const LONGEST_PATTERN = 8;
/** A longer pattern is taken for the better one only when it is this much more regular. */
const CLEARLY = 3;
/** Occurrences of a place in the pattern that say when the next one is due. */
const OCCURRENCES = 4;
/** Between polls while there is no rhythm. */
const DEFAULT_PERIOD_MS = 100;
/** A producer slower than this is taken for silent in between. */
const LONGEST_PERIOD_MS = 2_000;
/** Entries closer than this were written together. */
const TOGETHER_MS = 8;
const LONGEST_TOGETHER_MS = 25;
const AIM_DOWN_MS = 0.25;
const AIM_UP_MS = 19 * AIM_DOWN_MS;
/** Hits in a row that are mere luck; each further one moves the aim faster. */
const LUCK = 20;
/** After a poll that came too early; the silence stretches it. */
const RETRY_MS = 15;
const SILENCE_SHARE = 1 / 8;
/** The slowest pace of an open session that is not idle: new data shows within 5 s. */
const SLOWEST_MS = 4_000;

interface Pattern {
  readonly count: number;
  readonly periodMs: number;
}

const NO_PATTERN: Pattern = { count: 1, periodMs: DEFAULT_PERIOD_MS };

export class Pacer {
  /** When the last arrivals came, by their ids; of entries that were written together, the last. */
  #arrivals: number[] = [];
  #pattern = NO_PATTERN;
  /** Id of the first entry of the last arrival. */
  #togetherSince = 0;
  /** Arrivals of one entry each. */
  #aloneInRow = HISTORY;
  /** The next poll is for what may have been written just after the last one. */
  #looksAgain = false;
  /** The arrival that the next poll is sent for, and how much earlier one is taken for it. */
  #expected: { id: number; slackMs: number } | null = null;
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
    const lastId = ids.at(-1);
    const expected = this.#expected;
    const again = this.#looksAgain;
    const isLost = lastId !== undefined && this.#isLost(sentMs - lastId);
    const isFound = lastId !== undefined && (expected === null || lastId >= expected.id - expected.slackMs);
    const hit = again || isLost || isFound;
    // What comes now was written together with what the last poll took: that one came amid it.
    const amid = lastId !== undefined && this.#isTogether(ids[0]!) && this.#pattern.periodMs >= MIN_GAP_MS;
    if (lastId !== undefined) {
      this.#learnArrivals(ids);
      this.#lastDataMs = receivedMs;
    }
    if (isLost) this.#setAim(sentMs - lastId);
    else if (!hit || amid) this.#tooEarly(hit);
    else if (lastId !== undefined) this.#onTime();
    this.#looksAgain = hit && !again && this.#mayHaveMore;
    if (full) this.#nextMs = receivedMs;
    else this.#nextMs = Math.max(this.#wantedMs(receivedMs, hit), this.#affordableMs(receivedMs));
  }

  #tooEarly(hit: boolean): void {
    if (this.#missed) return;
    this.#missed = !hit;
    this.#hits = 0;
    if (this.#aimMs !== null) this.#aimMs += AIM_UP_MS;
  }

  /** Entries are written together now and then, and there are commands to spare for a second look. */
  get #mayHaveMore(): boolean {
    const { count, periodMs } = this.#pattern;
    return this.#aloneInRow < HISTORY && periodMs >= 2 * count * MIN_GAP_MS;
  }

  #learnArrivals(ids: readonly number[]): void {
    for (const id of ids) {
      if (this.#isTogether(id)) {
        this.#arrivals.pop();
        this.#aloneInRow = 0;
      } else {
        this.#togetherSince = id;
        this.#aloneInRow++;
      }
      this.#arrivals.push(id);
    }
    this.#arrivals = this.#arrivals.slice(-HISTORY);
    this.#pattern = this.#findPattern();
  }

  /** With the last arrival. */
  #isTogether(id: number): boolean {
    const last = this.#arrivals.at(-1);
    if (last === undefined || id < last) return false;
    return id - last <= TOGETHER_MS && id - this.#togetherSince <= LONGEST_TOGETHER_MS;
  }

  /** The clock of Redis was set, or there was a pause: an arrival that was read this long after its id says nothing of the aim. */
  #isLost(afterMs: number): boolean {
    const aimMs = this.#aimMs;
    if (aimMs === null) return true;
    return afterMs < aimMs - this.#pattern.periodMs || afterMs > aimMs + LONGEST_PERIOD_MS;
  }

  #setAim(aimMs: number): void {
    this.#aimMs = aimMs;
    this.#hits = 0;
    this.#missed = false;
  }

  #onTime(): void {
    if (!this.#missed) {
      this.#hits++;
      this.#aimMs! -= AIM_DOWN_MS * Math.max(1, this.#hits - LUCK);
    }
    this.#missed = false;
  }

  /** The shortest pattern that is about as regular as any. */
  #findPattern(): Pattern {
    const arrivals = this.#arrivals;
    let best = NO_PATTERN;
    if (arrivals.length < ENOUGH) return best;
    let bestDeviation = Number.POSITIVE_INFINITY;
    for (let count = 1; count <= LONGEST_PATTERN && 2 * count < arrivals.length; count++) {
      // Nothing is clearly better than this.
      if (bestDeviation <= 1) break;
      const spans = arrivals.slice(count).map((id, i) => id - arrivals[i]!);
      const whole = spans.filter((span) => span > 0 && span <= LONGEST_PERIOD_MS).sort((a, b) => a - b);
      const median = whole[whole.length >> 1];
      if (median === undefined) break;
      const deviation = mean(whole.map((span) => Math.abs(span - median)));
      if (CLEARLY * deviation + 1 < bestDeviation) {
        const near = whole.filter((span) => span > median / 2 && span < median * 1.5);
        best = { count, periodMs: mean(near) };
        bestDeviation = deviation;
      }
    }
    return best;
  }

  /** When each place of the pattern is due after the last arrival, by its last occurrences. */
  #due(): number[] {
    const arrivals = this.#arrivals;
    const { count, periodMs } = this.#pattern;
    return Array.from({ length: count }, (_, place) => {
      const said = Array.from({ length: OCCURRENCES }, (_, i) => {
        const id = arrivals[arrivals.length - count * (i + 1) + place];
        return id === undefined ? Number.NaN : id + (i + 1) * periodMs;
      });
      // Occurrences before a pause say nothing.
      return mean(said.filter((id) => Math.abs(id - said[0]!) < periodMs / 4));
    });
  }

  #wantedMs(nowMs: number, hit: boolean): number {
    const aimMs = this.#aimMs;
    if (this.#looksAgain) return nowMs + RETRY_MS;
    if (!hit || aimMs === null || this.#arrivals.length === 0) {
      const silence = (nowMs - this.#lastDataMs) * SILENCE_SHARE;
      return nowMs + Math.min(SLOWEST_MS, Math.max(RETRY_MS, silence));
    }
    const { periodMs } = this.#pattern;
    const earliest = Math.max(nowMs + 1, this.#affordableMs(nowMs)) - aimMs;
    const due = this.#due()
      .map((id) => id + Math.max(0, Math.ceil((earliest - id) / periodMs)) * periodMs)
      .sort((a, b) => a - b);
    const gapAfter = (i: number): number => (due[i + 1] ?? due[0]! + periodMs) - due[i]!;
    let best = 0;
    for (let i = 1; i < due.length && due[i]! < due[0]! + MIN_GAP_MS; i++) {
      if (gapAfter(i) > gapAfter(best)) best = i;
    }
    const before = due.length === 1 ? periodMs : gapAfter((best + due.length - 1) % due.length);
    this.#expected = { id: due[best]!, slackMs: before / 2 };
    // When the clock of Redis was set forward, the arrival lies in the future until the aim has followed it.
    return Math.min(due[best]! + aimMs, nowMs + SLOWEST_MS);
  }

  #spend(nowMs: number, commands: number): void {
    const earned = ((nowMs - this.#tokensAtMs) / 1000) * BUDGET_PER_SECOND;
    this.#tokens = Math.max(-MOST_DEBT, Math.min(BUDGET_BURST, this.#tokens + earned) - commands);
    this.#tokensAtMs = nowMs;
  }

  /** When there will be a command to spend. */
  #affordableMs(nowMs: number): number {
    const held = this.#tokens;
    if (held >= 1) return nowMs;
    return nowMs + (1 - (held < 0 ? held * PAID_AT_ONCE : held)) * MIN_GAP_MS;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
