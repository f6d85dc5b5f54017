import type { Redis } from "@upstash/redis/cloudflare";
import { GatewayError } from "../redis/gateway.ts";
import { ReadSize } from "../redis/read-size.ts";
import { readRange } from "../redis/reader.ts";
import { compareStreamIds, previousStreamId, streamIdMs } from "../wire/stream-id.ts";
import { BackfillJob, type JobProgress, jobKey, type KeptJob } from "./backfill-job.ts";
import type { Boundary } from "./boundary.ts";
import { type Audience, Fanout } from "./fanout.ts";
import type { Wanted } from "./group.ts";
import { OUTAGE_GRACE_MS, Outage } from "./outage.ts";
import type { SessionDeps, Wake } from "./ports.ts";
import type { Roster } from "./roster.ts";
import type { Viewer } from "./viewer.ts";

/** A page of this size is dealt with in a few ms, so that live entries never wait for long. */
const PAGE_BYTES = 256 * 1024;
/** Jobs that come soon after a pass began gather for one of their own; so many scans at most, however many join. */
const MAX_PASSES = 3;
const GATHER_MS = 250;
/** History waits while more than this is on its way to a viewer: what is live then never waits for long. */
const YIELD_BYTES = 256 * 1024;
/** The same for all who take it together. */
const YIELD_TOTAL_BYTES = 8 * 1024 * 1024;
/** Until a queue is looked at again. */
const QUEUE_CHECK_MS = 25;

/** One scan of a stream for all jobs that take part in it. */
interface Pass {
  readonly streamName: string;
  readonly jobs: Set<BackfillJob>;
  after: string;
}

interface HistoryAudience extends Audience {
  readonly jobs: readonly BackfillJob[];
}

/**
 * Sends viewers the history that their subscriptions add: oldest first, page by page, behind live data. Jobs
 * that begin together share one scan of the stream.
 */
export class Backfill {
  readonly #deps: SessionDeps;
  readonly #redis: Redis;
  readonly #roster: Roster;
  readonly #outage: Outage;
  readonly #pageSize = new ReadSize(PAGE_BYTES);
  readonly #fanout: Fanout<HistoryAudience>;
  #waiting: BackfillJob[] = [];
  #passes: Pass[] = [];
  #startedAtMs = 0;

