import type { CliContext } from "./context.ts";

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";
const CLEAR_ALL = "\x1b[2J\x1b[H";

/** Lines at the end of a terminal that are drawn again and again in their place, and stay when it is over. */
export class Screen {
  readonly #stdout: NodeJS.WriteStream;
  #height = 0;

  constructor(context: CliContext) {
    this.#stdout = context.process.stdout;
    this.#stdout.write(HIDE_CURSOR);
    this.#stdout.on("resize", this.#resized);
    context.process.once("exit", this.#restore);
  }

  get columns(): number {
    return this.#stdout.columns;
  }

  get rows(): number {
    return this.#stdout.rows;
  }

  /** Draws lines that are no wider than the terminal, and no more than it has rows. */
  draw(lines: readonly string[]): void {
    const up = this.#height > 1 ? `\x1b[${this.#height - 1}A` : "";
    this.#height = lines.length;
    this.#stdout.write(`${up}\r${lines.join(`${CLEAR_LINE}\n`)}${CLEAR_LINE}${CLEAR_BELOW}`);
  }

  close(context: CliContext): void {
    this.#stdout.off("resize", this.#resized);
    context.process.off("exit", this.#restore);
    this.#stdout.write("\n");
    this.#restore();
  }

  readonly #restore = (): void => {
    this.#stdout.write(SHOW_CURSOR);
  };

  /** Lines that were wrapped or unwrapped are no longer where they were. */
  readonly #resized = (): void => {
    this.#height = 0;
    this.#stdout.write(CLEAR_ALL);
  };
}
