import type { TimeRange } from "../../producer/index.ts";
import { ItemKind, ItemTable, readSessionJson, readTimeRange, walkBurst } from "../../wire/burst.ts";
import { PayloadError, unpack } from "../../wire/payload.ts";
import type { StreamEntry } from "./recording.ts";

/** What an entry says of its session beside data. */
export interface BurstMetadata {
  /** The last Session JSON in it. */
  readonly json: string | undefined;
  readonly ranges: readonly TimeRange[];
  /** Its first item is a Session JSON, as that of a session is. */
  readonly isFirst: boolean;
}

const items = new ItemTable();

/** Null for an entry that holds no burst that can be read. */
export function metadataOf(entry: StreamEntry): BurstMetadata | null {
  const data = fieldOf(entry, "data");
  if (data === undefined) return null;
  try {
    const { burst } = unpack(data);
    items.reset();
    walkBurst(burst, 0, burst.length, items);
    let json: string | undefined;
    const ranges: TimeRange[] = [];
    for (let item = 0; item < items.count; item++) {
      if (items.kind[item] === ItemKind.sessionJson) json = readSessionJson(burst, items, item);
      else if (items.kind[item] === ItemKind.timeRange) ranges.push(readTimeRange(burst, items, item));
    }
    return { json, ranges, isFirst: items.count > 0 && items.kind[0] === ItemKind.sessionJson };
  } catch (error) {
    if (error instanceof PayloadError) return null;
    throw error;
  }
}

/** The value of a field. */
export function fieldOf({ fields }: Pick<StreamEntry, "fields">, name: string): Buffer | undefined {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field.toString() === name);
  return at < 0 ? undefined : fields[at + 1];
}