  constructor(deps: SessionDeps, roster: Roster) {
    this.#deps = deps;
    this.#redis = deps.redis;
    this.#roster = roster;
    this.#outage = new Outage(deps.random);
    this.#fanout = new Fanout({
      sessionJson: () => {},
      timeRange: () => {},
      // Counted by whoever met it live.
      rejected: () => {},
      message: ({ jobs }, message) => {
        for (const { viewer } of jobs) if (roster.has(viewer)) roster.send(viewer, message);
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
    job.notBeforeMs = this.#startedAtMs + GATHER_MS;
    job.viewer.jobs.add(job);
    this.#waiting.push(job);
  }

  /** The stream went back: what lies behind `cursor` will come live. */
  clip(cursor: string): void {
    for (const viewer of this.#roster.viewers) {
      for (const job of viewer.jobs) {
        job.clip(cursor);
        this.#deps.store.put(jobKey(job.id), job.keep());
      }
    }
  }

  nextWake(): Wake {
    this.#prune();
    if (this.#waiting.length === 0 && this.#passes.length === 0) return { kind: "never" };
    const ready = this.#passes.length > 0 || this.#waiting.some((job) => this.#isReady(job));
    const atMs = ready && !this.#isCrowded() ? 0 : this.#deps.now() + QUEUE_CHECK_MS;
    return { kind: "poll", atMs: Math.max(atMs, this.#outage.retryMs ?? 0) };
  }

  /** Reads one page and sends it. Never throws. */
  async step(): Promise<void> {
    this.#prune();
    this.#start();
    const pass = this.#passes.shift();
    if (!pass) return;
    try {
      if (await this.#advance(pass)) this.#passes.push(pass);
      this.#outage.ended(this.#deps.now());
    } catch (error) {
      this.#passes.push(pass);
      this.#fail(error, pass);
    }
  }

  /** Lets waiting jobs begin a scan together. */
  #start(): void {
    const nowMs = this.#deps.now();
    const gathering = this.#passes.length > 0 && nowMs - this.#startedAtMs < GATHER_MS;
    if (gathering || this.#passes.length >= MAX_PASSES) return;
    const first = this.#waiting.find((job) => this.#isReady(job));
    if (!first) return;
    const { streamName } = first;
    const jobs = this.#waiting.filter((job) => job.streamName === streamName && this.#isReady(job));
    this.#waiting = this.#waiting.filter((job) => !jobs.includes(job));
    this.#passes.push({ streamName, jobs: new Set(jobs), after: lowest(jobs.map(({ after }) => after)) });
    this.#startedAtMs = nowMs;
  }

  /** False when nobody is left in the pass. */
  async #advance(pass: Pass): Promise<boolean> {
    for (const job of pass.jobs) if (!this.#isReady(job)) this.#yield(pass, job);
    if (pass.jobs.size === 0) return false;
    const to = highest([...pass.jobs].map(({ end }) => end));
    // A page is copied for each job: all copies together are to stay small too.
    const count = this.#pageSize.countWithin(YIELD_TOTAL_BYTES / pass.jobs.size);
    const range = { from: pass.after, inclusive: false, to, count };
    const { entries, full } = await readRange(this.#redis, pass.streamName, range);
    this.#pageSize.observe(entries.map(({ encodedBytes }) => encodedBytes));
    const audiences = audiencesOf([...pass.jobs].filter(({ viewer }) => this.#roster.has(viewer)));
    const owed = entries.filter((entry) => audiences.some(({ history }) => history!.covers(entry)));
    this.#fanout.deliver(owed, audiences);
    pass.after = full ? entries.at(-1)!.id : to;
    for (const job of pass.jobs) this.#progress(pass, job);
    return pass.jobs.size > 0;
  }

  #progress(pass: Pass, job: BackfillJob): void {
    job.advance(pass.after);
    if (job.done) {
      pass.jobs.delete(job);
      this.#forget(job);
    }
    if (this.#roster.has(job.viewer)) this.#roster.keep(job.viewer);
  }

  #forget(job: BackfillJob): void {
    this.#deps.store.delete(jobKey(job.id));
    job.viewer.jobs.delete(job);
    job.viewer.backfilledAtMs = this.#deps.now();
  }

  /** A viewer that cannot take more now leaves the pass, and comes back with a later one. */
  #yield(pass: Pass, job: BackfillJob): void {
    pass.jobs.delete(job);
    this.#waiting.push(job);
  }

  #isReady({ viewer, notBeforeMs }: BackfillJob): boolean {
    return this.#deps.now() >= notBeforeMs && this.#roster.unsentBytes(viewer) <= YIELD_BYTES;
  }

  /** Only those who take history count: what waits for others, who may have stopped reading, holds nobody back. */
  #isCrowded(): boolean {
    const takers = new Set(this.#passes.flatMap(({ jobs }) => [...jobs].map(({ viewer }) => viewer)));
    const unsent = [...takers].map((viewer) => this.#roster.unsentBytes(viewer));
    const total = unsent.filter((bytes) => bytes <= YIELD_BYTES).reduce((sum, bytes) => sum + bytes, 0);
    return total > YIELD_TOTAL_BYTES;
  }

  /** Drops what is owed to viewers that have gone, and what is done. */
  #prune(): void {
    const gone = (job: BackfillJob): boolean => job.done || !this.#roster.has(job.viewer);
    for (const job of this.#waiting.filter(gone)) this.#forget(job);
    this.#waiting = this.#waiting.filter((job) => !gone(job));
    for (const { jobs } of this.#passes) {
      for (const job of [...jobs].filter(gone)) {
        jobs.delete(job);
        this.#forget(job);
      }
    }
    this.#passes = this.#passes.filter(({ jobs }) => jobs.size > 0);
    // Nothing is asked any more: what fails next is another outage.
    if (this.#passes.length === 0) this.#outage.ended(this.#deps.now());
  }

  #fail(error: unknown, pass: Pass): void {
    const { log, metrics, now } = this.#deps;
    const code = error instanceof GatewayError ? error.code : "internal";
    metrics.add("redis_errors_total");
    if (code === "too-large" && this.#pageSize.shrink()) return;
    if (this.#outage.failed(now())) log("backfill-failed", { code });
    if (this.#outage.lastsMs(now()) < OUTAGE_GRACE_MS) return;
    for (const { viewer } of pass.jobs) this.#roster.close(viewer, "redisUnreachable");
  }
}

function audiencesOf(jobs: readonly BackfillJob[]): HistoryAudience[] {
  return [...Map.groupBy(jobs, (job) => job.key).values()].map((same) => {
    const [job] = same as [BackfillJob];
    const history = { had: job.had.subscription, covers: job.covers.bind(job) };
    return { subscription: job.wants.subscription, history, jobs: same };
  });
}

function lowest(ids: readonly string[]): string {
  return ids.reduce((a, b) => (compareStreamIds(a, b) <= 0 ? a : b));
}

function highest(ids: readonly string[]): string {
  return ids.reduce((a, b) => (compareStreamIds(a, b) >= 0 ? a : b));
}
