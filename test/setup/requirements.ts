import { execFileSync } from "node:child_process";
import { isOnPath } from "../../src/cli/redis.ts";

/** What the tests run against, by the name of the program, which is also that of its Debian package. */
const PROGRAMS = ["redis-server", "chromium"];

/** Makes sure that the real parts are there: installs them where nobody has to be asked, else says how to. */
export function setup(): void {
  const missing = PROGRAMS.filter((program) => !isOnPath(program));
  if (missing.length === 0) return;
  const install = ["install", "--yes", "--no-install-recommends", ...missing];
  if (!isOnPath("apt-get")) {
    throw new Error(
      `The tests need ${missing.join(" and ")} on PATH: install them with your package manager`,
    );
  }
  if (process.getuid?.() !== 0) {
    const command = `sudo apt-get update && sudo apt-get ${install.join(" ")}`;
    throw new Error(`The tests need ${missing.join(" and ")} on PATH: ${command}`);
  }
  console.log(`installing ${missing.join(" and ")}`);
  for (const args of [["update"], install]) {
    execFileSync("apt-get", ["--quiet=2", ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
}
