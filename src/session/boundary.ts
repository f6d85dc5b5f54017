import type { StreamEntry } from "../redis/reader.ts";
import { compareStreamIds } from "../wire/stream-id.ts";

/** Up to `until`, only entries of `sessionId` are new: the others have been delivered. */
export interface Replay {
  readonly sessionId: string;
  readonly until: string;
}

/** What makes up a boundary; kept through hibernation as it is. */
export interface BoundaryFields {
  /** Without the `stream:` prefix. */
  readonly streamName: string;
  /** Ids that tag the session's entries; the newest last. */
  readonly sessionIds: readonly string[];
  /** Id of the last stream entry that has been dealt with. */
  readonly cursor: string;
  readonly replay: Replay | null;
}

/**
 * The line between what live delivery has dealt with and what it is yet to bring. Each entry of the session is
 * on one side of it, so a history that ends here and live delivery that begins here leave no hole and no overlap.
 */
export class Boundary {
  readonly fields: BoundaryFields;

  constructor(fields: BoundaryFields) {
    this.fields = fields;
  }

  /** No covered entry has a higher id. */
  get end(): string {
    const { cursor, replay } = this.fields;
    return replay?.until ?? cursor;
  }

  /** An entry of the session that live delivery has dealt with. */
  covers(entry: StreamEntry): boolean {
    return this.#isSessions(entry) && this.#isBehind(entry);
  }

  /** An entry of the session that live delivery is yet to bring. */
  awaits(entry: StreamEntry): boolean {
    return this.#isSessions(entry) && !this.#isBehind(entry);
  }

  /** After everything up to `cursor` has been dealt with. */
  advancedTo(cursor: string): Boundary {
    const { replay } = this.fields;
    const over = replay === null || compareStreamIds(cursor, replay.until) >= 0;
    return new Boundary({ ...this.fields, cursor, replay: over ? null : replay });
  }

  /** Without what lies behind `cursor`: live delivery will bring that anew. */
  clippedTo(cursor: string): Boundary {
    return new Boundary({ ...this.fields, cursor: lower(this.fields.cursor, cursor), replay: null });
  }

  #isSessions({ sessionId }: StreamEntry): boolean {
    return sessionId !== null && this.fields.sessionIds.includes(normalId(sessionId));
  }

  #isBehind({ id, sessionId }: StreamEntry): boolean {
    const { cursor, replay } = this.fields;
    const end = replay && normalId(sessionId!) !== replay.sessionId ? replay.until : cursor;
    return compareStreamIds(id, end) <= 0;
  }
}

function lower(a: string, b: string): string {
  return compareStreamIds(a, b) < 0 ? a : b;
}

/** Stream session ids are plain numbers; some writers pad them. */
export function normalId(id: string): string {
  return /^\d{1,20}$/.test(id) ? BigInt(id).toString() : id;
}
