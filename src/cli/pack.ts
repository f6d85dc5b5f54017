import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "./temporary-directory.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = join(PROJECT, "dist");

/**
 * `npm run pack`: the package as it is published, `dist/slipstream-VERSION.tgz`. Its manifest is this project's without
 * what belongs to a checkout, above all the optional dependencies, which are a runtime of 155 MB.
 */
const {
  private: _,
  scripts,
  devDependencies,
  optionalDependencies,
  allowScripts,
  ...manifest
} = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as Record<string, unknown> & {
  files: string[];
};

execFileSync("npm", ["run", "--silent", "build:package"], { cwd: PROJECT, stdio: "inherit" });
const staging = temporaryDirectory();
try {
  for (const path of [...manifest.files, "README.md", "LICENSE"]) {
    mkdirSync(dirname(join(staging.path, path)), { recursive: true });
    cpSync(join(PROJECT, path), join(staging.path, path), { recursive: true });
  }
  writeFileSync(join(staging.path, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  mkdirSync(DIST, { recursive: true });
  const name = execFileSync("npm", ["pack", "--silent", "--pack-destination", DIST], {
    cwd: staging.path,
    encoding: "utf8",
  }).trim();
  console.log(join("dist", name));
} finally {
  staging.remove();
}
