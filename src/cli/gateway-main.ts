import { startGateway } from "./gateway.ts";
import { portFrom } from "./ports.ts";
import { startRedis } from "./redis.ts";
import { runCommand } from "./run-command.ts";

/** `npm run gateway`: the HTTP gateway alone, in front of the Redis that is there. */
await runCommand(async ({ log, cleanUp, endWith }) => {
  const port = portFrom(process.env, "GATEWAY_PORT", 8079);
  const redis = await startRedis({ url: process.env.REDIS_URL, log });
  cleanUp(redis.stop);
  endWith(redis.exited, "Redis");
  const gateway = await startGateway({
    redisUrl: redis.url,
    port,
    host: process.env.GATEWAY_HOST || "127.0.0.1",
    token: process.env.GATEWAY_TOKEN || "local",
    log,
  });
  cleanUp(gateway.stop);
  log(`ready ${gateway.url}`);
});
