import { fileURLToPath } from "node:url";
import { startServer } from "./server.ts";
import type { Stage } from "./stage.ts";
import type { Subject } from "./workerd.ts";

const SERVER = fileURLToPath(new URL("../node-server.ts", import.meta.url));

export async function startNodeServer({ redisUrl }: Stage): Promise<Subject> {
  const { child, address } = await startServer(SERVER, { REDIS_URL: redisUrl });
  return { pid: child.pid, url: `ws://127.0.0.1:${address}`, stop: () => child.stop() };
}
