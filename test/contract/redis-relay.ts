import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Stands between a gateway and its Redis, and can fall silent without closing a connection. */
export interface RedisRelay {
  /** `redis://127.0.0.1:port` */
  readonly url: string;
  /** Replies of the connections that are there are kept back from now on. */
  hold(): void;
  /** Replies that were kept back go out. */
  release(): void;
  /** Ends the connections that are there. */
  cut(): void;
  stop(): Promise<void>;
}

export async function startRedisRelay(redisUrl: string): Promise<RedisRelay> {
  const { hostname, port } = new URL(redisUrl);
  const upstreams = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    upstreams.add(upstream);
    client.pipe(upstream);
    upstream.on("data", (bytes) => client.write(bytes));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on("error", () => {}); // 'close' follows
      socket.once("close", () => {
        upstreams.delete(upstream);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const upstream of upstreams) upstream.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      for (const upstream of upstreams) upstream.pause();
    },
    release() {
      for (const upstream of upstreams) upstream.resume();
    },
    cut,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
