import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { atExit } from "./at-exit.ts";

/** Takes one line of text for the person at the terminal. */
export type Log = (line: string) => void;

/** Output lines kept to explain why a child stopped: a failed bundle prints about this many. */
const TAIL_LINES = 200;
/** How long SIGTERM may take before SIGKILL: a workerd with a running session drains for minutes. */
const DEFAULT_GRACE_MS = 2000;
/** Dead members of a group may wait for an init that never reaps them: do not wait for that forever. */
const GROUP_GONE_MS = 500;

export interface Child {
  readonly pid: number;
  /** Resolves once the child and every process of its group is gone. */
  readonly exited: Promise<void>;
  /** The last lines it wrote, to stdout and stderr. */
  tail(): string;
  /** SIGTERM to the group, SIGKILL after `graceMs`; resolves with `exited`. */
  stop(graceMs?: number): Promise<void>;
}

export interface ChildOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Called with every line the child writes. */
  onLine?: Log;
}

/**
 * Starts a process in a group of its own. A Ctrl+C in the terminal therefore reaches only us, who decide the
 * order of stopping; and nothing of the group outlives the child or this process. Rejects when it cannot start.
 */
export async function startChild(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<Child> {
  const child = spawn(command, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: options.env ?? process.env,
    cwd: options.cwd,
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  const pid = child.pid!;
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > TAIL_LINES) lines.shift();
      options.onLine?.(line);
    });
  }
  const killGroup = () => signalGroup(pid, "SIGKILL");
  const forget = atExit(killGroup);
  child.once("exit", killGroup);
  const exited = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  }).then(async () => {
    await groupGone(pid);
    forget();
  });
  return {
    pid,
    exited,
    tail: () => lines.join("\n"),
    async stop(graceMs = DEFAULT_GRACE_MS) {
      signalGroup(pid, "SIGTERM");
      const timer = setTimeout(killGroup, graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false; // the group is gone
  }
}

async function groupGone(pid: number): Promise<void> {
  const deadline = Date.now() + GROUP_GONE_MS;
  while (signalGroup(pid, 0) && Date.now() < deadline) await sleep(20);
}
