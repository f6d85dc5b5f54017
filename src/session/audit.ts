import {
  encodedBytesOf,
  type Fingerprint,
  fingerprint,
  idOf,
  type StreamEntry,
  type StreamInfo,
} from "../redis/reader.ts";
import { compareStreamIds } from "../wire/stream-id.ts";

/** Entries remembered to find, after a set-back, which of them the stream still has; so many outlive hibernation. */
const REMEMBERED = 1_024;
const REMEMBERED_IN_STORAGE = 256;
const REMEMBERED_WITH_SOCKET = 32;
/** A landmark up to this size comes along with each read, encoded; a larger one once in so long. */
const SMALL_BYTES = 16 * 1024;
const LARGE_INTERVAL_MS = 250;
/** Between looks while there is no landmark. */
const LOOK_INTERVAL_MS = 10_000;

/** What a look at the stream told. */
export type Finding =
  | { readonly kind: "sound" }
  /** Entries that were removed before they were read. */
  | { readonly kind: "gap"; readonly lost: number }
  /** An entry that no reply can hold was passed over. */
  | { readonly kind: "passed-over" }
  /** The stream lost entries that had been read, the newest, or was made anew. */
  | { readonly kind: "went-back" };

/** What survives of an audit through hibernation. */
export interface KeptAudit {
  readonly landmark: Fingerprint | null;
  readonly ordinal: number | null;
  readonly recent: readonly Fingerprint[];
}

const FRESH: KeptAudit = { landmark: null, ordinal: null, recent: [] };

/**
 * Whether the stream is still the one that was read. The entry with the highest id of those read is the landmark:
 * while it is there, no entry behind it can be new, since ids only ever grow. Where it is gone, a look at the
 * stream as a whole tells why: trimmed, then Redis's own count of entries shows how many went unread; or the
 * stream went back.
 */
export class StreamAudit {
  #landmark: Fingerprint | null;
  /** Entries that were added to the stream up to the landmark; null while that is not known. */
  #ordinal: number | null;
  /** The count at an entry that is yet to be read. */
  #baseline: { id: string; added: number } | null = null;
  #recent: Fingerprint[];
  #due: boolean;
  #lookedAtMs: number;
  #provenAtMs = 0;
  #isLost = false;

  constructor(nowMs: number, { landmark, ordinal, recent }: KeptAudit = FRESH) {
    this.#landmark = landmark;
    this.#ordinal = ordinal;
    this.#recent = [...recent];
    this.#due = ordinal === null;
    this.#lookedAtMs = nowMs;
  }

  /** The entries read last, oldest first. */
  get recent(): readonly Fingerprint[] {
    return this.#recent;
  }

  /** The landmark; null when there is none. */
  get landmark(): Fingerprint | null {
    return this.#landmark;
  }

  /** What a read at `nowMs` is to look for along with its entries; null for nothing. */
  proofFor(nowMs: number): Fingerprint | null {
    const isDue = nowMs - this.#provenAtMs >= LARGE_INTERVAL_MS;
    return this.#landmark && (isDue || encodedBytesOf(this.#landmark) <= SMALL_BYTES) ? this.#landmark : null;
  }

  keepInStorage(): KeptAudit {
    return this.#keep(REMEMBERED_IN_STORAGE);
  }

  keepWithSocket(): KeptAudit {
    return this.#keep(REMEMBERED_WITH_SOCKET);
  }

  #keep(count: number): KeptAudit {
    return { landmark: this.#landmark, ordinal: this.#ordinal, recent: this.#recent.slice(-count) };
  }

  /** Whether to look at the stream before the next read. */
  isDue(nowMs: number): boolean {
    return this.#due || (this.#landmark === null && nowMs - this.#lookedAtMs >= LOOK_INTERVAL_MS);
  }

  /** Whether a read that looked for the landmark found it. */
  proved(found: boolean, nowMs: number): void {
    this.#isLost = !found;
    if (found) this.#provenAtMs = nowMs;
  }

  /** After a read of the stream from the cursor on. */
  read(entries: readonly StreamEntry[]): void {
    if (entries.length === 0) return;
    this.#recent.push(...entries.map(fingerprint));
    if (this.#recent.length > 2 * REMEMBERED) this.#recent.splice(0, this.#recent.length - REMEMBERED);
    for (const entry of entries) {
      const { id } = entry;
      if (this.#landmark && compareStreamIds(id, idOf(this.#landmark)) <= 0) continue;
      this.#landmark = fingerprint(entry);
      if (this.#ordinal !== null) this.#ordinal++;
      if (this.#baseline && compareStreamIds(id, this.#baseline.id) >= 0) {
        if (id === this.#baseline.id) this.#ordinal = this.#baseline.added;
        this.#baseline = null;
      }
    }
  }

  /** After a look at what the stream held up to the landmark, oldest first. */
  acquaint(entries: readonly Fingerprint[]): void {
    this.#recent = [...entries.filter((entry) => !this.#recent.includes(entry)), ...this.#recent];
  }

  /** After a look at the stream; nothing that has been read lies behind `end`. */
  look({ firstId, lastId, length, added }: StreamInfo, end: string, nowMs: number): Finding {
    this.#due = false;
    this.#lookedAtMs = nowMs;
    if (compareStreamIds(lastId, end) < 0) return { kind: "went-back" };
    if (firstId === null || compareStreamIds(firstId, end) > 0) return this.#trimmed(length, added);
    if (this.#isLost) return { kind: "went-back" };
    if (this.#ordinal !== null || added === null) return { kind: "sound" };
    if (lastId === end) this.#ordinal = added;
    else this.#baseline = { id: lastId, added };
    return { kind: "sound" };
  }

  /** After the stream lost what came after entry `survivor`; null: all of it. */
  setBackTo(survivor: Fingerprint | null, nowMs: number): StreamAudit {
    const recent = this.#recent.filter(
      (entry) => survivor !== null && compareStreamIds(idOf(entry), idOf(survivor)) <= 0,
    );
    return new StreamAudit(nowMs, { landmark: survivor, ordinal: null, recent });
  }

  /** With what was kept at the same position, or a later one. */
  recalling({ landmark, ordinal, recent }: KeptAudit, nowMs: number): StreamAudit {
    const isSame = landmark === this.#landmark;
    return new StreamAudit(nowMs, {
      landmark,
      ordinal: isSame ? (ordinal ?? this.#ordinal) : ordinal,
      recent: [...this.#recent, ...recent],
    });
  }

  /** All that has been read is gone from the stream, and perhaps more. */
  #trimmed(length: number, added: number | null): Finding {
    this.#landmark = null;
    this.#isLost = false;
    if (added === null) return { kind: "sound" };
    const lost = this.#ordinal === null ? 0 : added - length - this.#ordinal;
    this.#ordinal = added - length;
    return lost > 0 ? { kind: "gap", lost } : { kind: "sound" };
  }
}
