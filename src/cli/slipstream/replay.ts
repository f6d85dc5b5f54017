import { streamIdMs } from "../../wire/stream-id.ts";
import { CommandError } from "../command-error.ts";
import { openRedis } from "../gateway-redis.ts";
import { fieldOf } from "./burst-metadata.ts";
import { type CliContext, EXIT, note, pause, print } from "./context.ts";
import type { JsonFlag } from "./flags.ts";
import { Progress } from "./progress.ts";
import type { StreamEntry } from "./recording.ts";
import { openRecording } from "./recording-file.ts";
import { overResp } from "./redis-reader.ts";
import { writableUrl } from "./redis-writable.ts";
import { ReplayClock, type Speed } from "./replay-clock.ts";
import { ReplayedSession } from "./replayed-session.ts";
import { findSession } from "./session-place.ts";
import { countText, durationText } from "./units.ts";

export interface ReplayFlags extends JsonFlag {
  readonly redis?: string;
  readonly identity?: string;
  readonly stream?: string;
  readonly speed: Speed;
  readonly replace?: boolean;
}

/** Of one transaction: Redis is not held up, and one of its connections' buffers not filled. */
const MAX_BATCH_BYTES = 1024 * 1024;
const MAX_BATCH_ENTRIES = 500;

/** `slipstream replay`: writes a recording into Redis, entry by entry as it was. */
export async function replay(this: CliContext, flags: ReplayFlags, path: string): Promise<void> {
  const url = writableUrl(flags.redis, this);
  const { header, parts } = await openRecording(path, this);
  const { value: first } = await parts.next();
  if (first?.kind !== "session") throw new CommandError(`${path} does not say what its session was`);
  const redis = await openRedis(url, (line) => note(this, line));
  try {
    const target = {
      identity: flags.identity ?? header.identity,
      streamName: flags.stream ?? fieldOf(first, "streamName")?.toString() ?? "",
      isNew: flags.identity !== undefined && flags.identity !== header.identity,
    };
    const present = await findSession(overResp(redis, ""), target.identity);
    if (present && !flags.replace) {
      throw new CommandError(
        `Redis has a session "${target.identity}": --identity NAME replays beside it, --replace in its place`,
      );
    }
    const replayer = new Replayer(this, flags.speed, new ReplayedSession(redis, target));
    let isWhole = false;
    let session: readonly Buffer[] | undefined = first.fields;
    for await (const part of parts) {
      if (this.stop.aborted) break;
      if (session && part.kind !== "gap") {
        await replayer.open(session, part.kind === "entry" ? part.entry : undefined);
        session = undefined;
      }
      if (part.kind === "entry") await replayer.entry(part.entry);
      else if (part.kind === "session") await replayer.update(part.fields);
      else if (part.kind === "end") isWhole = true;
      else replayer.note("entries are missing here: they were trimmed before they could be recorded");
    }
    if (session && !this.stop.aborted) await replayer.open(session, undefined);
    await replayer.flush();
    if (!isWhole && !this.stop.aborted)
      replayer.note(`${path} was cut off; everything up to there is replayed`);
    await replayer.report(target.identity, target.streamName, flags.json ?? false);
    if (this.stop.aborted) this.process.exitCode = EXIT.failed;
  } finally {
    redis.close();
  }
}

class Replayer {
  readonly #context: CliContext;
  readonly #speed: Speed;
  readonly #session: ReplayedSession;
  readonly #progress: Progress;
  #clock: ReplayClock | undefined;
  #startMs = 0;
  #batch: StreamEntry[] = [];
  #batchBytes = 0;
  #entries = 0;
  #firstMs = 0;
  #lastMs = 0;

  constructor(context: CliContext, speed: Speed, session: ReplayedSession) {
    this.#context = context;
    this.#speed = speed;
    this.#session = session;
    this.#progress = new Progress(context);
  }

  async open(fields: readonly Buffer[], first: StreamEntry | undefined): Promise<void> {
    await this.#session.open(fields, first);
    if (first === undefined) return;
    const { lastId, nowMs } = await this.#session.now();
    this.#clock = new ReplayClock(first.id, lastId, this.#speed, nowMs);
    this.#startMs = performance.now();
    this.#firstMs = streamIdMs(first.id);
    if (this.#clock.rule === "now") {
      this.note(
        "the stream holds newer entries than the recording: ids follow on those, without their timing",
      );
    }
  }

  /** Waits until the entry is due. What is due at once goes out together. */
  async entry(entry: StreamEntry): Promise<void> {
    const dueMs = this.#startMs + this.#clock!.dueAfterMs(entry.id);
    if (dueMs > performance.now()) {
      await this.flush();
      while (dueMs > performance.now() && !this.#context.stop.aborted) {
        this.#tell();
        await pause(this.#context, Math.min(dueMs - performance.now(), 1000));
      }
      if (this.#context.stop.aborted) return;
    }
    this.#batch.push(entry);
    this.#batchBytes += entry.fields.reduce((bytes, field) => bytes + field.length, 0);
    this.#lastMs = streamIdMs(entry.id);
    if (this.#batchBytes >= MAX_BATCH_BYTES || this.#batch.length >= MAX_BATCH_ENTRIES) await this.flush();
  }

  async update(fields: readonly Buffer[]): Promise<void> {
    await this.flush();
    await this.#session.update(fields);
  }

  async flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    await this.#session.write(this.#batch, this.#clock!);
    this.#entries += this.#batch.length;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#tell();
  }

  note(line: string): void {
    this.#progress.note(line);
  }

  async report(identity: string, streamName: string, json: boolean): Promise<void> {
    const stopped = this.#context.stop.aborted ? "stopped; the session stays as it is now; " : "";
    this.note(`${stopped}session ${JSON.stringify(identity)} in stream:${streamName}: ${this.#amount()}`);
    if (!json) return;
    const { rule = null } = this.#clock ?? {};
    await print(
      this.#context,
      JSON.stringify({
        identity,
        streamName,
        entries: this.#entries,
        seconds: this.#spanMs / 1000,
        ids: rule,
      }),
    );
  }

  get #spanMs(): number {
    return Math.max(this.#lastMs - this.#firstMs, 0);
  }

  #tell(): void {
    this.#progress.update(() => `replaying ${this.#amount()}; Ctrl+C stops`);
  }

  #amount(): string {
    return `${countText(this.#entries, "entry", "entries")}, ${durationText(this.#spanMs)} of recording`;
  }
}
