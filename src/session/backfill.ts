import { GatewayError } from "../redis/gateway.ts";
import { compareStreamIds, previousStreamId, streamIdMs } from "../wire/stream-id.ts";
import { BackfillJob, type JobProgress, jobKey, type KeptJob } from "./backfill-job.ts";
import { BackfillPart } from "./backfill-part.ts";
import type { Boundary } from "./boundary.ts";
import { TARGET_BURST_BYTES } from "./burst-builder.ts";
import { Fanout } from "./fanout.ts";
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
/** The same for all who are owed some together. Half of what is left of it goes out in one go, in some 10 ms. */
const YIELD_TOTAL_BYTES = 8 * 1024 * 1024;
/** After that, for each viewer that was sent some, nearly what it took: what is live has its turn. */
const PAUSE_MS = 0.15;
/** One page of so many goes to whoever was served longest ago. */
const TURNS = 4;
/** Until a queue is looked at again. */
const QUEUE_CHECK_MS = 25;

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
  readonly #fanout: Fanout<BackfillPart>;
  /** The one that was served longest ago first. */
  readonly #jobs = new Set<BackfillJob>();
  #turn = 0;
  /** When one was served for the first time. */
  #beganAtMs = 0;
  /** When there may be something to send. */
  #dueMs = 0;

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
    this.#dueMs = Math.min(this.#dueMs, job.notBeforeMs);
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
    const { tidyMs } = this.#pages;
    if (this.#jobs.size > 0) return { kind: "poll", atMs: Math.max(this.#dueMs, this.#outage.retryMs ?? 0) };
    return tidyMs === null ? { kind: "never" } : { kind: "poll", atMs: tidyMs };
  }

  /** Reads one page, unless it is at hand, and sends part of it. Never throws. */
  async step(): Promise<void> {
    this.#prune();
    this.#pages.tidy();
    const { now } = this.#deps;
    this.#dueMs = now() + QUEUE_CHECK_MS;
    const job = this.#next();
    if (!job) {
      // Nothing is asked any more: what fails next is another outage.
      this.#outage.ended(now());
      return;
    }
    if (!job.begun) this.#beganAtMs = now();
    const { streamName, after } = job;
    try {
      const ends = [...this.#jobs].filter((each) => each.streamName === streamName).map(({ end }) => end);
      const page = await this.#pages.read(streamName, after, ends.reduce(higher));
      this.#outage.ended(now());
      if (page) this.#send(page, after);
      else this.isInDoubt = true;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Most pages are for whoever is furthest back, so that all come together and share; the rest go by turns. */
  #next(): BackfillJob | undefined {
    const { ready } = this.#readiness();
    const furthestBack = (a: BackfillJob, b: BackfillJob): BackfillJob =>
      compareStreamIds(b.after, a.after) < 0 ? b : a;
    return this.#turn++ % TURNS !== 0 && ready.length > 0 ? ready.reduce(furthestBack) : ready[0];
  }

  /**
   * To those who have come to `first`, then to those who have come further. To as many as get a message of full size,
   * which costs little more to send than a small one; the others have their turn next.
   */
  #send(page: Page, first: string): void {
    const { ready, room } = this.#readiness();
    const takers = ready
      .filter(
        ({ streamName, after }) => streamName === page.streamName && compareStreamIds(first, after) <= 0,
      )
      .filter(({ after }) => holds(page, after))
      .sort((a, b) => compareStreamIds(a.after, b.after))
      .slice(0, Math.max(1, room / TARGET_BURST_BYTES));
    if (takers.length === 0) return;
    const bytes = Math.min(YIELD_BYTES, room / takers.length);
    const parts = [...Map.groupBy(takers, (job) => job.keyWithin(page.through)).values()].map(
      (same) => new BackfillPart(same as [BackfillJob], page.through, bytes),
    );
    const owed = page.entries.filter((entry) => parts.some((part) => part.covers(entry)));
    this.#fanout.deliver(owed, parts);
    for (const { jobs, through } of parts) for (const job of jobs) this.#progress(job, through);
    this.#dueMs = this.#deps.now() + PAUSE_MS * takers.length;
  }

  #progress(job: BackfillJob, through: string): void {
    job.begun = true;
    job.advance(through);
    this.#jobs.delete(job);
    if (job.done) this.#forget(job);
    else this.#jobs.add(job);
    if (this.#roster.has(job.viewer)) this.#roster.keep(job.viewer);
  }

  #forget(job: BackfillJob): void {
    this.#deps.store.delete(jobKey(job.id));
    job.viewer.jobs.delete(job);
    job.viewer.backfilledAtMs = this.#deps.now();
  }

  /** Who could be sent something, the one that was served longest ago first, and how much of it may go out in one go. */
  #readiness(): { readonly ready: readonly BackfillJob[]; readonly room: number } {
    const nowMs = this.#deps.now();
    const jobs = [...this.#jobs].filter(({ viewer }) => this.#roster.has(viewer));
    const unsent = new Map(jobs.map(({ viewer }) => [viewer, this.#roster.unsentBytes(viewer)]));
    const total = [...unsent.values()].reduce((sum, bytes) => sum + bytes, 0);
    const most = Math.min(YIELD_BYTES, YIELD_TOTAL_BYTES / jobs.length);
    const ready = jobs.filter(
      ({ viewer, notBeforeMs }) => nowMs >= notBeforeMs && unsent.get(viewer)! <= most,
    );
    return { ready, room: Math.max(1, (YIELD_TOTAL_BYTES - total) / 2) };
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

function higher(a: string, b: string): string {
  return compareStreamIds(a, b) >= 0 ? a : b;
}
