import type { StreamEntry } from "../redis/reader.ts";
import { ItemKind, ItemTable, readSessionJson, walkBurst } from "../wire/burst.ts";
import { unpack } from "../wire/payload.ts";

/**
 * Whether an entry holds a Session JSON of this session: a producer begins with one, under whatever stream session id. What
 * cannot be read announces nothing.
 */
export function announces(entry: StreamEntry, identity: string): boolean {
  try {
    const data = entry.data();
    if (data === null) return false;
    const { burst } = unpack(data);
    const items = new ItemTable();
    walkBurst(burst, 0, burst.length, items);
    const item = items.kind.subarray(0, items.count).indexOf(ItemKind.sessionJson);
    if (item < 0) return false;
    const json = JSON.parse(readSessionJson(burst, items, item)) as { identity?: unknown } | null;
    return json?.identity === identity;
  } catch {
    return false;
  }
}
