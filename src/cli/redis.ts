import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, type Log, startChild } from "./child.ts";
import { CommandError } from "./command-error.ts";
import { startEmbeddedRedis } from "./embedded-redis.ts";
import { openRedis, type RedisTls } from "./gateway-redis.ts";
import { freePort } from "./ports.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const BINARIES = ["redis-server", "valkey-server"] as const;
const START_TIMEOUT_MS = 10_000;

export interface StartedRedis {
  /** `redis://host:port` */
  readonly url: string;
  readonly kind: "external" | "embedded" | (typeof BINARIES)[number];
  /** Resolves when a server that was started here has ended. Never for the other kinds. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** Use this Redis instead of starting one (`REDIS_URL`). */
  url?: string | undefined;
  /** Certificates for a `rediss://` one. */
  tls?: RedisTls | undefined;
  /** Use the embedded server even where a real one is installed. */
  embedded?: boolean;
  /** Listen here and keep data in `dir`: for a Redis that is stopped and started again with what it had. */
  data?: { dir: string; port: number };
  log: Log;
}

/** Finds or starts a Redis, bound to this machine: the one at `url`, else one from PATH, else the embedded one. */
export async function startRedis({ url, tls, embedded, data, log }: RedisOptions): Promise<StartedRedis> {
  if (url) {
    (await openRedis(url, log, { tls })).close();
    return { url, kind: "external", exited: new Promise(() => {}), stop: async () => {} };
  }
  const binary = embedded ? undefined : BINARIES.find(isOnPath);
  if (binary) return startBinary(binary, data);
  if (!embedded) {
    log(
      "no redis-server or valkey-server on PATH: using the embedded Redis, good for a look and not for load",
    );
  }
  return { ...(await startEmbeddedRedis()), kind: "embedded", exited: new Promise(() => {}) };
}

/** Whether `name` is an executable file in a directory of PATH. */
export function isOnPath(name: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function startBinary(
  binary: (typeof BINARIES)[number],
  data: RedisOptions["data"],
): Promise<StartedRedis> {
  const directory = data ? undefined : temporaryDirectory();
  const port = data?.port ?? (await freePort());
  const child = await startChild(binary, [
    ...["--bind", "127.0.0.1", "--port", `${port}`, "--dir", data?.dir ?? directory!.path],
    ...["--save", "", "--appendonly", data ? "yes" : "no", "--daemonize", "no"],
  ]);
  const stop = async () => {
    await child.stop();
    directory?.remove();
  };
  const url = `redis://127.0.0.1:${port}`;
  try {
    await untilReady(url, binary, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, kind: binary, exited: child.exited, stop };
}

async function untilReady(url: string, binary: string, child: Child): Promise<void> {
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!ended && Date.now() < deadline) {
    try {
      (await openRedis(url, () => {})).close();
      return;
    } catch {
      await sleep(20);
    }
  }
  throw new CommandError(`${binary} did not start:\n${child.tail()}`);
}
