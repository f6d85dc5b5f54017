import type { Hole, HoleCause } from "./samples.ts";

/**
 * Runs of one connection farther apart than this belong to two fronts until history is complete: to live data and to
 * backfill, which comes beside it, oldest first.
 */
const FRONT_STEP_NS = 1_000_000_000n;
/** Holes kept for one channel; of more the earliest are joined. */
const MAX_HOLES = 256;

/** An unbroken stretch of what one connection has told. */
interface Front {
  startNs: bigint;
  endNs: bigint;
  /** A message was lost: what comes next may not follow. */
  isBroken: boolean;
}

/** What of a session's time has been told, by channel. Kept by `follow`; a store that is filled by hand may do without. */
export class SessionCoverage {
  readonly #channels = new Map<number, Coverage>();
  #isSettled = false;

  of(channel: number): Coverage {
    let coverage = this.#channels.get(channel);
    if (coverage === undefined) {
      coverage = new Coverage(channel, this.#isSettled);
      this.#channels.set(channel, coverage);
    }
    return coverage;
  }

  /** More has been asked for: of channels of which nothing has come yet there will be history. */
  expect(): void {
    this.#isSettled = false;
    for (const coverage of this.#channels.values()) coverage.expect();
  }

  /** A new connection begins. */
  reconnect(): void {
    this.#isSettled = false;
    for (const coverage of this.#channels.values()) coverage.reconnect();
  }

  /** A message could not be read; it may have held samples of any channel. */
  broken(): void {
    for (const coverage of this.#channels.values()) coverage.broken();
  }

  /** Nothing of this connection's history is on its way any more. */
  settle(): void {
    this.#isSettled = true;
    for (const coverage of this.#channels.values()) coverage.settle();
  }

  /** Final holes that have not been returned before. */
  news(): Hole[] {
    return [...this.#channels.values()].flatMap((coverage) => coverage.news());
  }

  clear(): void {
    this.#channels.clear();
  }
}

/**
 * What of one channel's time has been told. Connections do not say when their backfill is complete; so what they tell is
 * taken as fronts, whose gaps are pending until `settle` says that nothing more is on its way.
 */
export class Coverage {
  /** Changes with each change of the holes. */
  revision = 0;
  readonly #channel: number;
  /** Final ones, in order. */
  #holes: readonly Hole[] = [];
  #fronts: Front[] = [];
  #isSettled: boolean;
  readonly #reported = new WeakSet<Hole>();
  /** How far earlier connections had come. */
  #reachedNs: bigint | null = null;
  /** Where what connections have told begins. */
  #beginNs: bigint | null = null;
  /** How far history had come when it was read first. */
  #historyNs: bigint | null = null;

  constructor(channel: number, isSettled: boolean) {
    this.#channel = channel;
    this.#isSettled = isSettled;
  }

  /** Where what connections have told begins; null before history of the first is complete. */
  get beginNs(): bigint | null {
    return this.#beginNs;
  }

  expect(): void {
    if (this.#fronts.length === 0) this.#isSettled = false;
  }

  /** A new connection begins. */
  reconnect(): void {
    this.#join("reconnect");
    this.#reachedNs = this.#fronts.at(-1)?.endNs ?? this.#reachedNs;
    this.#fronts = [];
    this.#isSettled = false;
  }

  /** A message could not be read; it may have held samples of this channel. */
  broken(): void {
    for (const front of this.#fronts) front.isBroken = true;
  }

  /** A run has come. */
  told(firstNs: bigint, lastNs: bigint): void {
    const newest = this.#fronts.at(-1);
    const front = newest !== undefined && this.#follows(newest, firstNs) ? newest : this.#frontFor(firstNs);
    if (front.isBroken && firstNs > front.endNs) {
      this.lost(front.endNs, firstNs);
      front.isBroken = false;
      front.endNs = lastNs;
    } else if (lastNs > front.endNs) {
      const fromNs = front.endNs < firstNs ? front.endNs : firstNs;
      front.endNs = lastNs;
      this.filled(fromNs, lastNs);
      if (this.#fronts.length > 1) this.revision++;
    }
  }

  /** Part of what another source had to tell from `startNs` to `endNs` could not be read. */
  lost(startNs: bigint, endNs: bigint): void {
    if (startNs < endNs) this.#addHole(startNs, endNs, "bad-frame");
  }

  /** Everything from `startNs` to `endNs` has been told by another source, such as history. */
  filled(startNs: bigint, endNs: bigint): void {
    if (!this.#holes.some((hole) => hole.endNs > startNs && hole.startNs < endNs)) return;
    const left = this.#holes.flatMap((hole) => {
      if (hole.endNs <= startNs || hole.startNs >= endNs) return [hole];
      const rest: Hole[] = [];
      if (hole.startNs < startNs) rest.push({ ...hole, endNs: startNs });
      if (hole.endNs > endNs) rest.push({ ...hole, startNs: endNs });
      return rest;
    });
    this.#change(left);
  }

  /** History has told everything from `startNs` to `endNs`, and knows nothing later. */
  history(startNs: bigint, endNs: bigint): void {
    this.filled(startNs, endNs);
    this.#historyNs = endNs;
    if (this.#isSettled) this.#joinHistory();
  }

  /** Nothing of this connection's history is on its way any more. */
  settle(): void {
    this.#join(null);
  }

  /** Makes one front of all. What is pending between them has come, or is lost when the connection broke meanwhile. */
  #join(lostBy: "reconnect" | null): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.revision++;
    const [first, ...others] = this.#fronts;
    if (first === undefined) return;
    for (const front of others) {
      const cause = first.isBroken ? "bad-frame" : lostBy;
      if (cause !== null && first.endNs < front.startNs) this.#addHole(first.endNs, front.startNs, cause);
      if (front.endNs > first.endNs) first.endNs = front.endNs;
      first.isBroken = front.isBroken;
    }
    this.#fronts = [first];
    if (this.#reachedNs !== null && this.#reachedNs < first.startNs) {
      this.#addHole(this.#reachedNs, first.startNs, "reconnect");
    }
    if (this.#beginNs === null || first.startNs < this.#beginNs) this.#beginNs = first.startNs;
    this.#joinHistory();
  }

  /** Drops holes that end before the time. */
  forget(beforeNs: bigint): void {
    if (this.#holes.some(({ endNs }) => endNs <= beforeNs)) {
      this.#change(this.#holes.filter(({ endNs }) => endNs > beforeNs));
    }
  }

  /** Final holes that have not been returned before. */
  news(): Hole[] {
    if (this.#holes.length === 0 || !this.#isSettled) return [];
    const news = this.#holes.filter((hole) => !this.#reported.has(hole));
    for (const hole of news) this.#reported.add(hole);
    return news;
  }

  /** Without those that are pending. */
  finalHoles(): readonly Hole[] {
    return this.#holes;
  }

  /** In order; those of cause `pending` may yet be filled by what is on its way. */
  holes(): readonly Hole[] {
    if (this.#isSettled || this.#fronts.length === 0) return this.#holes;
    const pending = this.#fronts.flatMap(({ startNs }, index): Hole[] => {
      const beforeNs = this.#fronts[index - 1]?.endNs ?? this.#reachedNs ?? this.#historyNs ?? startNs;
      return beforeNs < startNs
        ? [{ channel: this.#channel, startNs: beforeNs, endNs: startNs, cause: "pending" }]
        : [];
    });
    return pending.length === 0 ? this.#holes : [...this.#holes, ...pending].sort(byStart);
  }

  #follows(front: Front, firstNs: bigint): boolean {
    if (firstNs < front.startNs) return false;
    return this.#isSettled || firstNs <= front.endNs + FRONT_STEP_NS;
  }

  /** The front that a run belongs to: one that it follows, else a new one. */
  #frontFor(firstNs: bigint): Front {
    const known = this.#fronts.findLast((front) => this.#follows(front, firstNs));
    if (known !== undefined) return known;
    const front = { startNs: firstNs, endNs: firstNs, isBroken: false };
    this.#fronts = [...this.#fronts, front].sort(byStart);
    this.revision++;
    return front;
  }

  /** The hole between history and what connections have told, looked for once. */
  #joinHistory(): void {
    const [startNs, endNs] = [this.#historyNs, this.#beginNs];
    if (startNs === null || endNs === null) return;
    this.#historyNs = null;
    if (startNs < endNs) this.#addHole(startNs, endNs, "history");
  }

  #addHole(startNs: bigint, endNs: bigint, cause: HoleCause): void {
    const holes = [...this.#holes, { channel: this.#channel, startNs, endNs, cause }].sort(byStart);
    if (holes.length > MAX_HOLES) {
      const [first, second] = holes as [Hole, Hole];
      holes.splice(0, 2, { ...first, endNs: second.endNs });
    }
    this.#change(holes);
  }

  #change(holes: readonly Hole[]): void {
    this.#holes = holes;
    this.revision++;
  }
}

function byStart(a: { readonly startNs: bigint }, b: { readonly startNs: bigint }): number {
  return a.startNs < b.startNs ? -1 : 1;
}
