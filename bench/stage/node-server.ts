import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Stage } from "./stage.ts";
import type { Subject } from "./workerd.ts";

const SERVER = fileURLToPath(new URL("../node-server.ts", import.meta.url));

export async function startNodeServer({ redisUrl }: Stage): Promise<Subject> {
  const env = { ...process.env, REDIS_URL: redisUrl };
  const child = spawn(process.execPath, [SERVER], { env, stdio: ["ignore", "pipe", "inherit"] });
  let port = "";
  for await (const line of createInterface({ input: child.stdout })) {
    port = line.replace("ready ", "");
    break;
  }
  if (port === "") throw new Error("the Node server ended");
  return {
    pid: child.pid!,
    url: `ws://127.0.0.1:${port}`,
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
