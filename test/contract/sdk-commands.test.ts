import { afterAll, beforeAll } from "vitest";
import { type Gateway, startGateway } from "../../src/cli/gateway.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { sdkCommands } from "./sdk-commands.ts";

const token = "sdk-commands";
const log = () => {};

let redis: StartedRedis;
let gateway: Gateway;
beforeAll(async () => {
  redis = await startRedis({ log });
  gateway = await startGateway({ redisUrl: redis.url, port: 0, token, log });
});
afterAll(async () => {
  await gateway?.stop();
  await redis?.stop();
});

sdkCommands(() => ({ url: gateway.url, token }));
