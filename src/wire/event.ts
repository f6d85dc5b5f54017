import type { ItemTable } from "./burst.ts";
import { FieldReader, UTF8 } from "./field-reader.ts";

const DEFINITION = 0x08;
const APP_NAME = 0x12;
const TIMESTAMP = 0x19;
const STATUS_TEXT = 0x22;
const RAW_DATA = 0x29;
const RAW_DATA_PACKED = 0x2a;

/** Something that happened at one instant. */
export interface EventItem {
  /** In the configuration of the app. */
  definitionId: number;
  appName: string;
  /** ns since 1970. */
  timeNs: bigint;
  /** Shown as it is; when empty, the text is made from `values`. */
  statusText: string;
  values: Float64Array;
}

/** Reads an event item of `table`, which must be of `buffer`. Invalid UTF-8 becomes U+FFFD. */
export function readEvent(buffer: Uint8Array, table: ItemTable, item: number): EventItem {
  const fields = new FieldReader(buffer, table.bodyStart[item]!, table.bodyEnd[item]!);
  const values: number[] = [];
  const event = { definitionId: 0, appName: "", timeNs: 0n, statusText: "" };
  while (fields.at < fields.end) {
    const tag = fields.tag();
    if (tag === DEFINITION) {
      event.definitionId = fields.uint32() | 0;
    } else if (tag === APP_NAME) {
      event.appName = UTF8.decode(fields.bytes());
    } else if (tag === TIMESTAMP) {
      event.timeNs = fields.fixed64();
    } else if (tag === STATUS_TEXT) {
      event.statusText = UTF8.decode(fields.bytes());
    } else if (tag === RAW_DATA) {
      values.push(fields.double());
    } else if (tag === RAW_DATA_PACKED) {
      const end = fields.length() + fields.at;
      while (fields.at < end) values.push(fields.double());
    } else {
      fields.skipField(tag);
    }
  }
  return { ...event, values: Float64Array.from(values) };
}
