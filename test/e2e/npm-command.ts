import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the person who runs the tests may have set for the commands: empty counts as unset. */
const UNSET = {
  REDIS_URL: "",
  GATEWAY_HOST: "",
  GATEWAY_TOKEN: "",
  UPSTASH_REDIS_REST_URL: "",
  UPSTASH_REDIS_REST_TOKEN: "",
};

export interface RunningProcess {
  pid: number;
  command: string;
}

/** A command of the project as a child process, with all that it starts. */
export class NpmCommand {
  /** Of this command alone, hence a mark on every process of it, also on those whose parent is gone. */
  readonly #temporary = mkdtempSync(join(tmpdir(), "command-"));
  readonly #process: ChildProcess;
  readonly #ended: Promise<number>;
  #output = "";

  constructor(command: readonly string[], env: NodeJS.ProcessEnv) {
    const [program = "", ...args] = command;
    this.#process = spawn(program, args, {
      env: { ...process.env, ...UNSET, ...env, TMPDIR: this.#temporary },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
        this.#process.emit("output");
      });
    }
    this.#ended = once(this.#process, "close").then(([code, signal]) => {
      this.#process.emit("output");
      return code ?? signal;
    });
  }

  get output(): string {
    return this.#output;
  }

  get lines(): string[] {
    return this.#output.trimEnd().split("\n");
  }

  /** The match of `pattern` in the output, once it is there. Rejects when the command ends without. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match) return match;
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
        throw new Error(`ended without ${pattern}:\n${this.#output}`);
      }
      await once(this.#process, "output");
    }
  }

  /** The exit code, once it has ended. */
  ended(): Promise<number> {
    return this.#ended;
  }

  /** Signals the process that was started (npm), as a supervisor would; the exit code, once it has ended. */
  signal(name: NodeJS.Signals): Promise<number> {
    this.#process.kill(name);
    return this.#ended;
  }

  /** What is running of it: itself, and whatever was started from it, orphaned or not. */
  processes(): RunningProcess[] {
    return runningProcesses(this.#temporary);
  }

  /** Directories of ours that are left in the place for temporary ones. */
  leftovers(): string[] {
    return readdirSync(this.#temporary).filter((name) => name.startsWith("slipstream-"));
  }

  /** For the end of a test, however it went. */
  async dispose(): Promise<void> {
    for (const { pid } of this.processes()) process.kill(pid, "SIGKILL");
    await this.#ended;
    rmSync(this.#temporary, { recursive: true, force: true });
  }
}

/**
 * Processes started with `directory` as their TMPDIR, or at work in it: redis-server overwrites its environment
 * but lives there. Zombies have neither.
 */
function runningProcesses(directory: string): RunningProcess[] {
  if (process.platform !== "linux") {
    const list = execFileSync("ps", ["-A", "-E", "-ww", "-o", "pid=,command="], { encoding: "utf8" });
    const lines = list.split("\n").filter((line) => line.includes(directory));
    return lines.map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
  }
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const traces = [readFileSync(`/proc/${name}/environ`, "latin1"), readlinkSync(`/proc/${name}/cwd`)];
      if (!traces.some((trace) => trace.includes(directory))) return [];
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      return [{ pid: Number(name), command }];
    } catch {
      return []; // it ended, or is not ours to look at
    }
  });
}
