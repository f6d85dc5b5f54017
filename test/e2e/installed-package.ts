import { execFile } from "node:child_process";
import { accessSync, constants, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

export interface Ran {
  stdout: string;
  stderr: string;
}

/** The package as `npm run pack` makes it, installed in a folder that holds nothing else. */
export class InstalledPackage {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "package-")));
  /** Paths in the tarball. */
  readonly contents: readonly string[];

  private constructor(contents: readonly string[]) {
    this.contents = contents;
  }

  static async install(): Promise<InstalledPackage> {
    const run = promisify(execFile);
    const { stdout } = await run("npm", ["run", "--silent", "pack"], { cwd: PROJECT });
    const tarball = join(PROJECT, stdout.trim());
    const list = await run("tar", ["--list", "--gzip", "--file", tarball]);
    const contents = list.stdout
      .trim()
      .split("\n")
      .map((path) => path.replace(/^package\//, ""));
    const installed = new InstalledPackage(contents);
    writeFileSync(join(installed.folder, "package.json"), '{ "private": true, "type": "module" }');
    const options = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
    await run("npm", ["install", ...options, tarball], { cwd: installed.folder });
    return installed;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs a program in the folder; rejects when it fails, with what it said. */
  async run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    try {
      return await promisify(execFile)(program, args, { cwd: this.folder, env: { ...process.env, ...env } });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${(error as Ran).stdout}`);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The Node that npm scripts run on, and the machine's own. */
export function nodes(): string[] {
  const own = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((directory) => !directory.includes("node_modules"))
    .map((directory) => join(directory, "node"))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  if (own === undefined) throw new Error("There is no node on PATH but the project's own");
  return [...new Set([process.execPath, realpathSync(own)])];
}
