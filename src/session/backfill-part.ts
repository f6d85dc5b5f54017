import type { StreamEntry } from "../redis/reader.ts";
import type { BackfillJob } from "./backfill-job.ts";
import type { Audience, History } from "./fanout.ts";
import type { Subscription } from "./subscription.ts";

/** What jobs that are owed the same get of it at a time: oldest first, until it is as much as they may be sent. */
export class BackfillPart implements Audience, History {
  readonly jobs: readonly BackfillJob[];
  readonly subscription: Subscription;
  readonly had: Subscription;
  readonly #job: BackfillJob;
  #left: number;
  #through: string;

  /** Of entries up to `through`, about `bytes` for each of the jobs: with the last of them it may be more. */
  constructor(jobs: readonly [BackfillJob, ...BackfillJob[]], through: string, bytes: number) {
    this.jobs = jobs;
    this.#job = jobs[0];
    this.subscription = this.#job.wants.subscription;
    this.had = this.#job.had.subscription;
    this.#through = through;
    this.#left = bytes;
  }

  get history(): History {
    return this;
  }

  /** Everything up to here is in it. */
  get through(): string {
    return this.#through;
  }

  covers(entry: StreamEntry): boolean {
    return this.#left > 0 && this.#job.covers(entry);
  }

  took({ id }: StreamEntry, bytes: number): void {
    this.#left -= bytes;
    if (this.#left <= 0) this.#through = id;
  }
}
