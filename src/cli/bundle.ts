import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { temporaryDirectory } from "./temporary-directory.ts";
import { PROJECT, WRANGLER, WRANGLER_ENV } from "./wrangler.ts";

/** An isolate loads all of it when it starts; the platform takes 3 MB. */
const BUDGET_BYTES = 96 * 1024;
const ENVIRONMENTS = ["", "staging"];

/** `npm run bundle`: what `npm run deploy` would upload, for each environment of wrangler.toml; uploads nothing. */
async function bundle(environment: string): Promise<void> {
  const { path, remove } = temporaryDirectory();
  const args = [WRANGLER, "deploy", "--dry-run", "--env", environment, "--outdir", path];
  try {
    await promisify(execFile)(process.execPath, args, {
      cwd: PROJECT,
      env: { ...process.env, ...WRANGLER_ENV, WRANGLER_LOG_PATH: join(path, "logs") },
    });
    const code = await readFile(join(path, "index.js"));
    const { length } = await promisify(gzip)(code);
    const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
    const size = `${kib(code.length)}, ${kib(length)} gzipped`;
    if (length > BUDGET_BYTES) throw new Error(`${size}; the budget is ${kib(BUDGET_BYTES)}`);
    console.log(`Worker (${environment || "production"}): ${size}`);
  } finally {
    remove();
  }
}

for (const environment of ENVIRONMENTS) {
  try {
    await bundle(environment);
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as Error & { stdout?: string; stderr?: string };
    console.error(`${stdout}${stderr}slipstream: Worker (${environment || "production"}): ${message}`);
    process.exitCode = 1;
  }
}
