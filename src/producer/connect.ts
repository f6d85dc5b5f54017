import { createClient } from "@redis/client";

/** A connection over RESP: what `createClient` of @redis/client returns when given no modules. */
export type RedisConnection = ReturnType<typeof newClient>;

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1000;

/**
 * Connects to `redis://[user:password@]host[:port][/db]`. Rejects when Redis cannot be reached at first; once
 * connected, a lost connection is restored, each failure reported to `onError`.
 */
export async function connectRedis(url: string, onError: (error: Error) => void): Promise<RedisConnection> {
  let connected = false;
  const redis = newClient(url, (retries, cause) =>
    connected ? Math.min(FIRST_RETRY_MS * 2 ** retries, LONGEST_RETRY_MS) : cause,
  );
  redis.on("error", (error: Error) => {
    if (connected) onError(error);
  });
  await redis.connect();
  connected = true;
  return redis;
}

function newClient(url: string, reconnectStrategy: (retries: number, cause: Error) => number | Error) {
  return createClient({ url, socket: { reconnectStrategy } });
}
