import { type Gateway, startGateway } from "../../src/cli/gateway.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { startWorker } from "../../src/cli/worker.ts";
import {
  connectRedis,
  openSession,
  type ProducerSession,
  type RedisConnection,
} from "../../src/producer/index.ts";
import { Follower, type FollowerOptions } from "./follower.ts";

const TOKEN = "end-to-end";

/** A real Redis, our gateway and the Worker under `wrangler dev`. */
export interface Stack {
  readonly url: string;
  readonly redis: StartedRedis;
  readonly gateway: Gateway;
  /** A RESP connection that writes past the producer library. */
  readonly commands: RedisConnection;
  follow(identity: string, options?: FollowerOptions): Promise<Follower>;
  produce(identity: string, streamName?: string): Promise<ProducerSession>;
  /** Drops every connection that `follow` made. */
  disconnect(): void;
  stop(): Promise<void>;
}

export async function startStack(vars: Record<string, string> = {}): Promise<Stack> {
  const log = (): void => {};
  const redis = await startRedis({ log });
  const gateway = await startGateway({ redisUrl: redis.url, port: 0, token: TOKEN, log });
  const worker = await startWorker({
    vars: { UPSTASH_REDIS_REST_URL: gateway.url, UPSTASH_REDIS_REST_TOKEN: TOKEN, ...vars },
    log,
  });
  const commands = await connectRedis(redis.url, log);
  const followers: Follower[] = [];
  const disconnect = (): void => {
    for (const follower of followers.splice(0)) follower.kill();
  };
  return {
    url: worker.url,
    redis,
    gateway,
    commands,
    follow: async (identity, options) => {
      const follower = await Follower.connect(worker.url, identity, options);
      followers.push(follower);
      return follower;
    },
    produce: (identity, streamName = "end-to-end") => openSession({ redis: commands, identity, streamName }),
    disconnect,
    stop: async () => {
      disconnect();
      commands.destroy();
      await worker.stop();
      await gateway.stop();
      await redis.stop();
    },
  };
}
