/** Write a live session: the producer's side of the RTA stream, over Redis. */
export { connectRedis, type RedisConnection } from "./connect.ts";
export { ProducerError, type ProducerErrorCode } from "./errors.ts";
export * from "./items.ts";
export { type OpenSessionOptions, openSession, type ProducerSession } from "./session.ts";
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
