import { createGateway, GatewayError } from "../redis/gateway.ts";
import { readSettings, SettingsError } from "./config.ts";

const HEALTH_TIMEOUT_MS = 2_000;
/** Probes come from many places at once; Redis is asked about this often. */
const CACHE_MS = 1_000;

export interface Health {
  readonly healthy: boolean;
  /** Why not; empty when healthy. */
  readonly reason: string;
}

// The answer, not its promise: a Worker cannot await what another request began. Those that come meanwhile look again.
let last: { health: Health; atMs: number } | undefined;
/** Until when a request that asks may take: it can end without notice. */
let askingUntilMs = 0;
const WAIT_MS = 25;

/** Healthy when the settings are good and a command went through the gateway just now. */
export async function checkHealth(env: object): Promise<Health> {
  while (!last || Date.now() - last.atMs >= CACHE_MS) {
    if (Date.now() < askingUntilMs) {
      await scheduler.wait(WAIT_MS);
      continue;
    }
    askingUntilMs = Date.now() + HEALTH_TIMEOUT_MS;
    const health = await probe(env).finally(() => {
      askingUntilMs = 0;
    });
    last = { health, atMs: Date.now() };
  }
  return last.health;
}

async function probe(env: object): Promise<Health> {
  try {
    const { redisUrl: url, redisToken: token } = readSettings(env);
    await createGateway({ url, token, fetch, timeoutMs: HEALTH_TIMEOUT_MS }).ping();
    return { healthy: true, reason: "" };
  } catch (error) {
    if (error instanceof SettingsError || error instanceof GatewayError) {
      return { healthy: false, reason: error.message };
    }
    throw error;
  }
}
