import type { GatewayRedis } from "./gateway-redis.ts";

/** A probe is answered soon, whatever Redis does. */
const HEALTH_TIMEOUT_MS = 2_000;

/**
 * Tells whether Redis answers a PING. Anybody may ask, so however many do at once share one PING, and none of them
 * learns more than yes or no.
 */
export function healthOf(redis: GatewayRedis): () => Promise<boolean> {
  let asked: Promise<boolean> | undefined;
  return () => {
    asked ??= pingWithin(redis, HEALTH_TIMEOUT_MS).finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

async function pingWithin(redis: GatewayRedis, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const answered = redis.run(["PING"]).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
