#!/usr/bin/env node
/**
 * The bin `slipstream`, in plain JavaScript so that any Node from 20 on can start it. In the package what is behind it
 * is compiled. In a checkout it is TypeScript, for which the Node that the project brings is taken where the running
 * one cannot read it.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("slipstream/main.ts", import.meta.url));
if (!existsSync(main)) {
  await import("../../dist/cli/slipstream/main.js");
} else if (process.features.typescript) {
  await import("./slipstream/main.ts");
} else {
  const node = createRequire(import.meta.url).resolve("node/bin/node");
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal signals both processes, a supervisor this one alone: told twice, the child stops once.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => {
    console.error(`slipstream: cannot start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.once("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
