import { CommandError } from "./command-error.ts";
import { startGateway } from "./gateway.ts";
import { withoutPassword } from "./gateway-redis.ts";
import { gatewaySettings } from "./gateway-settings.ts";
import { startRedis } from "./redis.ts";
import type { CommandScope } from "./run-command.ts";

/** What the Worker needs to know about its Redis. */
export interface BackendVars extends Record<string, string> {
  UPSTASH_REDIS_REST_URL: string;
  UPSTASH_REDIS_REST_TOKEN: string;
}

/** Starts the gateway, and Redis unless `REDIS_URL` names one, as the environment says. */
export async function startGatewayAndRedis(
  scope: CommandScope,
  env: NodeJS.ProcessEnv,
): Promise<{ redisUrl: string; vars: BackendVars }> {
  const { redisUrl, ...settings } = gatewaySettings(env);
  const { log } = scope;
  const redis = await startRedis({ url: redisUrl, tls: settings.tls, log });
  scope.cleanUp(redis.stop);
  scope.endWith(redis.exited, "Redis");
  log(`Redis at ${withoutPassword(redis.url)} (${redis.kind})`);
  const gateway = await startGateway({ ...settings, redisUrl: redis.url, log });
  scope.cleanUp(gateway.stop);
  const vars = { UPSTASH_REDIS_REST_URL: gateway.url, UPSTASH_REDIS_REST_TOKEN: settings.token };
  return { redisUrl: redis.url, vars };
}

/** The gateway that the environment names (`UPSTASH_REDIS_REST_URL`, `…_TOKEN`), else one that is started. */
export async function startBackend(
  scope: CommandScope,
  env: NodeJS.ProcessEnv,
): Promise<{ redisUrl: string | undefined; vars: BackendVars }> {
  const { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN } = env;
  if (!UPSTASH_REDIS_REST_URL && !UPSTASH_REDIS_REST_TOKEN) {
    const local = await startGatewayAndRedis(scope, env);
    scope.log(`gateway at ${local.vars.UPSTASH_REDIS_REST_URL}`);
    return local;
  }
  if (!UPSTASH_REDIS_REST_URL || !UPSTASH_REDIS_REST_TOKEN) {
    throw new CommandError("set both UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN, or neither");
  }
  scope.log(`gateway at ${UPSTASH_REDIS_REST_URL}`);
  return {
    redisUrl: env.REDIS_URL || undefined,
    vars: { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN },
  };
}
