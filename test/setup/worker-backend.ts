import type { TestProject } from "vitest/node";
import { startGateway } from "../../src/cli/gateway.ts";
import { startRedis } from "../../src/cli/redis.ts";

const TOKEN = "worker-tests";

/** One Redis and one gateway for all tests inside workerd; returns what stops them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = (line: string) => console.error(line);
  const redis = await startRedis({ log });
  const gateway = await startGateway({ redisUrl: redis.url, port: 0, token: TOKEN, log });
  project.provide("workerBindings", {
    UPSTASH_REDIS_REST_URL: gateway.url,
    UPSTASH_REDIS_REST_TOKEN: TOKEN,
    // So that a test meets the end of a session, and the sleep of a silent one, without waiting for long.
    RTA_LINGER__SECONDS: "0.5",
    RTA_IDLE__SECONDS: "1",
  });
  project.provide("gatewayUrl", gateway.url);
  project.provide("gatewayToken", TOKEN);
  project.provide("redisUrl", redis.url);
  return async () => {
    await gateway.stop();
    await redis.stop();
  };
}
