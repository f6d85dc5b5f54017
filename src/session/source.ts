import type { EntryPlace } from "../redis/directory.ts";
import type { SessionEntry } from "../redis/session-entry.ts";
import { compareStreamIds, FIRST_STREAM_ID, previousStreamId } from "../wire/stream-id.ts";
import { Boundary, type BoundaryFields, normalId } from "./boundary.ts";

/** Stream session ids of one identity that are followed together: a producer may restart more than once. */
const MAX_SESSION_IDS = 8;

interface SourceFields {
  /** Counts the sources of a session: cursors of different ones do not compare. */
  readonly number: number;
  readonly place: EntryPlace;
  /** Nothing of the session lies before this id. */
  readonly begin: string;
}

/** A stream id, and the source that it belongs to: ids of different sources do not compare. */
export interface SourcePosition {
  readonly sourceNumber: number;
  readonly cursor: string;
}

/** What survives of a source through hibernation. */
export interface KeptSource extends SourceFields {
  readonly boundary: BoundaryFields;
}

/** Where a session is read from, and how far it has been read. */
export class Source {
  readonly #fields: SourceFields;
  #boundary: Boundary;

  private constructor(fields: SourceFields, boundary: Boundary) {
    this.#fields = fields;
    this.#boundary = boundary;
  }

  /** Follows the session of `entry` from `cursor` on. */
  static at(place: EntryPlace, entry: SessionEntry, cursor: string): Source {
    const { streamName, streamSessionId, streamPosition } = entry;
    const sessionIds = [normalId(streamSessionId)];
    const fields = { number: 1, place, begin: streamPosition };
    return new Source(fields, new Boundary({ streamName, sessionIds, cursor, ahead: {} }));
  }

  static restore({ boundary, ...fields }: KeptSource): Source {
    return new Source(fields, new Boundary(boundary));
  }

  keep(): KeptSource {
    return { ...this.#fields, boundary: this.#boundary.fields };
  }

  get place(): EntryPlace {
    return this.#fields.place;
  }

  get begin(): string {
    return this.#fields.begin;
  }

  get boundary(): Boundary {
    return this.#boundary;
  }

  get position(): SourcePosition {
    return { sourceNumber: this.#fields.number, cursor: this.#boundary.fields.cursor };
  }

  advance(cursor: string): void {
    this.#boundary = this.#boundary.advancedTo(cursor);
  }

  /** Takes up a position that was not kept earlier than the source itself; false for one that was. */
  recall({ sourceNumber, cursor }: SourcePosition): boolean {
    const { number } = this.#fields;
    const isEarlier = compareStreamIds(cursor, this.#boundary.fields.cursor) < 0;
    if (sourceNumber !== number || isEarlier) return false;
    this.advance(cursor);
    return true;
  }

  /** Whether the producer has gone on under another stream session id or in another stream. */
  differs({ streamName, streamSessionId }: SessionEntry): boolean {
    const { fields } = this.#boundary;
    return streamName !== fields.streamName || normalId(streamSessionId) !== fields.sessionIds.at(-1);
  }

  /**
   * The source after a restart of the producer: from where it said that it began, which may lie behind the
   * cursor. In the same stream the former ids stay followed; before another one, read the old one to its end.
   */
  succeededBy({ streamName, streamSessionId, streamPosition }: SessionEntry): Source {
    const sessionId = normalId(streamSessionId);
    const begin = previousStreamId(streamPosition);
    const { fields } = this.#boundary;
    if (streamName !== fields.streamName) {
      const boundary = new Boundary({ streamName, sessionIds: [sessionId], cursor: begin, ahead: {} });
      return new Source({ ...this.#next(), begin: streamPosition }, boundary);
    }
    const others = fields.sessionIds.filter((id) => id !== sessionId);
    return this.#following([...others, sessionId], begin);
  }

  /** The source with another stream session id of the session's, from its first entry on, which has been passed. */
  joinedBy(streamSessionId: string, first: string): Source {
    const { sessionIds } = this.#boundary.fields;
    const ids = [...sessionIds.slice(0, -1), normalId(streamSessionId), ...sessionIds.slice(-1)];
    return this.#following(ids, previousStreamId(first));
  }

  #following(sessionIds: readonly string[], begin: string): Source {
    const behind = compareStreamIds(begin, this.#boundary.fields.cursor) < 0;
    const { fields } = behind ? this.#boundary.setBackTo(begin) : this.#boundary;
    const boundary = new Boundary({ ...fields, sessionIds: sessionIds.slice(-MAX_SESSION_IDS) });
    return new Source(this.#next(), boundary);
  }

  /** The source after the stream lost what came after entry `survivor`; null: it was made anew. */
  wentBackTo(survivor: string | null): Source {
    const end = survivor ?? FIRST_STREAM_ID;
    const begin = compareStreamIds(end, this.begin) < 0 ? end : this.begin;
    return new Source({ ...this.#next(), begin }, this.#boundary.clippedTo(end));
  }

  #next(): SourceFields {
    return { ...this.#fields, number: this.#fields.number + 1 };
  }
}
