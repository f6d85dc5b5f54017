import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { startChild } from "../../src/cli/child.ts";
import { freePort } from "../../src/cli/ports.ts";
import { temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import type { Stage } from "./stage.ts";

const require = createRequire(import.meta.url);
const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** The runtime that the project brings for local runs, where there is one for this platform, else wrangler's. */
export function workerdBinary(): string {
  const arch = process.arch === "x64" ? "64" : process.arch;
  try {
    return require.resolve(`@cloudflare/workerd-linux-${arch}/bin/workerd`);
  } catch {
    return createRequire(require.resolve("wrangler/package.json")).resolve("workerd/bin/workerd");
  }
}

/** Something that serves viewers, in one process. */
export interface Subject {
  readonly pid: number;
  /** `ws://127.0.0.1:port` */
  readonly url: string;
  stop(): Promise<void>;
}

export interface WorkerdOptions {
  /** The Worker's main module, from the project's root. */
  readonly main: string;
  /** Classes of Durable Objects by the names of their bindings. */
  readonly objects: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  /** Where the runtime's inspector listens; none when absent. */
  readonly inspectorPort?: number;
}

/** The service itself, bundled as wrangler does it. */
export function startService(
  { backend }: Stage,
  vars: Readonly<Record<string, string>> = {},
  options: Pick<WorkerdOptions, "inspectorPort"> = {},
): Promise<Subject> {
  const objects = { SESSIONS: "SessionObject", METRICS: "MetricsObject", TRIMMER: "TrimmerObject" };
  const quiet = { RTA_ENABLETRIMMER: "false" };
  return startWorkerd({
    main: "src/worker/index.ts",
    objects,
    vars: { ...backend, ...quiet, ...vars },
    ...options,
  });
}

/** What polls at a fixed interval does it this often: with as many commands as the service may cost its gateway. */
export const PEER_POLL_MS = 87;

/** The least that any Worker does: polls, and sends the same bytes to every socket. */
export function startFloor({ backend }: Stage): Promise<Subject> {
  const vars = { ...backend, POLL_MS: `${PEER_POLL_MS}` };
  return startWorkerd({ main: "bench/workers/floor.ts", objects: { FLOOR: "FloorObject" }, vars });
}

/** The Worker that decodes and encodes for each viewer. */
export function startNaive({ backend }: Stage): Promise<Subject> {
  const vars = { ...backend, POLL_MS: `${PEER_POLL_MS}` };
  return startWorkerd({ main: "bench/workers/naive.ts", objects: { NAIVE: "NaiveObject" }, vars });
}

/** Runs a Worker in bare workerd: no wrangler, no proxy, no inspection in its way. */
export async function startWorkerd({ main, objects, vars, inspectorPort }: WorkerdOptions): Promise<Subject> {
  const directory = temporaryDirectory();
  const port = await freePort();
  await build({
    entryPoints: [path(main)],
    outfile: join(directory.path, "worker.js"),
    ...{ bundle: true, format: "esm", target: "esnext", conditions: ["workerd", "worker", "browser"] },
    ...{ external: ["cloudflare:*", "node:*"], logLevel: "error" },
  });
  mkdirSync(join(directory.path, "storage"));
  const file = join(directory.path, "config.capnp");
  writeFileSync(file, configuration(objects, vars, port));
  const inspector = inspectorPort === undefined ? [] : [`--inspector-addr=127.0.0.1:${inspectorPort}`];
  const child = await startChild(workerdBinary(), ["serve", file, "--experimental", ...inspector], {
    cwd: directory.path,
  });
  const stop = async (): Promise<void> => {
    // A running session would drain for minutes.
    await child.stop(0);
    directory.remove();
  };
  let over = false;
  void child.exited.then(() => {
    over = true;
  });
  while (!(await answers(`http://127.0.0.1:${port}`))) {
    if (over) throw new Error(`workerd ended:\n${child.tail()}`);
    await sleep(50);
  }
  return { pid: child.pid, url: `ws://127.0.0.1:${port}`, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** As wrangler.toml has it; the parts that the bench needs. */
function configuration(
  objects: WorkerdOptions["objects"],
  vars: WorkerdOptions["vars"],
  port: number,
): string {
  const wrangler = readFileSync(path("wrangler.toml"), "utf8");
  const date = /^compatibility_date = "(.+)"$/m.exec(wrangler)![1];
  const flags = /^compatibility_flags = (\[.+\])$/m.exec(wrangler)![1];
  const bindings = [
    ...Object.entries(vars).map(([name, value]) => `(name = "${name}", text = ${JSON.stringify(value)})`),
    ...Object.entries(objects).map(
      ([name, each]) => `(name = "${name}", durableObjectNamespace = "${each}")`,
    ),
  ];
  const namespaces = Object.values(objects).map(
    (each) => `(className = "${each}", uniqueKey = "${each}", enableSql = true)`,
  );
  return `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      compatibilityDate = "${date}",
      compatibilityFlags = ${flags},
      bindings = [${bindings.join(", ")}],
      durableObjectNamespaces = [${namespaces.join(", ")}],
      durableObjectStorage = (localDisk = "storage"),
      globalOutbound = "network",
    )),
    (name = "network", network = (allow = ["public", "private"])),
    (name = "storage", disk = (path = "storage", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`;
}
