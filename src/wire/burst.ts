import { BurstError, FieldReader, MAX_VARINT_BYTES, WireType } from "./field-reader.ts";
import { ItemKind, type ItemTable } from "./item-table.ts";

export { BurstError } from "./field-reader.ts";
export { ItemKind, ItemTable } from "./item-table.ts";
export { readSessionJson, readTimeRange, sessionJsonBurst, timeRangeBurst } from "./metadata.ts";

const { varint, fixed64, bytes } = WireType;
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
      if (walkUsualItem(reader, table)) continue;
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
      table.append(kind, start, reader.end, start, reader.end, channel);
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
  table.append(kind, itemStart, itemEnd, bodyStart, bodyEnd, channel);
}

/**
 * Appends an item of the usual shape and steps over it: one known member and nothing else, tags of one byte, short
 * lengths, no groups, nothing wrong with it. False, and nothing has happened, for any other: `walkItem` judges those.
 * Nearly all items are so, and plain numbers are several times as fast as a reader.
 */
function walkUsualItem(reader: FieldReader, table: ItemTable): boolean {
  const { buffer, at: start, end } = reader;
  if (buffer[start] !== BURST_ITEM) return false;
  let at = start + 1;
  let length = shortLength(buffer, at);
  at += widthOf(length);
  const itemEnd = at + length;
  const member = buffer[at++]!;
  const kind = member >>> 3;
  if ((member & 7) !== bytes || kind < ItemKind.timeRange || kind > ItemKind.event) return false;
  length = shortLength(buffer, at);
  at += widthOf(length);
  if (length < 0 || at + length !== itemEnd || itemEnd > end) return false;

  const bodyStart = at;
  const isRun = kind === ItemKind.timestamped || kind === ItemKind.periodic;
  const packedVarints = PACKED_VARINTS[kind];
  let channel = 0;
  while (at < itemEnd) {
    const tag = buffer[at++]!;
    const type = tag & 7;
    if (tag < 8 || tag >= 0x80) return false;
    if (type === varint) {
      const first = at;
      let value = 0;
      let byte = 0x80;
      for (let shift = 0; byte >= 0x80; shift += 7) {
        byte = buffer[at++]!;
        if (shift < 28) value |= (byte & 0x7f) << shift;
      }
      if (isRun && tag === RUN_CHANNEL) {
        if (at - first > 4) return false;
        channel = value;
      } else if (at - first > MAX_VARINT_BYTES) return false;
    } else if (type === fixed64) {
      at += 8;
    } else if (type === bytes) {
      length = shortLength(buffer, at);
      at += widthOf(length);
      if (length < 0 || length > itemEnd - at) return false;
      if (tag === packedVarints) checkPackedVarints(buffer, at, at + length);
      else if (kind === ItemKind.event && tag === EVENT_RAW_DATA_PACKED && length % 8 !== 0) return false;
      at += length;
    } else return false;
  }
  if (at !== itemEnd) return false;
  table.append(kind, start, itemEnd, bodyStart, itemEnd, channel);
  reader.at = itemEnd;
  return true;
}

/** A length of up to two bytes; -1 for a longer one, and for one written in more bytes than it needs. */
function shortLength(buffer: Uint8Array, at: number): number {
  const first = buffer[at]!;
  if (first < 0x80) return first;
  const second = buffer[at + 1]!;
  return second > 0 && second < 0x80 ? (second << 7) | (first & 0x7f) : -1;
}

const widthOf = (length: number): number => (length < 0x80 ? 1 : 2);

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

/** One for all rows: it is done with before the next one is looked at. */
const rowReader = new FieldReader(new Uint8Array(0), 0, 0);

/** Whether a channel of the row item is in `wanted`; false for a row without channels. */
export function rowHasChannel(
  buffer: Uint8Array,
  table: ItemTable,
  item: number,
  wanted: { has(channel: number): boolean },
): boolean {
  const reader = rowReader;
  reader.load(buffer, table.bodyStart[item]!, table.bodyEnd[item]!);
  while (reader.at < reader.end) {
    const tag = reader.tag();
    if (tag === ROW_CHANNEL) {
      if (wanted.has(reader.uint32())) return true;
    } else if (tag === ROW_CHANNELS_PACKED) {
      const length = reader.length();
      const end = reader.at + length;
      while (reader.at < end) if (wanted.has(reader.uint32())) return true;
    } else {
      reader.skipField(tag);
    }
  }
  return false;
}
