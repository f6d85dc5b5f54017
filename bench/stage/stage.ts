import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../../src/cli/ports.ts";
import { startRedis } from "../../src/cli/redis.ts";
import { connectRedis, type RedisConnection } from "../../src/producer/index.ts";

const TOKEN = "bench";
const GATEWAY = fileURLToPath(new URL("../../src/cli/gateway-main.ts", import.meta.url));

/** What every subject stands on: Redis and the gateway, each in a process of its own. The load comes from this one. */
export interface Stage {
  readonly redis: RedisConnection;
  readonly redisUrl: string;
  /** For a Worker: where the gateway is. */
  readonly backend: { readonly UPSTASH_REDIS_REST_URL: string; readonly UPSTASH_REDIS_REST_TOKEN: string };
  /** Calls of reading commands so far, by what Redis itself counts. */
  reads(): Promise<number>;
  /** Round trip of one command through the gateway, ms. */
  gatewayRoundTripMs(): Promise<number>;
  stop(): Promise<void>;
}

export async function setStage(): Promise<Stage> {
  const log = (): void => {};
  const redis = await startRedis({ log });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, REDIS_URL: redis.url, GATEWAY_PORT: `${port}`, GATEWAY_TOKEN: TOKEN };
  const gateway = spawn(process.execPath, [GATEWAY], { env, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: gateway.stdout })) if (line.startsWith("ready")) break;
  const connection = await connectRedis(redis.url, log);
  return {
    redis: connection,
    redisUrl: redis.url,
    backend: { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: TOKEN },
    reads: async () => {
      const stats = await connection.info("commandstats");
      const read = /^cmdstat_(?:xread|xrange|xrevrange|hmget|hget|xinfo\|stream):calls=(\d+)/gm;
      return [...stats.matchAll(read)].reduce((sum, [, calls]) => sum + Number(calls), 0);
    },
    gatewayRoundTripMs: async () => {
      const start = performance.now();
      const headers = { Authorization: `Bearer ${TOKEN}` };
      await (await fetch(url, { method: "POST", headers, body: '["PING"]' })).arrayBuffer();
      return performance.now() - start;
    },
    stop: async () => {
      connection.destroy();
      gateway.kill("SIGTERM");
      await once(gateway, "exit");
      await redis.stop();
    },
  };
}
