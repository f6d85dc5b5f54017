import { spawnSync } from "node:child_process";
import { PROJECT } from "./wrangler.ts";

/** What `npm audit --json` prints, as far as it is read. */
interface Report {
  /** Where the registry has answered with an audit. */
  readonly metadata?: {
    readonly vulnerabilities: { readonly total: number };
    readonly dependencies: { total: number };
  };
  readonly message?: string;
}

/**
 * `npm run audit`: asks the registry for known vulnerabilities of what is installed. Exit code 0: none; 1: some; 2: it
 * could not be asked, and nothing was checked. What follows `--` goes to `npm audit`.
 */
const args = ["audit", ...process.argv.slice(2)];
const { stdout, stderr } = spawnSync("npm", [...args, "--json"], { cwd: PROJECT, encoding: "utf8" });
const { metadata, message } = reportOf(stdout);
if (metadata === undefined) {
  const reason = (message ?? stderr.trim()) || "no answer";
  console.error(`slipstream: nothing was checked: the registry offers no audit (${reason})`);
  console.error("Ask another one: npm run audit -- --registry=URL");
  process.exitCode = 2;
} else if (metadata.vulnerabilities.total > 0) {
  spawnSync("npm", args, { cwd: PROJECT, stdio: "inherit" });
  process.exitCode = 1;
} else {
  console.log(`no known vulnerability in ${metadata.dependencies.total} packages`);
}

function reportOf(text: string): Report {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return {};
  }
}
