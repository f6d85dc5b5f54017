import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Figure } from "./part.ts";
import { describeMachine, renderFigures } from "./report.ts";

/**
 * `npm run bench [-- [--short] [NAME…]]`: the parts one after the other, each in a process of its own, as a table and
 * as `bench/results.json`. Ends with 1 when a part broke, whatever the figures of the others.
 */

const PARTS = readdirSync(new URL("parts/", import.meta.url)).map((file) => file.replace(/\.ts$/, ""));

/** What the process of a part answers. */
export interface PartResult {
  readonly title: string;
  readonly figures: readonly Figure[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: "boolean", default: false } },
});
const unknown = positionals.find((name) => !PARTS.includes(name));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}; there are ${PARTS.join(", ")}.`);
  process.exit(2);
}

const machine = describeMachine();
for (const [name, value] of Object.entries(machine)) console.log(`${name.padEnd(14)} ${value}`);

const results: Record<string, PartResult> = {};
const broken: string[] = [];
for (const name of positionals.length > 0 ? positionals : PARTS) {
  const startedMs = Date.now();
  const result = await runPart(name);
  if (result) {
    results[name] = result;
    console.log(renderFigures(`${result.title} (${name}, ${seconds(startedMs)} s)`, result.figures));
  } else {
    broken.push(name);
    console.log(`\n${name}: broken`);
  }
}
const report = { at: new Date().toISOString(), short: values.short, machine, broken, results };
writeFileSync(new URL("results.json", import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
if (broken.length > 0) process.exitCode = 1;

/** Null for one that broke, or had nothing to say. */
async function runPart(name: string): Promise<PartResult | null> {
  let result: PartResult | null = null;
  const args = [name, ...(values.short ? ["--short"] : [])];
  const child = fork(new URL("run-part.ts", import.meta.url), args, { execArgv: ["--expose-gc"] });
  child.on("message", (message) => {
    result = message as PartResult;
  });
  const [code] = await once(child, "exit");
  return code === 0 ? result : null;
}

function seconds(sinceMs: number): string {
  return ((Date.now() - sinceMs) / 1000).toFixed(0);
}
