import type { MetricsObject } from "./metrics-object.ts";
import type { SessionObject } from "./session-object.ts";
import type { TrimmerObject } from "./trimmer-object.ts";

/** Bindings of the Worker; its settings are read by `readSettings`. */
export interface Env {
  readonly SESSIONS: DurableObjectNamespace<SessionObject>;
  readonly METRICS: DurableObjectNamespace<MetricsObject>;
  readonly TRIMMER: DurableObjectNamespace<TrimmerObject>;
}
