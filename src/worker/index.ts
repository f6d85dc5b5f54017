import { armTrimmer, armTrimmerOnce } from "./arm-trimmer.ts";
import { log } from "./log.ts";
import { fault } from "./replies.ts";
import { route } from "./router.ts";

export { MetricsObject } from "./metrics-object.ts";
export { SessionObject } from "./session-object.ts";
export { TrimmerObject } from "./trimmer-object.ts";

export default {
  async fetch(request, env) {
    armTrimmerOnce(env);
    try {
      return await route(request, env);
    } catch (error) {
      log("request-failed", { error: error instanceof Error ? error.name : "unknown" });
      return fault("failed");
    }
  },
  scheduled(_controller, env) {
    armTrimmer(env);
  },
} satisfies ExportedHandler<Env>;
