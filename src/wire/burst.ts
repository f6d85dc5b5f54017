import { BurstError, FieldReader, MAX_VARINT_BYTES, WireType } from "./field-reader.ts";
import { ItemKind, type ItemTable } from "./item-table.ts";

export { BurstError } from "./field-reader.ts";
export { ItemKind, ItemTable } from "./item-table.ts";
export { readSessionJson, readTimeRange, sessionJsonBurst, timeRangeBurst } from "./metadata.ts";

const { varint, bytes } = WireType;
const BURST_ITEM = (1 << 3) | bytes;
const RUN_CHANNEL = (1 << 3) | varint;
const ROW_CHANNEL = RUN_CHANNEL;
const ROW_CHANNELS_PACKED = (1 << 3) | bytes;

/** Packed fields whose elements must be checked, by item kind: the field's tag. */
const PACKED_VARINTS: Record<number, number> = {
  [ItemKind.timestamped]: (4 << 3) | bytes,
  [ItemKind.row]: ROW_CHANNELS_PACKED,
};
const EVENT_RAW_DATA_PACKED = (5 << 3) | bytes;

/**
 * Appends the items of the burst `buffer[start, end)` to `table` without decoding them.
 *
 * Follows protobuf: unknown fields are skipped, the last member of a oneof and the last value of a scalar win,
 * absent scalars are 0. One difference: a member that occurs twice in an item is not merged, the last one counts.
 * Text is not checked to be UTF-8. Throws BurstError on malformed bytes, at any level, and leaves the table as it was.
 */
export function walkBurst(buffer: Uint8Array, start: number, end: number, table: ItemTable): void {
  const before = table.count;
  const reader = new FieldReader(buffer, start, Math.min(end, buffer.length));
  try {
    while (reader.at < end) {
      const itemStart = reader.at;
      const tag = reader.tag();
      if (tag === BURST_ITEM) walkItem(reader, itemStart, table);
      else reader.skipField(tag);
    }
  } catch (error) {
    table.count = before;
    throw error;
  }
}

/**
 * As `walkBurst`, for a list of REST history: a message whose field 1 repeats the bodies of items that are all of one
 * kind. `start` and `end` of its items are those of their bodies.
 */
export function walkList(buffer: Uint8Array, kind: number, table: ItemTable): void {
  const before = table.count;
  const reader = new FieldReader(buffer, 0, buffer.length);
  try {
    while (reader.at < buffer.length) {
      const tag = reader.tag();
      if (tag !== BURST_ITEM) {
        reader.skipField(tag);
        continue;
      }
      const length = reader.length();
      const start = reader.at;
      reader.end = start + length;
      const channel = walkBody(reader, kind);
      addItem(table, kind, start, reader.end, start, reader.end, channel);
      reader.end = buffer.length;
    }
  } catch (error) {
    table.count = before;
    throw error;
  }
}

function walkItem(reader: FieldReader, itemStart: number, table: ItemTable): void {
  const outerEnd = reader.end;
  const length = reader.length();
  const itemEnd = reader.at + length;
  reader.end = itemEnd;
  let kind: number = ItemKind.unknown;
  let bodyStart = itemEnd;
  let bodyEnd = itemEnd;
  let channel = 0;
  while (reader.at < itemEnd) {
    const tag = reader.tag();
    const member = tag >>> 3;
    if ((tag & 7) !== bytes || member < ItemKind.sessionJson || member > ItemKind.event) {
      reader.skipField(tag);
      continue;
    }
    kind = member;
    const bodyLength = reader.length();
    bodyStart = reader.at;
    bodyEnd = bodyStart + bodyLength;
    if (kind === ItemKind.sessionJson) {
      reader.at = bodyEnd;
      channel = 0;
    } else {
      reader.end = bodyEnd;
      channel = walkBody(reader, kind);
      reader.end = itemEnd;
    }
  }
  reader.end = outerEnd;

  addItem(table, kind, itemStart, itemEnd, bodyStart, bodyEnd, channel);
}

function addItem(
  table: ItemTable,
  kind: number,
  start: number,
  end: number,
  bodyStart: number,
  bodyEnd: number,
  channel: number,
): void {
  const item = table.add();
  table.kind[item] = kind;
  table.start[item] = start;
  table.end[item] = end;
  table.bodyStart[item] = bodyStart;
  table.bodyEnd[item] = bodyEnd;
  table.channel[item] = channel;
}

/** Checks an embedded message, whose end is the reader's, and returns its channel. */
function walkBody(reader: FieldReader, kind: number): number {
  const isRun = kind === ItemKind.timestamped || kind === ItemKind.periodic;
  const packedVarints = PACKED_VARINTS[kind];
  let channel = 0;
  while (reader.at < reader.end) {
    const tag = reader.tag();
    if (isRun && tag === RUN_CHANNEL) {
      channel = reader.uint32();
    } else if (tag === packedVarints) {
      const length = reader.length();
      checkPackedVarints(reader.buffer, reader.at, reader.at + length);
      reader.at += length;
    } else if (kind === ItemKind.event && tag === EVENT_RAW_DATA_PACKED) {
      const length = reader.length();
      if (length % 8 !== 0) throw new BurstError("Packed doubles of a broken length");
      reader.at += length;
    } else {
      reader.skipField(tag);
    }
  }
  return channel;
}

/**
 * Every varint of a packed field ends in time. One that does not is a stretch of continuation bytes so long that
 * a look at every tenth byte meets it.
 */
function checkPackedVarints(buffer: Uint8Array, start: number, end: number): void {
  if (end > start && buffer[end - 1]! >= 0x80) throw new BurstError("Packed varint is cut off");
  for (let at = start + MAX_VARINT_BYTES - 1; at < end; at += MAX_VARINT_BYTES) {
    if (buffer[at]! < 0x80) continue;
    let first = at;
    while (first > start && buffer[first - 1]! >= 0x80) first--;
    let last = at;
    while (buffer[last]! >= 0x80) last++;
    if (last - first >= MAX_VARINT_BYTES) throw new BurstError("Packed varint is too long");
  }
}

/** Whether a channel of the row item satisfies `wanted`; false for a row without channels. */
export function rowHasChannel(
  buffer: Uint8Array,
  table: ItemTable,
  item: number,
  wanted: (channel: number) => boolean,
): boolean {
  const reader = new FieldReader(buffer, table.bodyStart[item]!, table.bodyEnd[item]!);
  while (reader.at < reader.end) {
    const tag = reader.tag();
    if (tag === ROW_CHANNEL) {
      if (wanted(reader.uint32())) return true;
    } else if (tag === ROW_CHANNELS_PACKED) {
      const length = reader.length();
      const end = reader.at + length;
      while (reader.at < end) if (wanted(reader.uint32())) return true;
    } else {
      reader.skipField(tag);
    }
  }
  return false;
}
