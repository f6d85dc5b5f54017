import { execFile } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Child, startChild } from "../../src/cli/child.ts";
import { freePort } from "../../src/cli/ports.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { RestClient } from "./rest-client.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const [, ...FINAL_STAGE] = readFileSync(join(ROOT, "docs/gateway.Dockerfile"), "utf8")
  .split(/^(?=FROM )/m)
  .at(-1)!
  .replaceAll("\\\n", " ")
  .split("\n");
const instructions = (name: string) =>
  FINAL_STAGE.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1).trim());

const image = mkdtempSync(join(tmpdir(), "slipstream-image-"));
let redis: StartedRedis;
beforeAll(async () => {
  redis = await startRedis({ log: () => {} });
  for (const copy of instructions("COPY")) layOut(copy.split(/\s+/));
});
afterAll(async () => {
  await redis?.stop();
  rmSync(image, { recursive: true });
});

/** What COPY does: files into a directory, a directory as another. */
function layOut(words: string[]): void {
  const [target, ...sources] = words.filter((word) => !word.startsWith("--")).toReversed();
  for (const source of sources.flatMap((each) => globSync(each.replace(/^\/app\//, ""), { cwd: ROOT }))) {
    const to = join(image, target!.endsWith("/") ? join(target!, basename(source)) : target!);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(ROOT, source), to, { recursive: true });
  }
}

test("the files of docs/gateway.Dockerfile alone are a gateway that is healthy, serves and ends on SIGTERM", async () => {
  const env = {
    PATH: dirname(process.execPath),
    ...Object.fromEntries(
      instructions("ENV").flatMap((line) => line.split(" ").map((pair) => pair.split("="))),
    ),
    GATEWAY_PORT: `${await freePort()}`,
    GATEWAY_TOKEN: "image-token",
    REDIS_URL: redis.url,
  };
  const ready = Promise.withResolvers<void>();
  const [, program, ...args] = /^\["(node)", "(.*)"\]$/.exec(instructions("CMD").at(-1)!)!;
  const child: Child = await startChild(program!, args, {
    cwd: image,
    env,
    onLine: (line) => {
      if (line.startsWith("ready ")) ready.resolve();
    },
  });
  void child.exited.then(() => ready.reject(new Error(child.tail())));
  try {
    await ready.promise;
    const [program, ...probe] = JSON.parse(/^.*CMD (\[.*\])$/.exec(instructions("HEALTHCHECK")[0]!)![1]!);
    const isHealthy = promisify(execFile)(program, probe, { env });
    await expect(isHealthy).resolves.toBeDefined();
    const rest = new RestClient(`http://127.0.0.1:${env.GATEWAY_PORT}`, "image-token");
    expect(await rest.text("PING")).toBe("PONG");
  } finally {
    await child.stop();
  }
  await expect(fetch(`http://127.0.0.1:${env.GATEWAY_PORT}/health`)).rejects.toThrow();
});

test("it does not run as root", () => {
  expect(instructions("USER")).toEqual(["node"]);
});
