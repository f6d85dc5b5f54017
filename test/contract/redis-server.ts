import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "../../src/cli/child.ts";
import { freePort } from "../../src/cli/ports.ts";

/** A redis-server as an operator sets it up. */
export interface RedisServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a redis-server with these options; resolves when it takes connections. */
export async function startRedisServer(optionsFor: (port: number) => string[]): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), "slipstream-test-"));
  const port = await freePort();
  const ready = Promise.withResolvers<void>();
  const args = ["--bind", "127.0.0.1", "--dir", dir, "--save", "", ...optionsFor(port)];
  const child = await startChild("redis-server", args, {
    onLine: (line) => {
      if (/Ready to accept connections/.test(line)) ready.resolve();
    },
  });
  void child.exited.then(() => ready.reject(new Error(`redis-server did not start:\n${child.tail()}`)));
  await ready.promise;
  return {
    port,
    async stop() {
      await child.stop();
      rmSync(dir, { recursive: true });
    },
  };
}
