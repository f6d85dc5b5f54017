import { fileURLToPath } from "node:url";
import { freePort } from "../../src/cli/ports.ts";
import { startRedis } from "../../src/cli/redis.ts";
import { connectRedis, openSession, type RedisConnection } from "../../src/producer/index.ts";
import { startServer } from "./server.ts";

const TOKEN = "bench";
const GATEWAY = fileURLToPath(new URL("../../src/cli/gateway-main.ts", import.meta.url));

/** What every subject stands on: Redis and the gateway, each in a process of its own. The load comes from this one. */
export interface Stage {
  readonly redis: RedisConnection;
  readonly redisUrl: string;
  /** For a Worker: where the gateway is. */
  readonly backend: { readonly UPSTASH_REDIS_REST_URL: string; readonly UPSTASH_REDIS_REST_TOKEN: string };
  /** Calls of a command so far, by what Redis itself counts. */
  calls(...commands: string[]): Promise<number>;
  /** Commands that the service has sent so far for what is live; what polls at a fixed interval sends others. */
  serviceCalls(): Promise<number>;
  /** Bytes that Redis has answered so far. */
  answeredBytes(): Promise<number>;
  /** Round trip of one command through the gateway, ms. */
  gatewayRoundTripMs(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * A session that can be followed, in a stream of its name. Returns the id for its entries, which go to Redis by plain
 * XADDs: so all commands but those are of who is measured.
 */
export async function openStream({ redis }: Stage, identity: string, streamName = identity): Promise<string> {
  const session = await openSession({ redis, identity, streamName });
  await session.writeSessionJson(JSON.stringify({ identity, state: "open" }));
  return session.place.streamSessionId;
}

export async function setStage(): Promise<Stage> {
  const log = (): void => {};
  const redis = await startRedis({ log });
  if (redis.kind === "embedded") {
    throw new Error(
      "The bench needs redis-server on PATH: the embedded Redis is not for load and counts no commands",
    );
  }
  const { child: gateway, address: url } = await startServer(GATEWAY, {
    REDIS_URL: redis.url,
    GATEWAY_PORT: `${await freePort()}`,
    GATEWAY_TOKEN: TOKEN,
  });
  const connection = await connectRedis(redis.url, log);
  const calls = async (...commands: string[]): Promise<number> => {
    const stats = await connection.info("commandstats");
    const counts = [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
    return counts.reduce((sum, [, name, count]) => sum + (commands.includes(name!) ? Number(count) : 0), 0);
  };
  return {
    redis: connection,
    redisUrl: redis.url,
    backend: { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: TOKEN },
    calls,
    serviceCalls: () => calls("xread", "hmget", "hget", "xinfo|stream"),
    answeredBytes: async () => {
      const stats = await connection.info("stats");
      return Number(/^total_net_output_bytes:(\d+)/m.exec(stats)?.[1]);
    },
    gatewayRoundTripMs: async () => {
      const start = performance.now();
      const headers = { Authorization: `Bearer ${TOKEN}` };
      await (await fetch(url, { method: "POST", headers, body: '["PING"]' })).arrayBuffer();
      return performance.now() - start;
    },
    stop: async () => {
      connection.destroy();
      await gateway.stop();
      await redis.stop();
    },
  };
}
