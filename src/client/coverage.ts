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

  of(channel: number): Coverage {
    let coverage = this.#channels.get(channel);
    if (coverage === undefined) {
      coverage = new Coverage(channel);
      this.#channels.set(channel, coverage);
    }
    return coverage;
  }

  /** A new connection begins. */
  reconnect(): void {
    for (const coverage of this.#channels.values()) coverage.reconnect();
  }

  /** A message could not be read; it may have held samples of any channel. */
  broken(): void {
    for (const coverage of this.#channels.values()) coverage.broken();
  }

  /** Nothing of this connection's history is on its way any more. */
  settle(): void {
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
  readonly #channel: number;
  /** Final ones, in order. */
  #holes: Hole[] = [];
  #fronts: Front[] = [];
  #isSettled = false;
  readonly #reported = new WeakSet<Hole>();
  /** How far earlier sources had come, and which. */
  #edge: { readonly atNs: bigint; readonly cause: HoleCause } | null = null;

  constructor(channel: number) {
    this.#channel = channel;
  }

  /** A new connection begins. */
  reconnect(): void {
    this.settle();
    const reachedNs = this.#fronts.at(-1)?.endNs;
    if (reachedNs !== undefined) this.#edge = { atNs: reachedNs, cause: "reconnect" };
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
    }
  }

  /** Part of what another source had to tell from `startNs` to `endNs` could not be read. */
  lost(startNs: bigint, endNs: bigint): void {
    if (startNs < endNs) this.#addHole(this.#hole(startNs, endNs, "bad-frame"));
  }

  /** Everything from `startNs` to `endNs` has been told by another source, such as history. */
  filled(startNs: bigint, endNs: bigint): void {
    if (this.#holes.length === 0) return;
    this.#holes = this.#holes.flatMap((hole) => {
      if (hole.endNs <= startNs || hole.startNs >= endNs) return [hole];
      const rest: Hole[] = [];
      if (hole.startNs < startNs) rest.push({ ...hole, endNs: startNs });
      if (hole.endNs > endNs) rest.push({ ...hole, startNs: endNs });
      return rest;
    });
  }

  /** History has told everything from `startNs` to `endNs`, and knows nothing later. */
  history(startNs: bigint, endNs: bigint): void {
    this.filled(startNs, endNs);
    if (this.#edge === null || endNs > this.#edge.atNs) this.#edge = { atNs: endNs, cause: "history" };
    if (this.#isSettled) this.#closeToEdge();
  }

  /** Nothing of this connection's history is on its way any more. */
  settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const [first, ...others] = this.#fronts;
    if (first === undefined) return;
    for (const front of others) {
      if (first.isBroken && first.endNs < front.startNs) this.lost(first.endNs, front.startNs);
      if (front.endNs > first.endNs) first.endNs = front.endNs;
      first.isBroken = front.isBroken;
    }
    this.#fronts = [first];
    this.#closeToEdge();
  }

  /** Drops holes that end before the time. */
  forget(beforeNs: bigint): void {
    if (this.#holes.length > 0) this.#holes = this.#holes.filter(({ endNs }) => endNs > beforeNs);
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
    const pending = this.#fronts.flatMap(({ startNs }, index) => {
      const beforeNs = this.#fronts[index - 1]?.endNs ?? this.#edge?.atNs ?? startNs;
      return beforeNs < startNs ? [this.#hole(beforeNs, startNs, "pending")] : [];
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
    return front;
  }

  /** The hole between what earlier sources had told and this connection. */
  #closeToEdge(): void {
    const edge = this.#edge;
    const startNs = this.#fronts[0]?.startNs;
    if (edge === null || startNs === undefined) return;
    this.#edge = null;
    if (edge.atNs >= startNs || this.#holes.some(({ endNs }) => endNs === startNs)) return;
    this.#addHole(this.#hole(edge.atNs, startNs, edge.cause));
  }

  #hole(startNs: bigint, endNs: bigint, cause: HoleCause): Hole {
    return { channel: this.#channel, startNs, endNs, cause };
  }

  #addHole(hole: Hole): void {
    this.#holes = [...this.#holes, hole].sort(byStart);
    if (this.#holes.length <= MAX_HOLES) return;
    const [first, second, ...others] = this.#holes as [Hole, Hole, ...Hole[]];
    this.#holes = [{ ...first, endNs: second.endNs }, ...others];
  }
}

function byStart(a: { readonly startNs: bigint }, b: { readonly startNs: bigint }): number {
  return a.startNs < b.startNs ? -1 : 1;
}
