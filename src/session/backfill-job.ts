import type { StreamEntry } from "../redis/reader.ts";
import { compareStreamIds } from "../wire/stream-id.ts";
import { Boundary, type BoundaryFields } from "./boundary.ts";
import { NOTHING_WANTED, type Wanted, wanted } from "./group.ts";
import type { Viewer } from "./viewer.ts";

/** Where storage keeps a job. */
export const jobKey = (id: string): string => `job:${id}`;

/** What storage keeps of a job; how far it has come is kept with the viewer's socket. */
export interface KeptJob {
  /** Encoded subscriptions. */
  readonly wants: Uint8Array;
  readonly had: Uint8Array;
  readonly boundary: BoundaryFields;
}

/** How far a job has come. */
export interface JobProgress {
  readonly id: string;
  readonly after: string;
}

/** The history that one viewer is owed for one subscription. */
export class BackfillJob {
  readonly id: string;
  readonly viewer: Viewer;
  /** Since the subscription; what of this was wanted before is not owed again. */
  readonly wants: Wanted;
  readonly had: Wanted;
  /** Our clock; until then others may join in. */
  notBeforeMs = 0;
  begun = false;
  #boundary: Boundary;
  #after: string;

  constructor(fields: {
    id: string;
    viewer: Viewer;
    wants: Wanted;
    had: Wanted;
    boundary: Boundary;
    after: string;
  }) {
    this.id = fields.id;
    this.viewer = fields.viewer;
    this.wants = fields.wants;
    this.had = fields.had;
    this.#boundary = fields.boundary;
    this.#after = fields.after;
  }

  static restore({ id, after }: JobProgress, viewer: Viewer, kept: KeptJob): BackfillJob {
    const had = kept.had.length === 1 && kept.had[0] === 0 ? NOTHING_WANTED : wanted(kept.had);
    const boundary = new Boundary(kept.boundary);
    return new BackfillJob({ id, viewer, wants: wanted(kept.wants), had, boundary, after });
  }

  keep(): KeptJob {
    return { wants: this.wants.encoded, had: this.had.encoded, boundary: this.#boundary.fields };
  }

  get progress(): JobProgress {
    return { id: this.id, after: this.#after };
  }

  get streamName(): string {
    return this.#boundary.fields.streamName;
  }

  /** Everything up to here has been sent. */
  get after(): string {
    return this.#after;
  }

  get end(): string {
    return this.#boundary.end;
  }

  get done(): boolean {
    return compareStreamIds(this.#after, this.end) >= 0;
  }

  /** Jobs with equal keys are owed the same entries and items, as far as `through`. */
  keyWithin(through: string): string {
    const { ahead, cursor, sessionIds } = this.#boundary.fields;
    const ends = compareStreamIds(through, cursor) <= 0 ? [] : [cursor, ...Object.entries(ahead).flat()];
    return [this.#after, ...ends, ...sessionIds, this.had.key, this.wants.key].join();
  }

  covers(entry: StreamEntry): boolean {
    return compareStreamIds(entry.id, this.#after) > 0 && this.#boundary.covers(entry);
  }

  advance(to: string): void {
    if (compareStreamIds(to, this.#after) > 0) this.#after = to;
  }

  /** Live delivery will bring what lies behind `cursor` anew. */
  clip(cursor: string): void {
    this.#boundary = this.#boundary.clippedTo(cursor);
  }
}
