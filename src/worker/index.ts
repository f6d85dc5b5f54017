import type { Env } from "./env.ts";
import { log } from "./log.ts";
import { fault } from "./replies.ts";
import { route } from "./router.ts";

export { MetricsObject } from "./metrics-object.ts";
export { SessionObject } from "./session-object.ts";

export default {
  async fetch(request, env) {
    try {
      return await route(request, env);
    } catch (error) {
      log("request-failed", { error: error instanceof Error ? error.name : "unknown" });
      return fault("failed");
    }
  },
} satisfies ExportedHandler<Env>;
