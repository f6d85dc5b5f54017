import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, type Log, startChild } from "./child.ts";
import { CommandError } from "./command-error.ts";
import { type Front, startFront } from "./front.ts";
import { freePort, requireFreePort } from "./ports.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { PROJECT, WRANGLER, WRANGLER_ENV } from "./wrangler.ts";

/** Bundling the viewer and the Worker on a slow machine, first run. */
const START_TIMEOUT_MS = 90_000;
const POLL_MS = 100;

const require = createRequire(import.meta.url);

export interface StartedWorker {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Resolves when it has ended, stopped or not. */
  readonly exited: Promise<void>;
  /** Kills it when it has not ended after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

export interface WorkerOptions {
  /** Where the Worker listens; any free port when absent or 0. */
  port?: number;
  /** Worker settings by name (`RTA_…`, `UPSTASH_…`). */
  vars: Readonly<Record<string, string>>;
  /** Further arguments for `wrangler dev`. */
  args?: readonly string[];
  /** Where the objects' storage is, and stays; a place that goes when the Worker stops, when absent. */
  storage?: string;
  /** wrangler's configuration file; the project's own when absent. */
  configPath?: string;
  /** Gets what wrangler and the Worker print once it answers; what they print before is for the error. */
  log: Log;
}

/**
 * Runs the Worker under `wrangler dev`, local only. Resolves once `GET /` answers; rejects with what wrangler said
 * when it does not come up.
 */
export async function startWorker(options: WorkerOptions): Promise<StartedWorker> {
  const port = options.port || (await freePort());
  await requireFreePort(port, "PORT");
  const upstreamPort = await freePort();
  const directory = temporaryDirectory();
  let answers = false;
  const child = await startChild(
    process.execPath,
    [
      ...[WRANGLER, "dev", "--config", options.configPath ?? join(PROJECT, "wrangler.toml")],
      ...["--ip", "127.0.0.1", "--port", `${upstreamPort}`, "--inspector-port", `${await freePort()}`],
      ...["--persist-to", options.storage ?? directory.path, "--show-interactive-dev-session", "false"],
      ...Object.entries(options.vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
      ...(options.args ?? []),
    ],
    {
      cwd: PROJECT,
      env: {
        ...newerRuntime(),
        ...process.env,
        ...WRANGLER_ENV,
        WRANGLER_REGISTRY_PATH: join(directory.path, "registry"),
        WRANGLER_LOG_PATH: join(directory.path, "logs"),
        TMPDIR: directory.path, // a wrangler that is killed leaves its own behind
      },
      onLine(line) {
        if (answers) options.log(line);
      },
    },
  );
  let front: Front | undefined;
  const stop = async (graceMs?: number) => {
    await front?.stop();
    await child.stop(graceMs);
    directory.remove();
  };
  try {
    await untilAnswering(`http://127.0.0.1:${upstreamPort}`, child);
    answers = true;
    front = await startFront("127.0.0.1", port, upstreamPort);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: front.url, exited: child.exited, stop };
}

/**
 * The runtime that the project brings beside wrangler's own, where there is one for this platform: wrangler 4.155
 * has none yet whose WebSockets tell `bufferedAmount`. Without it the Worker takes an estimate.
 */
function newerRuntime(): NodeJS.ProcessEnv {
  const arch = process.arch === "x64" ? "64" : process.arch;
  try {
    const binary = require.resolve(`@cloudflare/workerd-${process.platform}-${arch}/bin/workerd`);
    return { MINIFLARE_WORKERD_PATH: binary };
  } catch {
    return {};
  }
}

async function untilAnswering(url: string, child: Child): Promise<void> {
  const waiting = new AbortController();
  const gaveUp = AbortSignal.timeout(START_TIMEOUT_MS);
  void child.exited.then(() => waiting.abort());
  const signal = AbortSignal.any([waiting.signal, gaveUp]);
  while (!signal.aborted) {
    try {
      await (await fetch(url, { signal })).arrayBuffer();
      return;
    } catch {
      await sleep(POLL_MS);
    }
  }
  throw new CommandError(`wrangler dev ${gaveUp.aborted ? "did not answer" : "ended"}:\n${child.tail()}`);
}
