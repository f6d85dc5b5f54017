import type { Redis } from "@upstash/redis/cloudflare";
import { encodedBytesOf, type Fingerprint, fingerprint, idOf, readBack } from "../redis/reader.ts";
import { compareStreamIds } from "../wire/stream-id.ts";

/** Entries from before a stream was followed that are read to know it by, and how much of them. */
const MOST_ACQUAINTANCES = 64;
const ACQUAINTANCE_BYTES = 256 * 1024;

/**
 * Up to 64 entries that led to the landmark, oldest first, where not that many are known; none when the landmark is
 * gone. Throws GatewayError.
 */
export async function getAcquainted(
  redis: Redis,
  streamName: string,
  landmark: Fingerprint | null,
  known: readonly Fingerprint[],
): Promise<readonly Fingerprint[]> {
  if (landmark === null || known.length >= MOST_ACQUAINTANCES) return [];
  const fitting = Math.ceil(ACQUAINTANCE_BYTES / Math.max(1, encodedBytesOf(landmark)));
  const count = Math.min(fitting, MOST_ACQUAINTANCES);
  const newest = (await readBack(redis, streamName, idOf(landmark), count)).map(fingerprint);
  return newest[0] === landmark ? newest.reverse() : [];
}

/**
 * Which of the `recent` entries a stream that went back has last, none of them beyond `end`: it ends in entries that were
 * read, and what it has been given since. One that was made anew has none of them: should one be the same by chance,
 * others come after it. Throws GatewayError.
 */
export async function lastSurvivor(
  redis: Redis,
  streamName: string,
  end: string,
  recent: readonly Fingerprint[],
  pageCount: number,
): Promise<Fingerprint | null> {
  const known = new Set(recent);
  const oldest = recent.map(idOf).reduce((a, b) => (compareStreamIds(a, b) <= 0 ? a : b), end);
  let to = end;
  for (;;) {
    const page = await readBack(redis, streamName, to, pageCount);
    for (const entry of page) {
      if (known.has(fingerprint(entry))) return fingerprint(entry);
      if (compareStreamIds(entry.id, oldest) < 0) return null;
    }
    if (page.length < pageCount) return null;
    to = `(${page.at(-1)!.id}`;
  }
}
