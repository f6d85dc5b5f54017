/** Runs, rows and events to times and values: what a client of the stream reads samples with. */
export { Arena } from "./arena.ts";
export { type EventItem, readEvent } from "./event.ts";
export { type Row, readRow, rowOffsets, rowValues } from "./row.ts";
export { RunReader } from "./run-reader.ts";
export {
  type ByteOrder,
  type ChannelType,
  readSample,
  SAMPLE_BYTES,
  type SampleArray,
  sampleArray,
} from "./sample-type.ts";
