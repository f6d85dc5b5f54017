import type { CliContext } from "./context.ts";

const TERMINAL_INTERVAL_MS = 200;
const LOG_INTERVAL_MS = 10_000;

/** How far long work has come, on standard error: one line that changes on a terminal, else a line now and then. */
export class Progress {
  readonly #stderr: NodeJS.WriteStream;
  readonly #isTerminal: boolean;
  #lastMs: number;

  constructor(context: CliContext) {
    this.#stderr = context.process.stderr;
    this.#isTerminal = this.#stderr.isTTY === true;
    this.#lastMs = this.#isTerminal ? 0 : Date.now();
  }

  /** `text` is asked for when it is time for it. */
  update(text: () => string): void {
    const nowMs = Date.now();
    if (nowMs - this.#lastMs < (this.#isTerminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)) return;
    this.#lastMs = nowMs;
    if (!this.#isTerminal) this.#stderr.write(`${text()}\n`);
    else this.#stderr.write(`\r\x1b[K${text().slice(0, Math.max(this.#stderr.columns - 1, 1))}`);
  }

  /** A line that stays. */
  note(line: string): void {
    this.#stderr.write(`${this.#isTerminal ? "\r\x1b[K" : ""}${line}\n`);
    this.#lastMs = this.#isTerminal ? 0 : Date.now();
  }
}
