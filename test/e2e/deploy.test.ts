import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import { PROJECT, WRANGLER_ENV } from "../../src/cli/wrangler.ts";
import { CloudflareApi } from "../fakes/cloudflare-api.ts";

const SECRET = "kept-to-ourselves";
const SECRETS = { UPSTASH_REDIS_REST_URL: `https://${SECRET}.test`, UPSTASH_REDIS_REST_TOKEN: SECRET };

let api: CloudflareApi;
const scratch = temporaryDirectory();
const secretsFile = join(scratch.path, "secrets");
writeFileSync(
  secretsFile,
  Object.entries(SECRETS)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(""),
);

beforeEach(async () => {
  api = new CloudflareApi();
  await api.start();
});
afterEach(() => api.stop());

/** Runs `npm run deploy` against the stand-in for Cloudflare's API. */
function deploy(...args: string[]): Promise<{ code: number; output: string }> {
  // What the environment holds would count more than the file does.
  const { UPSTASH_REDIS_REST_URL: _url, UPSTASH_REDIS_REST_TOKEN: _token, ...inherited } = process.env;
  const env = { ...inherited, ...WRANGLER_ENV, ...api.env, WRANGLER_LOG_PATH: join(scratch.path, "logs") };
  return new Promise((resolve) => {
    const child = execFile(
      "npm",
      ["run", "--silent", "deploy", "--", ...args],
      { cwd: PROJECT, env },
      (_, stdout, stderr) => resolve({ code: child.exitCode!, output: stdout + stderr }),
    );
  });
}

test("[Y-04] [V-10] a deployment uploads the Worker with its limits, classes and schedule, and secrets as such alone", async () => {
  const { code, output } = await deploy("--env", "", "--secrets-file", secretsFile);
  expect([code, output]).toEqual([0, expect.stringContaining("slipstream")]);
  const { metadata, files } = api.uploads[0]!;
  expect(metadata).toMatchObject({
    compatibility_date: "2026-10-20",
    compatibility_flags: ["no_web_socket_compression"],
    limits: { subrequests: 10_000_000 },
    migrations: {
      steps: [
        { new_sqlite_classes: ["SessionObject", "MetricsObject"] },
        { new_sqlite_classes: ["TrimmerObject"] },
      ],
    },
    code_update_strategy: { mode: "deferred", max_delay: 14_400 },
    observability: {
      redact_query_string: true,
      logs: { invocation_logs: false },
      traces: { enabled: false },
    },
  });
  const bindings = metadata.bindings as { name: string; type: string; text?: string }[];
  for (const [name, text] of Object.entries(SECRETS)) {
    expect(bindings).toContainEqual({ name, type: "secret_text", text });
  }
  expect(api.schedules).toEqual([[{ cron: "* * * * *" }]]);
  expect([...files.keys()]).toContain("index.js");
  const assets = readdirSync(join(PROJECT, "dist/assets"), { recursive: true, withFileTypes: true });
  const pageFiles = assets
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
  expect(pageFiles.length).toBeGreaterThan(2);
  const others = bindings.filter(({ type }) => type !== "secret_text");
  for (const text of [
    ...files.values(),
    ...pageFiles,
    JSON.stringify({ ...metadata, bindings: others }),
    output,
  ]) {
    expect(text).not.toContain(SECRET);
  }
});

test("[V-10] without its secrets a deployment is refused, by their names, and uploads nothing", async () => {
  const { code, output } = await deploy("--env", "");
  expect(code).not.toBe(0);
  for (const name of Object.keys(SECRETS)) expect(output).toContain(name);
  expect(api.uploads).toEqual([]);
});

test("[V-10] staging is a Worker of its own, and takes new code at once", async () => {
  const { code } = await deploy("--env", "staging", "--secrets-file", secretsFile);
  expect(code).toBe(0);
  expect(api.calls.some((call) => /\/scripts\/slipstream-staging/.test(call))).toBe(true);
  expect(api.calls.some((call) => /\/scripts\/slipstream(\/|$)/.test(call))).toBe(false);
  const { metadata } = api.uploads[0]!;
  expect(metadata).toMatchObject({
    limits: { subrequests: 10_000_000 },
    code_update_strategy: { mode: "immediate" },
    observability: { logs: { invocation_logs: false } },
  });
  const bindings = metadata.bindings as { name: string }[];
  expect(bindings.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["SESSIONS", "METRICS", "TRIMMER"]),
  );
});
