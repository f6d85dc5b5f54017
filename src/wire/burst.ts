import { BurstError, FieldReader, MAX_VARINT_BYTES, WireType } from "./field-reader.ts";

export { BurstError } from "./field-reader.ts";

/** What an item holds: the field number of the StreamData member that is set, 0 for none that is known. */
export const ItemKind = {
  unknown: 0,
  sessionJson: 2,
  timeRange: 3,
  timestamped: 4,
  periodic: 5,
  row: 6,
  event: 7,
} as const;

const { varint, fixed64, bytes } = WireType;
const BURST_ITEM = (1 << 3) | bytes;
const RUN_CHANNEL = (1 << 3) | varint;
const ROW_CHANNEL = RUN_CHANNEL;
const ROW_CHANNELS_PACKED = (1 << 3) | bytes;
const RANGE_START = (1 << 3) | fixed64;
const RANGE_END = (2 << 3) | fixed64;

/** Packed fields whose elements must be checked, by item kind: the field's tag. */
const PACKED_VARINTS: Record<number, number> = {
  [ItemKind.timestamped]: (4 << 3) | bytes,
  [ItemKind.row]: ROW_CHANNELS_PACKED,
};
const EVENT_RAW_DATA_PACKED = (5 << 3) | bytes;

/** Room for a typical burst of 64 KiB without growing. */
const INITIAL_ITEMS = 512;

/**
 * Items of one or more bursts as columns, row i of each being item i. Made to be reused: `reset()`, then `walkBurst`.
 * All positions are offsets in the buffer that was walked.
 */
export class ItemTable {
  count = 0;
  /** An ItemKind. */
  kind = new Uint8Array(INITIAL_ITEMS);
  /** The item as it stands in its burst, its tag included: [start, end) can be joined to another burst. */
  start = new Uint32Array(INITIAL_ITEMS);
  end = new Uint32Array(INITIAL_ITEMS);
  /** Content of the member that is set: JSON text, or the fields of the embedded message. Empty for an unknown kind. */
  bodyStart = new Uint32Array(INITIAL_ITEMS);
  bodyEnd = new Uint32Array(INITIAL_ITEMS);
  /** Channel of timestamped and periodic items; 0 for the others. */
  channel = new Uint32Array(INITIAL_ITEMS);

  reset(): void {
    this.count = 0;
  }

  /** Appends a row of zeros and returns its index. */
  add(): number {
    if (this.count === this.kind.length) this.#grow();
    return this.count++;
  }

  #grow(): void {
    const length = this.kind.length * 2;
    const kind = new Uint8Array(length);
    kind.set(this.kind);
    this.kind = kind;
    for (const name of ["start", "end", "bodyStart", "bodyEnd", "channel"] as const) {
      const column = new Uint32Array(length);
      column.set(this[name]);
      this[name] = column;
    }
  }
}

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

  const item = table.add();
  table.kind[item] = kind;
  table.start[item] = itemStart;
  table.end[item] = itemEnd;
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
  const reader = bodyReader(buffer, table, item);
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

/** Both ends in ns since 1970, inclusive; an absent one is 0. */
export function readTimeRange(
  buffer: Uint8Array,
  table: ItemTable,
  item: number,
): { startNs: bigint; endNs: bigint } {
  const reader = bodyReader(buffer, table, item);
  let startNs = 0n;
  let endNs = 0n;
  while (reader.at < reader.end) {
    const tag = reader.tag();
    if (tag === RANGE_START) startNs = reader.fixed64();
    else if (tag === RANGE_END) endNs = reader.fixed64();
    else reader.skipField(tag);
  }
  return { startNs, endNs };
}

/** The text as it was written; invalid UTF-8 becomes U+FFFD. */
export function readSessionJson(buffer: Uint8Array, table: ItemTable, item: number): string {
  return new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(
    buffer.subarray(table.bodyStart[item]!, table.bodyEnd[item]!),
  );
}

function bodyReader(buffer: Uint8Array, table: ItemTable, item: number): FieldReader {
  return new FieldReader(buffer, table.bodyStart[item]!, table.bodyEnd[item]!);
}

/** A burst, not compressed, of one Session JSON. */
export function sessionJsonBurst(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const body = [...varintBytes((ItemKind.sessionJson << 3) | bytes), ...varintBytes(text.length)];
  const head = [BURST_ITEM, ...varintBytes(body.length + text.length), ...body];
  const burst = new Uint8Array(head.length + text.length);
  burst.set(head);
  burst.set(text, head.length);
  return burst;
}

/** A burst, not compressed, of one time range: inclusive ns since 1970. */
export function timeRangeBurst(startNs: bigint, endNs: bigint): Uint8Array {
  const burst = Uint8Array.of(
    BURST_ITEM,
    20,
    (ItemKind.timeRange << 3) | bytes,
    18,
    RANGE_START,
    ...ZERO_64,
    RANGE_END,
    ...ZERO_64,
  );
  const view = new DataView(burst.buffer);
  view.setBigInt64(5, startNs, true);
  view.setBigInt64(14, endNs, true);
  return burst;
}

const ZERO_64 = [0, 0, 0, 0, 0, 0, 0, 0];

function varintBytes(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) out.push((rest & 0x7f) | 0x80);
  out.push(rest);
  return out;
}
