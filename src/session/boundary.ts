import type { StreamEntry } from "../redis/reader.ts";
import { compareStreamIds } from "../wire/stream-id.ts";

/** What makes up a boundary; kept through hibernation as it is. */
export interface BoundaryFields {
  /** Without the `stream:` prefix. */
  readonly streamName: string;
  /** Ids that tag the session's entries; the newest last. */
  readonly sessionIds: readonly string[];
  /** Id of the last stream entry that has been dealt with. */
  readonly cursor: string;
  /**
   * Stream session ids whose entries have been dealt with beyond the cursor, and how far: it was set back to bring
   * those of a producer that had begun before it was noticed.
   */
  readonly ahead: Readonly<Record<string, string>>;
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
    const { ahead, cursor } = this.fields;
    return Object.values(ahead).reduce(higher, cursor);
  }

  /** An entry of the session that live delivery has dealt with. */
  covers(entry: StreamEntry): boolean {
    return this.#isSessions(entry) && this.#isBehind(entry);
  }

  /** An entry of the session that live delivery is yet to bring. */
  awaits(entry: StreamEntry): boolean {
    return this.#isSessions(entry) && !this.#isBehind(entry);
  }

  /** An entry that is caught up with of a producer which has been succeeded since: what it says of the session is old. */
  isOutdated({ id, sessionId }: StreamEntry): boolean {
    return compareStreamIds(id, this.end) <= 0 && normalId(sessionId!) !== this.fields.sessionIds.at(-1);
  }

  /** After everything up to `cursor` has been dealt with. */
  advancedTo(cursor: string): Boundary {
    const still = Object.entries(this.fields.ahead).filter(([, id]) => compareStreamIds(id, cursor) > 0);
    return new Boundary({ ...this.fields, cursor, ahead: Object.fromEntries(still) });
  }

  /** Set back to `cursor`, without bringing anything twice. */
  setBackTo(cursor: string): Boundary {
    const ahead = Object.fromEntries(this.fields.sessionIds.map((id) => [id, this.#endOf(id)]));
    return new Boundary({ ...this.fields, cursor, ahead }).advancedTo(cursor);
  }

  /** Without what lies behind `id`: live delivery will bring that anew. */
  clippedTo(id: string): Boundary {
    const { cursor, ahead } = this.fields;
    const clipped = Object.entries(ahead).map(([sessionId, end]) => [sessionId, lower(end, id)]);
    const fields = { ...this.fields, cursor: lower(cursor, id), ahead: Object.fromEntries(clipped) };
    return new Boundary(fields).advancedTo(fields.cursor);
  }

  /** Whether entries of this stream session id are the session's. */
  follows(sessionId: string): boolean {
    return this.fields.sessionIds.includes(normalId(sessionId));
  }

  #isSessions({ sessionId }: StreamEntry): boolean {
    return sessionId !== null && this.follows(sessionId);
  }

  #isBehind({ id, sessionId }: StreamEntry): boolean {
    return compareStreamIds(id, this.#endOf(normalId(sessionId!))) <= 0;
  }

  #endOf(sessionId: string): string {
    const { ahead, cursor } = this.fields;
    return Object.hasOwn(ahead, sessionId) ? ahead[sessionId]! : cursor;
  }
}

function higher(a: string, b: string): string {
  return compareStreamIds(a, b) >= 0 ? a : b;
}

function lower(a: string, b: string): string {
  return compareStreamIds(a, b) <= 0 ? a : b;
}

/** Stream session ids are plain numbers; some writers pad them. */
export function normalId(id: string): string {
  return /^\d{1,20}$/.test(id) ? BigInt(id).toString() : id;
}
