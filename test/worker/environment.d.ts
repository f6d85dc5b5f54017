declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("../../src/worker/index.ts");
  }
  interface Env {
    readonly SESSIONS: DurableObjectNamespace<import("../../src/worker/index.ts").SessionObject>;
    readonly TRIMMER: DurableObjectNamespace<import("../../src/worker/index.ts").TrimmerObject>;
    readonly METRICS: DurableObjectNamespace<import("../../src/worker/index.ts").MetricsObject>;
  }
}
