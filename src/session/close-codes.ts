/** Every way in which the service closes a viewer's socket: code (RFC 6455) and reason. */
export const CLOSES = {
  notAvailable: { code: 1000, reason: "not available" },
  ended: { code: 1000, reason: "session ended" },
  gone: { code: 1000, reason: "session gone" },
  textMessage: { code: 1003, reason: "binary messages only" },
  badRequest: { code: 1007, reason: "not a StreamRequest" },
  tooManyRequests: { code: 1008, reason: "too many requests" },
  tokenExpired: { code: 1008, reason: "token expired" },
  messageTooBig: { code: 1009, reason: "message too big" },
  subscriptionTooBig: { code: 1009, reason: "too many channels" },
  internal: { code: 1011, reason: "internal error" },
  redisUnreachable: { code: 1011, reason: "data source unreachable" },
  overloaded: { code: 1013, reason: "too many viewers" },
  tooSlow: { code: 1013, reason: "too slow" },
} as const satisfies Record<string, { code: number; reason: string }>;

export type CloseName = keyof typeof CLOSES;
