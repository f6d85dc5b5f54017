import type { EntryPlace } from "../redis/directory.ts";
import type { StreamEntry } from "../redis/reader.ts";
import type { SessionEntry } from "../redis/session-entry.ts";
import { compareStreamIds, previousStreamId } from "../wire/stream-id.ts";
import type { Position } from "./viewer.ts";

/** Stream session ids of one identity that are followed together: a producer may restart more than once. */
const MAX_SESSION_IDS = 8;

/** What survives of a source through hibernation. */
export interface KeptSource {
  readonly number: number;
  readonly place: EntryPlace;
  readonly streamName: string;
  readonly sessionIds: readonly string[];
  readonly cursor: string;
  readonly replay: Replay | null;
}

/** Up to `until`, only entries of `sessionId` are new: the others have been delivered. */
interface Replay {
  readonly sessionId: string;
  readonly until: string;
}

/** Where a session is read from, and how far it has been read. */
export class Source {
  /** Counts the sources of a session: cursors of different ones do not compare. */
  readonly number: number;
  readonly place: EntryPlace;
  readonly streamName: string;
  readonly #sessionIds: readonly string[];
  #cursor: string;
  #replay: Replay | null;

  private constructor(kept: KeptSource) {
    this.number = kept.number;
    this.place = kept.place;
    this.streamName = kept.streamName;
    this.#sessionIds = kept.sessionIds;
    this.#cursor = kept.cursor;
    this.#replay = kept.replay;
  }

  /** Follows the session of `entry` from `cursor` on. */
  static at(place: EntryPlace, entry: SessionEntry, cursor: string): Source {
    const { streamName, streamSessionId } = entry;
    return new Source({
      number: 1,
      place,
      streamName,
      sessionIds: [normalId(streamSessionId)],
      cursor,
      replay: null,
    });
  }

  static restore(kept: KeptSource): Source {
    return new Source(kept);
  }

  keep(): KeptSource {
    const { number, place, streamName } = this;
    return {
      number,
      place,
      streamName,
      sessionIds: this.#sessionIds,
      cursor: this.#cursor,
      replay: this.#replay,
    };
  }

  /** Id of the last stream entry that has been dealt with. */
  get cursor(): string {
    return this.#cursor;
  }

  advance(cursor: string): void {
    this.#cursor = cursor;
    if (this.#replay && compareStreamIds(cursor, this.#replay.until) >= 0) this.#replay = null;
  }

  /** Takes up a position that was kept later than the source itself. */
  recall({ sourceNumber, cursor }: Position): void {
    if (sourceNumber === this.number && compareStreamIds(cursor, this.#cursor) > 0) this.advance(cursor);
  }

  /** Whether an entry after the cursor belongs to the session and is new. */
  isOurs({ id, sessionId }: StreamEntry): boolean {
    if (sessionId === null) return false;
    const ours = normalId(sessionId);
    if (this.#replay && compareStreamIds(id, this.#replay.until) <= 0) return ours === this.#replay.sessionId;
    return this.#sessionIds.includes(ours);
  }

  /** Whether the producer has gone on under another stream session id or in another stream. */
  differs(entry: SessionEntry): boolean {
    return (
      entry.streamName !== this.streamName || normalId(entry.streamSessionId) !== this.#sessionIds.at(-1)
    );
  }

  /**
   * The source after a restart of the producer: from where it said that it began, which may lie behind the
   * cursor. In the same stream the former ids stay followed; in another one, read the old one to its end first.
   */
  succeededBy(entry: SessionEntry): Source {
    const sessionId = normalId(entry.streamSessionId);
    const begin = previousStreamId(entry.streamPosition);
    const number = this.number + 1;
    const { place } = this;
    if (entry.streamName !== this.streamName) {
      const { streamName } = entry;
      return new Source({ number, place, streamName, sessionIds: [sessionId], cursor: begin, replay: null });
    }
    const behind = compareStreamIds(begin, this.#cursor) < 0;
    return new Source({
      number,
      place,
      streamName: this.streamName,
      sessionIds: [...this.#sessionIds.filter((id) => id !== sessionId), sessionId].slice(-MAX_SESSION_IDS),
      cursor: behind ? begin : this.#cursor,
      replay: behind ? { sessionId, until: this.#cursor } : null,
    });
  }
}

/** Ids are plain numbers; some writers pad them. */
function normalId(id: string): string {
  return /^\d{1,20}$/.test(id) ? BigInt(id).toString() : id;
}
