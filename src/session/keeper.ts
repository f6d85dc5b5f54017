import type { TimeRange } from "../redis/session-entry.ts";
import type { KeptFollower } from "./follower.ts";
import type { Store } from "./ports.ts";

/** What storage keeps of a session through hibernation, beside what the viewers' sockets keep. */
export interface Snapshot {
  readonly version: 2;
  readonly follower: KeptFollower;
  readonly range: TimeRange | null;
  /** Digests of Session JSONs that were current lately. */
  readonly known: readonly string[];
  /** Our clock, when a closing Session JSON was seen; null while more is to come. */
  readonly closedAtMs: number | null;
  /** Our clock, when data last came. */
  readonly lastDataMs: number;
}

const SNAPSHOT_KEY = "snapshot";
const JSON_KEY = "json";
/** While data flows: each write is billed, and the position itself is kept with a socket. */
const INTERVAL_MS = 5_000;
/** The same while the Session JSON is another than the one that is kept. */
const JSON_INTERVAL_MS = 1_000;
/** A stored value may have 2 MB. A longer Session JSON is sent once more after hibernation. */
const MAX_JSON_BYTES = 1_900_000;

/** Keeps a session in storage: seldom while it flows, always before it may hibernate. */
export class Keeper {
  readonly #store: Store;
  #savedAtMs = 0;
  #json: string | null = null;
  #saved = "";

  constructor(store: Store) {
    this.#store = store;
  }

  /** What was saved last; null when there is nothing of this version. */
  load(): { snapshot: Snapshot; json: string | null } | null {
    const snapshot = this.#store.get(SNAPSHOT_KEY) as Snapshot | undefined;
    if (snapshot?.version !== 2) return null;
    const json = this.#store.get(JSON_KEY);
    this.#json =
      json instanceof Uint8Array
        ? new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(json)
        : null;
    return { snapshot, json: this.#json };
  }

  /** `now` writes at once, whenever the last write was. */
  save(snapshot: Snapshot, json: string | null, nowMs: number, now: boolean): void {
    const intervalMs = json === this.#json ? INTERVAL_MS : JSON_INTERVAL_MS;
    if (!now && nowMs - this.#savedAtMs < intervalMs) return;
    this.#savedAtMs = nowMs;
    const saved = JSON.stringify(snapshot, (_, value) => (typeof value === "bigint" ? String(value) : value));
    if (saved !== this.#saved) this.#store.put(SNAPSHOT_KEY, snapshot);
    this.#saved = saved;
    if (json === this.#json || json === null) return;
    this.#json = json;
    const bytes = new TextEncoder().encode(json);
    if (bytes.byteLength <= MAX_JSON_BYTES) this.#store.put(JSON_KEY, bytes);
    else this.#store.delete(JSON_KEY);
  }

  /** Everything, also what others stored. */
  forget(): void {
    this.#json = null;
    this.#saved = "";
    this.#store.clear();
  }
}
