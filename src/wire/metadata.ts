import { FieldReader, UTF8, WireType } from "./field-reader.ts";
import { ItemKind, type ItemTable } from "./item-table.ts";

const { fixed64, bytes } = WireType;
const BURST_ITEM = (1 << 3) | bytes;
const SESSION_JSON = (ItemKind.sessionJson << 3) | bytes;
const TIME_RANGE = (ItemKind.timeRange << 3) | bytes;
const RANGE_START = (1 << 3) | fixed64;
const RANGE_END = (2 << 3) | fixed64;

/** Both ends in ns since 1970, inclusive; an absent one is 0. */
export function readTimeRange(
  buffer: Uint8Array,
  table: ItemTable,
  item: number,
): { startNs: bigint; endNs: bigint } {
  const reader = new FieldReader(buffer, table.bodyStart[item]!, table.bodyEnd[item]!);
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
  return UTF8.decode(buffer.subarray(table.bodyStart[item]!, table.bodyEnd[item]!));
}

/** A burst, not compressed, of one Session JSON. */
export function sessionJsonBurst(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const member = [SESSION_JSON, ...varint(text.length)];
  const head = [BURST_ITEM, ...varint(member.length + text.length), ...member];
  const burst = new Uint8Array(head.length + text.length);
  burst.set(head);
  burst.set(text, head.length);
  return burst;
}

/** A burst, not compressed, of one time range: inclusive ns since 1970. */
export function timeRangeBurst(startNs: bigint, endNs: bigint): Uint8Array {
  const burst = new Uint8Array(22);
  burst.set([BURST_ITEM, 20, TIME_RANGE, 18, RANGE_START]);
  burst[13] = RANGE_END;
  const view = new DataView(burst.buffer);
  view.setBigInt64(5, startNs, true);
  view.setBigInt64(14, endNs, true);
  return burst;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
