import { execFileSync, spawnSync } from "node:child_process";
import { isOnPath } from "../../src/cli/redis.ts";
import { PYTHON } from "./python.ts";

/** What the tests run against, by the name of its Debian package, and whether it is there. */
const REQUIREMENTS: Readonly<Record<string, () => boolean>> = {
  "redis-server": () => isOnPath("redis-server"),
  chromium: () => isOnPath("chromium"),
  "protobuf-compiler": () => isOnPath("protoc"),
  "python3-protobuf": () => hasModule("google.protobuf"),
  "python3-lz4": () => hasModule("lz4.block"),
  "python3-redis": () => hasModule("redis"),
};

/** Makes sure that the real parts are there: installs them where nobody has to be asked, else says how to. */
export function setup(): void {
  const missing = Object.keys(REQUIREMENTS).filter((name) => !REQUIREMENTS[name]!());
  if (missing.length === 0) return;
  const install = ["install", "--yes", "--no-install-recommends", ...missing];
  if (!isOnPath("apt-get")) {
    throw new Error(`The tests need ${missing.join(", ")}: install them with your package manager`);
  }
  if (process.getuid?.() !== 0) {
    const command = `sudo apt-get update && sudo apt-get ${install.join(" ")}`;
    throw new Error(`The tests need ${missing.join(", ")}: ${command}`);
  }
  console.log(`installing ${missing.join(", ")}`);
  for (const args of [["update"], install]) {
    execFileSync("apt-get", ["--quiet=2", ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
}

function hasModule(name: string): boolean {
  return spawnSync(PYTHON, ["-c", `import ${name}`]).status === 0;
}
