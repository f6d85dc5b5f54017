import { asProducerError } from "./as-producer-error.ts";
import { invalid } from "./errors.ts";
import { overResp, type RespClient } from "./resp.ts";
import { persist } from "./retry.ts";
import type { ScriptRunner } from "./script-runner.ts";
import { ProducerSession, type SessionSettings } from "./session.ts";
import { allocateEntry, readEntry } from "./session-entry.ts";
import { isClosed } from "./session-json.ts";

/** Every write renews it, so only sessions silent for a day are forgotten. */
const DEFAULT_EXPIRY_SECONDS = 24 * 60 * 60;
/** A Redis that is restarted, or fails over, is back by then. */
const DEFAULT_RETRY_MS = 30_000;
export interface OpenSessionOptions {
  /** What `connectRedis` or `connectGateway` gave, or a client of @redis/client. */
  redis: RespClient | ScriptRunner;
  /** Opaque and unique; part of the session's URI. */
  identity: string;
  /** Name of the Redis stream without prefix; one per data source, reused from session to session. */
  streamName: string;
  /** Wall clock, ms since 1970-01-01T00:00:00Z. */
  now?: () => number;
  /** How long Redis remembers the session after the last write; 24 h unless given. */
  expirySeconds?: number;
  /** How long a write is tried again while Redis cannot be reached, ms; 30 s unless given. */
  retryForMs?: number;
}

/**
 * Starts a session, or resumes the one of that identity, in the stream it had, if it has not been closed. Viewers
 * can follow it once its first Session JSON has been written, which must come before anything else.
 * Rejects with ProducerError `invalid-argument`, `redis` or `redis-unavailable`.
 */
export async function openSession(options: OpenSessionOptions): Promise<ProducerSession> {
  const settings = checkOptions(options);
  const { redis, identity, streamName, now, expirySeconds, retryForMs } = settings;
  return await asProducerError(`open session ${JSON.stringify(identity)}`, async () => {
    for (;;) {
      const stored = await persist(() => readEntry(redis, identity), { retryForMs });
      if (stored && !isClosed(stored.json ?? "")) return new ProducerSession(settings, stored);
      const found = stored?.place.streamSessionId;
      const allocation = { identity, streamName, nowMs: now(), expirySeconds, found };
      // Done twice it finds its own first time, so that the session is then resumed.
      const place = await persist(() => allocateEntry(redis, allocation), { retryForMs });
      if (place) return new ProducerSession(settings, { place, json: undefined, range: undefined });
    }
  });
}

function checkOptions({ redis, ...options }: OpenSessionOptions): SessionSettings {
  if (typeof redis !== "object" || redis === null || !("runScript" in redis || "sendCommand" in redis)) {
    throw invalid("redis must be what connectRedis or connectGateway gave, or a client of @redis/client");
  }
  const settings = {
    now: Date.now,
    expirySeconds: DEFAULT_EXPIRY_SECONDS,
    retryForMs: DEFAULT_RETRY_MS,
    ...options,
    redis: "runScript" in redis ? redis : overResp(redis),
  };
  const { identity, streamName, expirySeconds, retryForMs } = settings;
  if (typeof identity !== "string" || identity === "") throw invalid("identity must be a text, not empty");
  if (typeof streamName !== "string" || streamName === "")
    throw invalid("streamName must be a text, not empty");
  if (!(Number.isSafeInteger(expirySeconds) && expirySeconds > 0)) {
    throw invalid(`expirySeconds must be a positive integer, not ${expirySeconds}`);
  }
  if (!(retryForMs >= 0)) throw invalid(`retryForMs must be 0 or more, not ${retryForMs}`);
  return settings;
}
