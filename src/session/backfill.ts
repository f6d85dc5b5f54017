import { GatewayError } from "../redis/gateway.ts";
import type { StreamEntry } from "../redis/reader.ts";
import { compareStreamIds, previousStreamId, streamIdMs } from "../wire/stream-id.ts";
import { BackfillJob, type JobProgress, jobKey, type KeptJob } from "./backfill-job.ts";
import type { Boundary } from "./boundary.ts";
import { type Audience, Fanout } from "./fanout.ts";
import type { Wanted } from "./group.ts";
import { HistoryPages, holds, type Page, type PagesDeps } from "./history-pages.ts";
import { OUTAGE_GRACE_MS, Outage } from "./outage.ts";
import type { SessionDeps, Wake } from "./ports.ts";
import type { Roster } from "./roster.ts";
import type { Viewer } from "./viewer.ts";

/** Jobs that come soon after another begin together, so that they share their messages as well. */
const GATHER_MS = 250;
/** History waits while more than this is on its way to a viewer: what is live then never waits for long. */
const YIELD_BYTES = 256 * 1024;
/** The same for all who are owed some together; as much goes out at a time. */
const YIELD_TOTAL_BYTES = 8 * 1024 * 1024;
/** One page of so many goes to whoever was served longest ago. */
const TURNS = 4;
/** Until a queue is looked at again. */
const QUEUE_CHECK_MS = 25;

interface HistoryAudience extends Audience {
  readonly jobs: readonly BackfillJob[];
}

export interface BackfillDeps extends SessionDeps, Pick<PagesDeps, "proofOf"> {}

/**
 * Sends viewers the history that their subscriptions add: oldest first, page by page, behind live data. Jobs
 * that want the same part of a stream get it together.
 */
export class Backfill {
  /** The stream that is followed may have gone back: a read is wanted at once. */
  isInDoubt = false;
  readonly #deps: BackfillDeps;
  readonly #roster: Roster;
  readonly #outage: Outage;
  readonly #pages: HistoryPages;
  readonly #fanout: Fanout<HistoryAudience>;
  /** The one that was served longest ago first. */
  readonly #jobs = new Set<BackfillJob>();
  #turn = 0;
  /** When one was served for the first time. */
  #beganAtMs = 0;
  #notBeforeMs = 0;

