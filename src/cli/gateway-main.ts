import { startGatewayAndRedis } from "./backend.ts";
import { runCommand } from "./run-command.ts";

/** `npm run gateway`: the HTTP gateway alone, in front of the Redis that is there. */
await runCommand(async (scope) => {
  const { vars } = await startGatewayAndRedis(scope, process.env);
  scope.log(`ready ${vars.UPSTASH_REDIS_REST_URL}`);
});
