import "vitest";

declare module "vitest" {
  /** What `inject(name)` gives the tests inside workerd; provided by `worker-backend.ts`. */
  interface ProvidedContext {
    /** Bindings of the Worker under test: the gateway and its token. */
    workerBindings: Record<string, string>;
    /** The gateway of `workerBindings`. */
    gatewayUrl: string;
    gatewayToken: string;
    /** `redis://…` of the Redis behind it. */
    redisUrl: string;
  }
}
