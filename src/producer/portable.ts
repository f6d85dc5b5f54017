/** All of `slipstream/producer` that runs anywhere: browsers and Workers get no more than this. */
export { type BatchOptions, BatchWriter } from "./batch.ts";
export { type ChannelDefinition, channelsOf } from "./channel-definition.ts";
export { ProducerError, type ProducerErrorCode } from "./errors.ts";
export { connectGateway, type GatewayConnection, type GatewayConnectionOptions } from "./gateway.ts";
export {
  encodeItems,
  eventItem,
  type PeriodicRun,
  periodicItem,
  type Row,
  rowItem,
  type Samples,
  type SessionEvent,
  sessionJsonItem,
  type TimestampedRun,
  timeRangeItem,
  timestampedItem,
} from "./items.ts";
export { type OpenSessionOptions, openSession } from "./open-session.ts";
export type { BatchNotice } from "./outbox.ts";
export { overResp, type RespClient } from "./resp.ts";
export type { Values } from "./sample-values.ts";
export type { ScriptRunner } from "./script-runner.ts";
export type { ProducerSession, WriteOptions } from "./session.ts";
export type { StreamPlace, TimeRange } from "./session-entry.ts";
export {
  type ClosedState,
  isClosed,
  type SessionDescription,
  type SessionMarker,
  type SessionState,
  sessionJson,
} from "./session-json.ts";
export { MAX_BURST_BYTES, TARGET_BURST_BYTES } from "./split.ts";
