import type { ItemTable } from "./burst.ts";
import { FieldReader } from "./field-reader.ts";
import { type ByteOrder, type ChannelType, copySamples, SAMPLE_BYTES } from "./sample-type.ts";

const CHANNEL = 0x08;
const CHANNELS_PACKED = 0x0a;
const TIMESTAMP = 0x11;
const DATA = 0x1a;

/** One value of each of several channels at one instant. */
export interface Row {
  /** ns since 1970. */
  timeNs: bigint;
  /** Session channel numbers, in the order of the data. */
  channels: Uint32Array;
  /** Values back to back, each of its channel's width: a view of the buffer that was read. */
  data: Uint8Array;
}

/** Reads a row item of `table`, which must be of `buffer`. */
export function readRow(buffer: Uint8Array, table: ItemTable, item: number): Row {
  const fields = new FieldReader(buffer, table.bodyStart[item]!, table.bodyEnd[item]!);
  const channels: number[] = [];
  let timeNs = 0n;
  let data = buffer.subarray(0, 0);
  while (fields.at < fields.end) {
    const tag = fields.tag();
    if (tag === CHANNEL) {
      channels.push(fields.uint32());
    } else if (tag === CHANNELS_PACKED) {
      const end = fields.length() + fields.at;
      while (fields.at < end) channels.push(fields.uint32());
    } else if (tag === TIMESTAMP) {
      timeNs = fields.fixed64();
    } else if (tag === DATA) {
      data = fields.bytes();
    } else {
      fields.skipField(tag);
    }
  }
  return { timeNs, channels: Uint32Array.from(channels), data };
}

/**
 * Byte offset of each channel's value in the row's data. Widths come from the configuration: from the first channel on
 * whose type `typeOf` does not know, or whose bytes are missing, the offsets are -1.
 */
export function rowOffsets(row: Row, typeOf: (channel: number) => ChannelType | undefined): Int32Array {
  const offsets = new Int32Array(row.channels.length).fill(-1);
  let at = 0;
  for (const [i, channel] of row.channels.entries()) {
    const type = typeOf(channel);
    if (type === undefined || at + SAMPLE_BYTES[type] > row.data.length) break;
    offsets[i] = at;
    at += SAMPLE_BYTES[type];
  }
  return offsets;
}

/** The value of each channel of the row; NaN where `rowOffsets` has none. Byte orders are little-endian by default. */
export function rowValues(
  row: Row,
  typeOf: (channel: number) => ChannelType | undefined,
  orderOf: (channel: number) => ByteOrder = () => "le",
): Float64Array {
  const view = new DataView(row.data.buffer, row.data.byteOffset, row.data.length);
  const values = new Float64Array(row.channels.length).fill(Number.NaN);
  for (const [i, offset] of rowOffsets(row, typeOf).entries()) {
    const channel = row.channels[i]!;
    if (offset >= 0) copySamples(view, offset, 1, typeOf(channel)!, orderOf(channel), values, i);
  }
  return values;
}
