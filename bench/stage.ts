import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../src/cli/ports.ts";
import { startRedis } from "../src/cli/redis.ts";
import { startWorker } from "../src/cli/worker.ts";
import { connectRedis, type RedisConnection } from "../src/producer/index.ts";

const TOKEN = "bench";
const GATEWAY = fileURLToPath(new URL("../src/cli/gateway-main.ts", import.meta.url));

/** The parts under measurement, each in a process of its own; the load comes from this one. */
export interface Stage {
  readonly url: string;
  readonly redis: RedisConnection;
  /** Calls of each Redis command so far, by what Redis itself counts. */
  calls(): Promise<number>;
  /** Round trip of one command through the gateway, ms. */
  gatewayRoundTripMs(): Promise<number>;
  stop(): Promise<void>;
}

export async function setStage(vars: Record<string, string> = {}): Promise<Stage> {
  const log = (): void => {};
  const redis = await startRedis({ log });
  const port = await freePort();
  const gatewayUrl = `http://127.0.0.1:${port}`;
  const env = { ...process.env, REDIS_URL: redis.url, GATEWAY_PORT: `${port}`, GATEWAY_TOKEN: TOKEN };
  const gateway = spawn(process.execPath, [GATEWAY], { env, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: gateway.stdout })) if (line.startsWith("ready")) break;
  const backend = { UPSTASH_REDIS_REST_URL: gatewayUrl, UPSTASH_REDIS_REST_TOKEN: TOKEN };
  const worker = await startWorker({ vars: { ...backend, ...vars }, log });
  const connection = await connectRedis(redis.url, log);
  return {
    url: worker.url,
    redis: connection,
    calls: async () => {
      const stats = await connection.info("commandstats");
      const read = /^cmdstat_(?:xread|xrange|xrevrange|hmget|hget|xinfo\|stream):calls=(\d+)/gm;
      return [...stats.matchAll(read)].reduce((sum, [, calls]) => sum + Number(calls), 0);
    },
    gatewayRoundTripMs: async () => {
      const start = performance.now();
      const headers = { Authorization: `Bearer ${TOKEN}` };
      await (await fetch(gatewayUrl, { method: "POST", headers, body: '["PING"]' })).arrayBuffer();
      return performance.now() - start;
    },
    stop: async () => {
      connection.destroy();
      await worker.stop();
      gateway.kill("SIGTERM");
      await once(gateway, "exit");
      await redis.stop();
    },
  };
}
