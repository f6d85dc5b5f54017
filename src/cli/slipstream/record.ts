import { isClosed } from "../../producer/index.ts";
import { streamIdMs } from "../../wire/stream-id.ts";
import { metadataOf } from "./burst-metadata.ts";
import { type CliContext, EXIT, pause, print, UsageError } from "./context.ts";
import type { JsonFlag, RedisFlags } from "./flags.ts";
import { Progress } from "./progress.ts";
import { RecordingWriter } from "./recording.ts";
import { createSink, type Sink } from "./recording-file.ts";
import { openReader, RedisAwayError } from "./redis-reader.ts";
import { requireSession } from "./session-place.ts";
import { SessionReader } from "./session-reader.ts";
import { bytesText, countText, durationText } from "./units.ts";
import { VERSION } from "./version.ts";

export interface RecordFlags extends RedisFlags, JsonFlag {
  readonly start: "beginning" | "now";
  readonly follow: boolean;
  readonly duration?: number;
  readonly force?: boolean;
}

/** Far below what the shortest stream holds, and ids tell when entries were written. */
const POLL_MS = 200;
const LOOK_MS = 1_000;
/** A closed session may still get late entries. */
const LINGER_MS = 10_000;
const LONGEST_DELAY_MS = 5_000;

/** `slipstream record`: everything that a session has in its stream, then what comes, into one file. */
export async function record(
  this: CliContext,
  flags: RecordFlags,
  identity: string,
  path: string,
): Promise<void> {
  if (flags.json && path === "-")
    throw new UsageError("--json and a recording cannot both go to standard output");
  const redis = await openReader(flags, this);
  try {
    const session = await requireSession(redis, identity);
    const sink = await createSink(path, flags.force ?? false, this);
    const header = { identity, recordedAt: new Date().toISOString(), software: `slipstream ${VERSION}` };
    const writer = new RecordingWriter((text) => sink.write(text), header);
    writer.session(session.fields);
    const recorder = new Recorder(this, flags, new SessionReader(redis, session), writer, sink);
    try {
      await recorder.run();
      writer.end();
    } finally {
      await sink.close();
    }
    await recorder.report(path);
    if (recorder.gaps > 0) this.process.exitCode = EXIT.failed;
  } finally {
    redis.close();
  }
}

class Recorder {
  gaps = 0;
  readonly #context: CliContext;
  readonly #flags: RecordFlags;
  readonly #reader: SessionReader;
  readonly #writer: RecordingWriter;
  readonly #sink: Sink;
  readonly #progress: Progress;
  readonly #startMs = Date.now();
  #lookedMs = 0;
  #firstId: string | undefined;
  #lastId: string | undefined;
  #state: "live" | "closed" | "gone" | "stopped" = "live";

  constructor(
    context: CliContext,
    flags: RecordFlags,
    reader: SessionReader,
    writer: RecordingWriter,
    sink: Sink,
  ) {
    this.#context = context;
    this.#flags = flags;
    this.#reader = reader;
    this.#writer = writer;
    this.#sink = sink;
    this.#progress = new Progress(context);
  }

  async run(): Promise<void> {
    const { stop } = this.#context;
    if (this.#flags.start === "now") await this.#reader.skipToEnd();
    let failures = 0;
    while (!stop.aborted) {
      try {
        if (!(await this.#turn())) return;
        failures = 0;
      } catch (error) {
        if (!(error instanceof RedisAwayError)) throw error;
        if (failures === 0) this.#progress.note(`${error.message}; trying again`);
        await pause(this.#context, Math.min(POLL_MS * 2 ** failures++, LONGEST_DELAY_MS));
      }
    }
    this.#state = "stopped";
  }

  /** Records what there is. False when the recording is complete. */
  async #turn(): Promise<boolean> {
    const { entries, isEnd } = await this.#reader.next();
    for (const entry of entries) {
      if (this.#firstId === undefined && this.#flags.start === "beginning" && !metadataOf(entry)?.isFirst) {
        this.#gap(null, "the session's beginning has been trimmed from its stream");
      }
      this.#firstId ??= entry.id;
      this.#lastId = entry.id;
      this.#writer.entry(entry);
    }
    await this.#sink.flush();
    this.#progress.update(() => `recording ${this.#amount()}; Ctrl+C ends it`);
    if (!isEnd) return true;
    const { duration } = this.#flags;
    if (duration !== undefined && Date.now() - this.#startMs >= duration * 1000) return false;
    if (Date.now() - this.#lookedMs >= LOOK_MS || !this.#flags.follow) {
      if (!(await this.#look())) return false;
    }
    await pause(this.#context, POLL_MS);
    return true;
  }

  async #look(): Promise<boolean> {
    this.#lookedMs = Date.now();
    const { changed, lost, wentBack, quietMs } = await this.#reader.look();
    if (changed) this.#writer.session(changed.fields);
    if (lost > 0)
      this.#gap(lost, `${countText(lost, "entry", "entries")} of the stream went unread: trimmed too soon`);
    if (wentBack) {
      this.#gap(null, "the stream is not the one that it was; starting over with what it holds");
      this.#reader.restart();
      return true;
    }
    if (!this.#flags.follow) return false;
    if (changed === null) {
      this.#state = "gone";
      return false;
    }
    const isOver = isClosed(this.#reader.session.json ?? "") && quietMs >= LINGER_MS;
    if (isOver) this.#state = "closed";
    return !isOver;
  }

  #gap(entries: number | null, words: string): void {
    this.gaps += 1;
    this.#writer.gap(entries);
    this.#progress.note(words);
  }

  #amount(): string {
    const { entries } = this.#writer;
    return `${countText(entries, "entry", "entries")}, ${bytesText(this.#sink.bytes)}, ${durationText(this.#spanMs)}`;
  }

  get #spanMs(): number {
    if (this.#firstId === undefined || this.#lastId === undefined) return 0;
    return streamIdMs(this.#lastId) - streamIdMs(this.#firstId);
  }

  async report(path: string): Promise<void> {
    const reason = {
      live: "",
      closed: "the session is closed; ",
      gone: "the session's entry is gone; ",
      stopped: "",
    }[this.#state];
    this.#progress.note(`${reason}${path}: ${this.#amount()}`);
    if (!this.#flags.json) return;
    await print(
      this.#context,
      JSON.stringify({
        file: path,
        streamName: this.#reader.session.streamName,
        entries: this.#writer.entries,
        bytes: this.#sink.bytes,
        seconds: this.#spanMs / 1000,
        firstId: this.#firstId ?? null,
        lastId: this.#lastId ?? null,
        gaps: this.gaps,
      }),
    );
  }
}
