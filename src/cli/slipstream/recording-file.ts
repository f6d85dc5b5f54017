import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { CommandError } from "../command-error.ts";
import type { CliContext } from "./context.ts";
import { type OpenRecording, readRecording } from "./recording.ts";

/** How much a machine that loses its power may take with it. */
const SYNC_INTERVAL_MS = 1_000;

/** Takes text and writes it when told. */
export interface Sink {
  readonly bytes: number;
  write(text: string): void;
  /** Resolves when what was written is with the operating system. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Creates a file; `-` is standard output. Rejects with CommandError when it is there already, unless `force`. */
export async function createSink(path: string, force: boolean, context: CliContext): Promise<Sink> {
  if (path === "-") return new OutputSink(context);
  try {
    return new FileSink(await open(path, force ? "w" : "wx"), path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") throw new CommandError(`cannot write to ${path} (${code})`);
    throw new CommandError(`${path} is there already; --force writes over it`);
  }
}

abstract class BufferedSink implements Sink {
  bytes = 0;
  #waiting: string[] = [];

  write(text: string): void {
    this.#waiting.push(text);
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const bytes = Buffer.from(this.#waiting.join(""));
    this.#waiting = [];
    this.bytes += bytes.length;
    await this.put(bytes);
  }

  abstract close(): Promise<void>;
  protected abstract put(bytes: Buffer): Promise<void>;
}

class FileSink extends BufferedSink {
  readonly #file: FileHandle;
  readonly #path: string;
  #lastSyncMs = Date.now();

  constructor(file: FileHandle, path: string) {
    super();
    this.#file = file;
    this.#path = path;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file.sync().catch(() => {}); // pipes and devices have nothing to sync
    await this.#file.close();
  }

  protected async put(bytes: Buffer): Promise<void> {
    try {
      await this.#file.appendFile(bytes);
      if (Date.now() - this.#lastSyncMs < SYNC_INTERVAL_MS) return;
      this.#lastSyncMs = Date.now();
      await this.#file.datasync().catch(() => {});
    } catch (error) {
      throw new CommandError(`cannot write to ${this.#path} (${(error as NodeJS.ErrnoException).code})`);
    }
  }
}

class OutputSink extends BufferedSink {
  readonly #output: NodeJS.WriteStream;

  constructor(context: CliContext) {
    super();
    this.#output = context.process.stdout;
  }

  close(): Promise<void> {
    return this.flush();
  }

  protected async put(bytes: Buffer): Promise<void> {
    await new Promise<void>((resolve) => this.#output.write(bytes, () => resolve()));
  }
}

/** Opens a recording; `-` is standard input. Rejects with CommandError for what is none. */
export async function openRecording(path: string, context: CliContext): Promise<OpenRecording> {
  const input = path === "-" ? context.process.stdin : createReadStream(path);
  return readRecording(linesOf(input, path), path);
}

/** Throws CommandError for a file that cannot be read. */
export async function* linesOf(input: NodeJS.ReadableStream, name: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw new CommandError(`cannot read ${name} (${(error as NodeJS.ErrnoException).code})`);
  }
}
