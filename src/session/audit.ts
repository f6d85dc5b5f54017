import type { StreamEntry, StreamInfo } from "../redis/reader.ts";
import { compareStreamIds } from "../wire/stream-id.ts";
import type { Boundary } from "./boundary.ts";

/** Entries remembered to find, after a failover, which of them the stream still has. */
const REMEMBERED = 64;
/** A pause in reading after which entries may have been trimmed unread. */
const SUSPICIOUS_PAUSE_MS = 2_500;
/** Silence after which it is asked whether the stream has gone back; then again after each interval. */
const SILENCE_MS = 3_000;
const INTERVAL_MS = 20_000;

/** Tells an entry from another that was given the same id in another life of the stream. */
export type Fingerprint = string;

export const fingerprint = ({ id, encodedBytes }: StreamEntry): Fingerprint => `${id}/${encodedBytes}`;

export const idOf = (entry: Fingerprint): string => entry.slice(0, entry.indexOf("/"));

/** What a look at the stream told. */
export type Finding =
  | { readonly kind: "sound" }
  /** Entries that were removed before they were read. */
  | { readonly kind: "gap"; readonly lost: number }
  /** The stream's last id lies behind what has been read: it lost entries, or was made anew. */
  | { readonly kind: "went-back" };

/**
 * Keeps count of the entries read beside Redis's own count of those added: where the two part, entries were
 * trimmed before they were read. Reading alone cannot tell, since a cursor behind the oldest entry just goes on
 * there.
 */
export class StreamAudit {
  /** Entries added to the stream up to the cursor; null before the first look. */
  #ordinal: number | null = null;
  /** The count at an entry that is yet to be read. */
  #ahead: { id: string; added: number } | null = null;
  #recent: Fingerprint[];
  /** At first, to have a count to begin with. */
  #due = true;
  #lastReadMs: number;
  #lastNewsMs: number;
  #lastLookMs = 0;

  constructor(nowMs: number, recent: readonly Fingerprint[] = []) {
    this.#recent = [...recent];
    this.#lastReadMs = nowMs;
    this.#lastNewsMs = nowMs;
  }

  /** The entries read last, oldest first. */
  get recent(): readonly Fingerprint[] {
    return this.#recent;
  }

  /** Whether to look at the stream before the next read. */
  isDue(nowMs: number): boolean {
    if (this.#due) return true;
    const looked = this.#lastLookMs > this.#lastNewsMs && nowMs - this.#lastLookMs < INTERVAL_MS;
    return nowMs - this.#lastNewsMs >= SILENCE_MS && !looked;
  }

  /** After a read of the whole stream from the cursor on. */
  read(entries: readonly StreamEntry[], nowMs: number): Finding {
    const paused = nowMs - this.#lastReadMs >= SUSPICIOUS_PAUSE_MS;
    this.#lastReadMs = nowMs;
    if (entries.length === 0) return { kind: "sound" };
    this.#lastNewsMs = nowMs;
    if (paused) this.#due = true;
    this.#recent = [...this.#recent, ...entries.slice(-REMEMBERED).map(fingerprint)].slice(-REMEMBERED);
    let finding: Finding = { kind: "sound" };
    for (const { id } of entries) {
      if (this.#ordinal !== null) this.#ordinal++;
      if (this.#ahead && compareStreamIds(id, this.#ahead.id) >= 0) {
        if (id === this.#ahead.id) finding = this.#compare(this.#ahead.added);
        this.#ahead = null;
      }
    }
    return finding;
  }

  /** After a look at the stream, with everything behind `boundary` read. */
  look({ lastId, added }: StreamInfo, { fields, end }: Boundary, nowMs: number): Finding {
    this.#due = false;
    this.#lastLookMs = nowMs;
    if (compareStreamIds(lastId, end) < 0) return { kind: "went-back" };
    const order = compareStreamIds(lastId, fields.cursor);
    if (added === null) return { kind: "sound" };
    if (order === 0) return this.#compare(added);
    this.#ahead = { id: lastId, added };
    return { kind: "sound" };
  }

  #compare(added: number): Finding {
    const lost = this.#ordinal === null ? 0 : added - this.#ordinal;
    this.#ordinal = added;
    return lost > 0 ? { kind: "gap", lost } : { kind: "sound" };
  }
}
