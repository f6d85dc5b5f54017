import { type Gateway, startGateway } from "../../src/cli/gateway.ts";
import { freePort } from "../../src/cli/ports.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import { startWorker } from "../../src/cli/worker.ts";
import {
  connectRedis,
  openSession,
  type ProducerSession,
  type RedisConnection,
} from "../../src/producer/index.ts";
import { metricSamples } from "../fakes/metric-samples.ts";
import { Follower, type FollowerOptions } from "./follower.ts";

const TOKEN = "end-to-end";

export interface StackOptions {
  /** Gets what the parts print. */
  log?: (line: string) => void;
  /** Stands between the Worker and the gateway. */
  between?: (gatewayUrl: string) => Promise<{ readonly url: string; stop(): Promise<void> }>;
  /** For a Redis that is stopped and started again with what it had. */
  redisData?: { dir: string; port: number };
}

/** A real Redis, our gateway and the Worker under `wrangler dev`. */
export interface Stack {
  readonly url: string;
  readonly redis: StartedRedis;
  readonly gateway: Gateway;
  /** A RESP connection that writes past the producer library. */
  readonly commands: RedisConnection;
  follow(identity: string, options?: FollowerOptions): Promise<Follower>;
  produce(identity: string, streamName?: string): Promise<ProducerSession>;
  /** Value of a metric without labels, without the prefix `slipstream_`. */
  metric(name: string): Promise<number>;
  /** Kills the Worker as it runs and starts it again, at the same address and with the storage it had. */
  restartWorker(): Promise<void>;
  /** Drops every connection that `follow` made. */
  disconnect(): void;
  stop(): Promise<void>;
}

export async function startStack(
  vars: Record<string, string> = {},
  options: StackOptions = {},
): Promise<Stack> {
  const { log = () => {}, redisData: data } = options;
  const redis = await startRedis({ log, ...(data && { data }) });
  const gateway = await startGateway({ redisUrl: redis.url, port: 0, token: TOKEN, log });
  const between = await options.between?.(gateway.url);
  const storage = temporaryDirectory();
  const { url } = between ?? gateway;
  const workerOptions = {
    vars: { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: TOKEN, ...vars },
    ...{ storage: storage.path, port: await freePort(), log },
  };
  let worker = await startWorker(workerOptions);
  const commands = await connectRedis(redis.url, (error) => log(error.message));
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
    metric: async (name) => {
      const text = await (await fetch(`${worker.url}/metrics`)).text();
      return metricSamples(text)[name] ?? Number.NaN;
    },
    restartWorker: async () => {
      await worker.stop(0);
      worker = await startWorker(workerOptions);
    },
    disconnect,
    stop: async () => {
      disconnect();
      commands.destroy();
      await worker.stop();
      await between?.stop();
      await gateway.stop();
      await redis.stop();
      storage.remove();
    },
  };
}
