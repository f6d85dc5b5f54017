import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export const MAIN = fileURLToPath(new URL("../../src/cli/slipstream/main.ts", import.meta.url));

/** What the person who runs the tests may have set: empty counts as unset. */
const UNSET = {
  REDIS_URL: "",
  UPSTASH_REDIS_REST_URL: "",
  UPSTASH_REDIS_REST_TOKEN: "",
  GATEWAY_TOKEN: "",
  SLIPSTREAM_URL: "",
  SLIPSTREAM_TOKEN: "",
  NO_COLOR: "",
  FORCE_COLOR: "",
};

const running = new Set<CliProcess>();

/** Kills what a test left running. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((each) => each.signal("SIGKILL")));
}

/** `slipstream` with these arguments, as a process of its own. */
export class CliProcess {
  stdout = "";
  stderr = "";
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | string>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}, input?: string | Buffer, cwd?: string) {
    this.#process = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      env: { ...process.env, ...UNSET, ...env },
    });
    for (const name of ["stdout", "stderr"] as const) {
      this.#process[name]!.setEncoding("utf8").on("data", (text: string) => {
        this[name] += text;
        this.#process.emit("output");
      });
    }
    this.#process.stdin!.end(input);
    running.add(this);
    this.#ended = once(this.#process, "close").then(([code, signal]) => {
      running.delete(this);
      this.#process.emit("output");
      return code ?? signal;
    });
  }

  /** The exit code, or the signal that killed it, once it has ended. */
  ended(): Promise<number | string> {
    return this.#ended;
  }

  signal(name: NodeJS.Signals): Promise<number | string> {
    this.#process.kill(name);
    return this.#ended;
  }

  /** The match of `pattern` in one of the outputs, once it is there. Rejects when the process ends without. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (match) return match;
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
        throw new Error(`ended without ${pattern}:\n${this.stdout}\n${this.stderr}`);
      }
      await once(this.#process, "output");
    }
  }
}

export interface CliResult {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `slipstream` to its end. */
export async function slipstream(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input?: string | Buffer,
  cwd?: string,
): Promise<CliResult> {
  const command = new CliProcess(args, env, input, cwd);
  const code = await command.ended();
  return { code, stdout: command.stdout, stderr: command.stderr };
}