  constructor(deps: BackfillDeps, roster: Roster) {
    this.#deps = deps;
    this.#roster = roster;
    this.#outage = new Outage(deps.random);
    this.#pages = new HistoryPages(deps);
    this.#fanout = new Fanout({
      sessionJson: () => {},
      timeRange: () => {},
      // Counted by whoever met it live.
      rejected: () => {},
      message: ({ jobs }, message) => {
        for (const { viewer } of jobs) if (roster.has(viewer)) roster.send(viewer, message, "bulk");
      },
    });
  }

  /** Owes a viewer what lies before `boundary` of all that it wants now and did not want before. */
  add(viewer: Viewer, had: Wanted, boundary: Boundary, begin: string): void {
    const { backScanMs } = this.#deps.settings;
    const oldestMs = backScanMs === 0 ? 0 : Math.max(0, streamIdMs(boundary.end) - backScanMs);
    const start = compareStreamIds(begin, `${oldestMs}-0`) > 0 ? begin : `${oldestMs}-0`;
    const id = this.#deps.newId();
    const job = new BackfillJob({
      ...{ id, viewer, wants: viewer.group, had },
      ...{ boundary, after: previousStreamId(start) },
    });
    if (job.done) return;
    this.#deps.store.put(jobKey(id), job.keep());
    this.#enlist(job);
    this.#roster.keep(viewer);
  }

  /** Goes on after hibernation. */
  restore(viewer: Viewer, kept: readonly JobProgress[]): void {
    for (const progress of kept) {
      const stored = this.#deps.store.get(jobKey(progress.id)) as KeptJob | undefined;
      if (stored) this.#enlist(BackfillJob.restore(progress, viewer, stored));
    }
  }

  #enlist(job: BackfillJob): void {
    job.notBeforeMs = this.#beganAtMs + GATHER_MS;
    job.viewer.jobs.add(job);
    this.#jobs.add(job);
  }

  /** The stream went back: what lies behind `cursor` will come live. */
  clip(streamName: string, cursor: string): void {
    this.#pages.clear();
    for (const job of this.#jobs) {
      if (job.streamName !== streamName) continue;
      job.clip(cursor);
      this.#deps.store.put(jobKey(job.id), job.keep());
    }
  }

  nextWake(): Wake {
    this.#prune();
    const nowMs = this.#deps.now();
    const isAsked = [...this.#jobs].some((job) => this.#isReady(job));
    // Nothing is asked any more: what fails next is another outage.
    if (!isAsked) this.#outage.ended(nowMs);
    const { tidyMs } = this.#pages;
    if (this.#jobs.size === 0) return tidyMs === null ? { kind: "never" } : { kind: "poll", atMs: tidyMs };
    const atMs = isAsked ? this.#notBeforeMs : nowMs + QUEUE_CHECK_MS;
    return { kind: "poll", atMs: Math.max(atMs, this.#outage.retryMs ?? 0) };
  }

  /** Reads one page, unless it is at hand, and sends it. Never throws. */
  async step(): Promise<void> {
    this.#prune();
    this.#pages.tidy();
    const job = this.#next();
    if (!job) return;
    if (!job.begun) this.#beganAtMs = this.#deps.now();
    const { streamName, after } = job;
    try {
      const ends = [...this.#jobs].filter((each) => each.streamName === streamName).map(({ end }) => end);
      const page = await this.#pages.read(streamName, after, ends.reduce(higher));
      this.#outage.ended(this.#deps.now());
      if (page) this.#send(page);
      else this.#doubt();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Most pages are for whoever is furthest back, so that all come together and share; the rest go by turns. */
  #next(): BackfillJob | undefined {
    const ready = [...this.#jobs].filter((job) => this.#isReady(job));
    const furthestBack = (a: BackfillJob, b: BackfillJob): BackfillJob =>
      compareStreamIds(b.after, a.after) < 0 ? b : a;
    return this.#turn++ % TURNS !== 0 && ready.length > 0 ? ready.reduce(furthestBack) : ready[0];
  }

  #send(page: Page): void {
    const { streamName } = page;
    const ready = [...this.#jobs].filter(
      (job) => job.streamName === streamName && this.#isReady(job) && holds(page, job.after),
    );
    if (ready.length === 0) return;
    const first = ready.map(({ after }) => after).reduce(lower);
    const { entries, through } = firstPart(page, first, this.#shareBytes);
    const takers = ready.filter(({ after }) => compareStreamIds(after, through) < 0);
    const audiences = audiencesOf(takers);
    const owed = entries.filter((entry) => audiences.some(({ history }) => history!.covers(entry)));
    this.#fanout.deliver(owed, audiences);
    for (const job of takers) this.#progress(job, through);
  }

  #progress(job: BackfillJob, through: string): void {
    job.begun = true;
    job.advance(through);
    this.#jobs.delete(job);
    if (job.done) this.#forget(job);
    else this.#jobs.add(job);
    if (this.#roster.has(job.viewer)) this.#roster.keep(job.viewer);
  }

  #doubt(): void {
    this.#notBeforeMs = this.#deps.now() + QUEUE_CHECK_MS;
    this.isInDoubt = true;
  }

  #forget(job: BackfillJob): void {
    this.#deps.store.delete(jobKey(job.id));
    job.viewer.jobs.delete(job);
    job.viewer.backfilledAtMs = this.#deps.now();
  }

  #isReady({ viewer, notBeforeMs }: BackfillJob): boolean {
    const isHere = this.#roster.has(viewer);
    return isHere && this.#deps.now() >= notBeforeMs && this.#roster.unsentBytes(viewer) <= this.#shareBytes;
  }

  /** What each may have on its way, and be sent at a time. */
  get #shareBytes(): number {
    return Math.min(YIELD_BYTES, YIELD_TOTAL_BYTES / this.#jobs.size);
  }

  /** Drops what is owed to viewers that have gone, and what is done. */
  #prune(): void {
    for (const job of this.#jobs) {
      if (!job.done && this.#roster.has(job.viewer)) continue;
      this.#jobs.delete(job);
      this.#forget(job);
    }
    if (this.#roster.size === 0) this.#pages.clear();
  }

  #fail(error: unknown): void {
    const { log, metrics, now } = this.#deps;
    const code = error instanceof GatewayError ? error.code : "internal";
    metrics.add("redis_errors_total");
    if (this.#outage.failed(now())) log("backfill-failed", { code });
    if (this.#outage.lastsMs(now()) < OUTAGE_GRACE_MS) return;
    for (const { viewer } of this.#jobs) this.#roster.close(viewer, "redisUnreachable");
  }
}

/** The entries of a page after `after`, as many as keep within `bytes` but one at least; up to where they reach. */
function firstPart(page: Page, after: string, bytes: number): Pick<Page, "through" | "entries"> {
  const entries: StreamEntry[] = [];
  let left = bytes;
  for (const entry of page.entries) {
    if (compareStreamIds(entry.id, after) <= 0) continue;
    if (entries.length > 0 && entry.encodedBytes > left) return { entries, through: entries.at(-1)!.id };
    left -= entry.encodedBytes;
    entries.push(entry);
  }
  return { entries, through: page.through };
}

function audiencesOf(jobs: readonly BackfillJob[]): HistoryAudience[] {
  return [...Map.groupBy(jobs, (job) => job.key).values()].map((same) => {
    const [job] = same as [BackfillJob];
    const history = { had: job.had.subscription, covers: job.covers.bind(job) };
    return { subscription: job.wants.subscription, history, jobs: same };
  });
}

function lower(a: string, b: string): string {
  return compareStreamIds(a, b) <= 0 ? a : b;
}

function higher(a: string, b: string): string {
  return compareStreamIds(a, b) >= 0 ? a : b;
}
