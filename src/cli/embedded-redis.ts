import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";

export interface EmbeddedRedis {
  /** `redis://127.0.0.1:port` */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the pure-JavaScript Redis inside this process. Assembled by hand: the package's own starter listens on
 * every interface, without a password, and its stop waits for the clients to leave (0.3.0, 2026-11-23).
 */
export async function startEmbeddedRedis(): Promise<EmbeddedRedis> {
  const core = await import("js-redis-server/core");
  const compatibility = core.resolveCompatibilityProfile();
  const state = new core.RedisServerState({ databaseCount: 16, compatibility });
  const executor = core.createRedisCommandExecutor({ compatibility });
  const resp = new core.Resp2Server({ server: state, executor });
  const sockets = new Set<Socket>();
  resp.server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // a client that vanished is not an event
  });
  resp.server.listen(0, "127.0.0.1");
  await once(resp.server, "listening");
  const { port } = resp.server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    stop() {
      for (const socket of sockets) socket.destroy();
      return resp.close();
    },
  };
}
