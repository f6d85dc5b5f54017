import type { Redis } from "@upstash/redis/cloudflare";
import { commandError, type Reply } from "./gateway.ts";
import { ENTRY_FIELDS, entryFromField, entryFromHash, type SessionEntry } from "./session-entry.ts";

/** Where a session's entry is: a hash of its own, or a field of the hash `sessions` that holds JSON. */
export type EntryPlace =
  | { readonly kind: "hash"; readonly key: string }
  | { readonly kind: "field"; readonly key: string; readonly field: string };

export interface FoundEntry {
  readonly place: EntryPlace;
  readonly entry: SessionEntry;
}

/** Keys that hold something else; an identity must not reach them, or another session, by its spelling. */
const RESERVED_PREFIXES = ["sessions:", "session:", "stream:"];

/**
 * Where the entry of `identity` may be, the likeliest first. The public text of the protocol leaves the key
 * open (decision A-08); `template` ends the guessing.
 */
export function entryPlaces(identity: string, template?: string): EntryPlace[] {
  if (template !== undefined) {
    return [{ kind: "hash", key: template.replaceAll("{identity}", () => identity) }];
  }
  const places: EntryPlace[] = [
    { kind: "hash", key: `sessions:${identity}` },
    { kind: "hash", key: `session:${identity}` },
    { kind: "field", key: "sessions", field: identity },
  ];
  if (!RESERVED_PREFIXES.some((prefix) => identity.startsWith(prefix))) {
    places.push({ kind: "hash", key: identity });
  }
  return places;
}

/** Looks in all places with one request; the first that names a stream wins. Throws GatewayError. */
export async function findEntry(redis: Redis, places: readonly EntryPlace[]): Promise<FoundEntry | null> {
  const pipeline = redis.pipeline();
  for (const place of places) addRead(pipeline, place);
  const replies = (await pipeline.exec({ keepErrors: true })) as { result?: Reply; error?: string }[];
  for (const [i, place] of places.entries()) {
    // A key of another type is no session entry: that one error means "not here".
    const { result, error } = replies[i] ?? {};
    if (error !== undefined && !error.startsWith("WRONGTYPE")) throw commandError(error);
    const entry = error === undefined ? entryFromReply(place, result) : null;
    if (entry) return { place, entry };
  }
  return null;
}

type Batch = ReturnType<Redis["pipeline"]>;

/** Adds the read of an entry to a pipeline or transaction. */
export function addRead(batch: Batch, place: EntryPlace): void {
  if (place.kind === "hash") batch.hmget(place.key, ...ENTRY_FIELDS);
  else batch.hget(place.key, place.field);
}

/** The entry in the reply to what `addRead` added; null when it is gone. */
export function entryFromReply(place: EntryPlace, reply: Reply | undefined): SessionEntry | null {
  return place.kind === "hash" ? entryFromHash(reply) : entryFromField(reply);
}
