import type { Redis } from "@upstash/redis/cloudflare";
import { GatewayError } from "../redis/gateway.ts";
import { passOver } from "../redis/pass-over.ts";
import { ReadSize } from "../redis/read-size.ts";
import { type Fingerprint, readRange, type StreamEntry } from "../redis/reader.ts";
import { compareStreamIds } from "../wire/stream-id.ts";

/** A page of this size is dealt with in a few ms, so that live entries never wait for long. */
const PAGE_BYTES = 256 * 1024;
/** Pages that are kept for others who want the same: all that a crowd needs whose joining is spread over a second. */
const KEPT_BYTES = 8 * 1024 * 1024;
/** What nobody has wanted for so long is not kept. */
const KEPT_MS = 1_000;
/** What an entry takes besides its data. */
const ENTRY_BYTES = 256;

/** All entries of a stream after one id and up to another. */
export interface Page {
  readonly streamName: string;
  readonly after: string;
  readonly through: string;
  readonly entries: readonly StreamEntry[];
}

interface KeptPage extends Page {
  readonly bytes: number;
  usedAtMs: number;
}

export interface PagesDeps {
  readonly redis: Redis;
  readonly now: () => number;
  /** What proves that a stream is as it was read live; null where nothing does. */
  readonly proofOf: (streamName: string) => Fingerprint | null;
}

/**
 * Reads the past of streams in pages, and keeps those that were read lately: however many viewers want the same
 * history at about the same time, it is read once.
 */
export class HistoryPages {
  readonly #deps: PagesDeps;
  readonly #size = new ReadSize(PAGE_BYTES);
  /** In the order of their use, the latest last. */
  readonly #kept = new Set<KeptPage>();

  constructor(deps: PagesDeps) {
    this.#deps = deps;
  }

  /** When `tidy` has something to drop; null for never. */
  get tidyMs(): number | null {
    const [oldest] = this.#kept;
    return oldest ? oldest.usedAtMs + KEPT_MS : null;
  }

  /**
   * A page with what comes after `after`, read up to `to` if it is not at hand. Null: the stream may have gone back,
   * and what it holds may be told live yet. Throws GatewayError.
   */
  async read(streamName: string, after: string, to: string): Promise<Page | null> {
    for (const page of this.#kept)
      if (page.streamName === streamName && holds(page, after)) return this.#use(page);
    const { redis, now, proofOf } = this.#deps;
    const request = { name: streamName, after, to, count: this.#size.count, proof: proofOf(streamName) };
    try {
      const { entries, full, proven } = await readRange(redis, request);
      if (!proven) return null;
      const sizes = entries.map(({ encodedBytes }) => encodedBytes);
      this.#size.observe(sizes);
      const bytes = sizes.reduce((sum, size) => sum + size + ENTRY_BYTES, 0);
      const through = full ? entries.at(-1)!.id : to;
      return this.#use({ streamName, after, through, entries, bytes, usedAtMs: now() });
    } catch (error) {
      if (!(error instanceof GatewayError && error.code === "too-large")) throw error;
      if (this.#size.shrink()) return this.read(streamName, after, to);
      // Counted by whoever met it live.
      const through = await passOver(redis, streamName, after);
      return { streamName, after, through, entries: [] };
    }
  }

  #use(page: KeptPage): Page {
    this.#kept.delete(page);
    this.#kept.add(page);
    page.usedAtMs = this.#deps.now();
    let bytes = [...this.#kept].reduce((sum, kept) => sum + kept.bytes, 0);
    for (const oldest of this.#kept) {
      if (bytes <= KEPT_BYTES) break;
      this.#kept.delete(oldest);
      bytes -= oldest.bytes;
    }
    return page;
  }

  tidy(): void {
    for (const page of this.#kept) if (page.usedAtMs + KEPT_MS <= this.#deps.now()) this.#kept.delete(page);
  }

  clear(): void {
    this.#kept.clear();
  }
}

/** Whether the page begins with what comes after `after`, or has it amid. */
export function holds(page: Page, after: string): boolean {
  return compareStreamIds(page.after, after) <= 0 && compareStreamIds(after, page.through) < 0;
}
