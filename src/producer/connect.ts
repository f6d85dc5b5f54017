import { createClient } from "@redis/client";
import { ProducerError } from "./errors.ts";
import { reasonOf } from "./resp.ts";

/** A connection over RESP: what `createClient` of @redis/client returns when given no modules. */
export type RedisConnection = ReturnType<typeof newClient>;

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1000;

/**
 * Connects over TCP to `redis://[user:password@]host[:port][/db]`, or `rediss://` for TLS. Once connected, a lost
 * connection is restored, each failure reported to `onError`; end it with `destroy()`.
 * Rejects with ProducerError `redis-unavailable` when Redis cannot be reached at first, `invalid-argument` for what is
 * no such URL.
 */
export async function connectRedis(
  url: string,
  onError: (error: Error) => void = () => {},
): Promise<RedisConnection> {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== "redis:" && address?.protocol !== "rediss:") {
    throw new ProducerError("invalid-argument", "url must be a redis:// or rediss:// URL");
  }
  let connected = false;
  const redis = newClient(url, (retries, cause) =>
    connected ? Math.min(FIRST_RETRY_MS * 2 ** retries, LONGEST_RETRY_MS) : cause,
  );
  redis.on("error", (error: Error) => {
    if (connected) onError(error);
  });
  try {
    await redis.connect();
  } catch (error) {
    const reason = reasonOf(error as Error);
    throw new ProducerError("redis-unavailable", `Cannot connect to Redis at ${address.host}: ${reason}`, {
      cause: error,
    });
  }
  connected = true;
  return redis;
}

function newClient(url: string, reconnectStrategy: (retries: number, cause: Error) => number | Error) {
  // Without a queue for what is asked meanwhile: who asks is told, and tries again.
  return createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy } });
}
