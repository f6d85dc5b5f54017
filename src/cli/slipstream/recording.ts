import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { CommandError } from "../command-error.ts";

/** What a recording is made of, in the order of the stream. docs/RECORDING.md describes the file. */
export type RecordingPart =
  /** The session's entry in Redis from here on, as fields and values. */
  | { readonly kind: "session"; readonly fields: readonly Buffer[] }
  /** One entry of the stream. */
  | { readonly kind: "entry"; readonly entry: StreamEntry }
  /** Entries were trimmed from the stream before they could be recorded; null: nobody knows how many. */
  | { readonly kind: "gap"; readonly entries: number | null }
  /** The recording is whole. */
  | { readonly kind: "end"; readonly entries: number };

export interface StreamEntry {
  /** As Redis gave it, `ms-seq`. */
  readonly id: string;
  /** Field, value, field, value …, as they are in the stream. */
  readonly fields: readonly Buffer[];
}

export interface RecordingHeader {
  readonly identity: string;
  /** ISO 8601. */
  readonly recordedAt: string;
  /** What wrote it, with its version. */
  readonly software: string;
}

const FORMAT = "slipstream";
const VERSION = 1;

/** Bytes that are no text are written in base64. */
type Value = string | { readonly base64: string };

/** Turns the parts of a recording into lines. */
export class RecordingWriter {
  readonly #write: (text: string) => void;
  readonly #digest = createHash("sha256");
  #entries = 0;

  /** Each call of `write` is one or more whole lines. */
  constructor(write: (text: string) => void, header: RecordingHeader) {
    this.#write = write;
    this.#line({ recording: FORMAT, version: VERSION, ...header });
  }

  get entries(): number {
    return this.#entries;
  }

  session(fields: readonly Buffer[]): void {
    this.#line({ session: fields.map(jsonOf) });
  }

  entry({ id, fields }: StreamEntry): void {
    this.#entries += 1;
    this.#line({ id, fields: fields.map(jsonOf) });
  }

  gap(entries: number | null): void {
    this.#line({ gap: { entries } });
  }

  end(): void {
    const sha256 = this.#digest.copy().digest("hex");
    this.#line({ end: { entries: this.#entries, sha256 } });
  }

  #line(value: object): void {
    const line = `${JSON.stringify(value)}\n`;
    this.#digest.update(line);
    this.#write(line);
  }
}

function jsonOf(bytes: Buffer): Value {
  return isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString("base64") };
}

/** A recording that is being read: its header, then its parts. */
export interface OpenRecording {
  readonly header: RecordingHeader;
  /** Ends without an `end` where the recording was cut off. Throws CommandError for a line that is none of a recording. */
  readonly parts: AsyncGenerator<RecordingPart, void, void>;
}

/** Reads a recording's lines, without their ends. Throws CommandError unless the first is a recording's. */
export async function readRecording(lines: AsyncIterable<string>, name: string): Promise<OpenRecording> {
  const iterator = lines[Symbol.asyncIterator]();
  const first = await iterator.next();
  const header = first.done ? undefined : parse(first.value);
  if (header?.recording !== FORMAT) throw new CommandError(`${name} is not a recording of slipstream`);
  const { version, identity, recordedAt, software } = header;
  if (version !== VERSION) {
    throw new CommandError(
      `${name} is a recording of version ${String(version)}; this slipstream reads ${VERSION}`,
    );
  }
  if (typeof identity !== "string" || identity === "") throw malformed(name, 1);
  const digest = createHash("sha256").update(`${first.value}\n`);
  return {
    header: { identity, recordedAt: String(recordedAt), software: String(software) },
    parts: partsOf(iterator, name, digest),
  };
}

async function* partsOf(
  lines: AsyncIterator<string>,
  name: string,
  digest: ReturnType<typeof createHash>,
): AsyncGenerator<RecordingPart, void, void> {
  let entries = 0;
  let next = await lines.next();
  for (let number = 2; !next.done; number += 1) {
    const line = next.value;
    next = await lines.next();
    const value = parse(line);
    const part = value && partOf(value);
    // The last line of a recording that was cut off is half a line.
    if (part === undefined && next.done) return;
    if (part === undefined) throw malformed(name, number);
    if (part.kind === "end") {
      const { sha256 } = value!.end as { sha256?: unknown };
      if (sha256 !== digest.digest("hex") || part.entries !== entries || !next.done) {
        throw new CommandError(
          `${name} is not what was recorded: its checksum in line ${number} is that of another`,
        );
      }
    } else {
      digest.update(`${line}\n`);
    }
    if (part.kind === "entry") entries += 1;
    yield part;
  }
}

function partOf(value: Record<string, unknown>): RecordingPart | undefined {
  if (typeof value.id === "string") {
    const fields = bytesOf(value.fields);
    return fields && /^\d{1,20}-\d{1,20}$/.test(value.id)
      ? { kind: "entry", entry: { id: value.id, fields } }
      : undefined;
  }
  if (value.session !== undefined) {
    const fields = bytesOf(value.session);
    return fields && { kind: "session", fields };
  }
  const { entries } = (value.gap ?? value.end ?? {}) as { entries?: unknown };
  const count = typeof entries === "number" && Number.isSafeInteger(entries) && entries >= 0 ? entries : null;
  if (value.gap !== undefined) return { kind: "gap", entries: count };
  return value.end !== undefined && count !== null ? { kind: "end", entries: count } : undefined;
}

const BASE64 = /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/;

/** The bytes of pairs of values; undefined when they are none. */
function bytesOf(values: unknown): Buffer[] | undefined {
  if (!Array.isArray(values) || values.length === 0 || values.length % 2 !== 0) return undefined;
  const bytes = values.map((value: unknown) => {
    if (typeof value === "string") return Buffer.from(value);
    const { base64 } = (value ?? {}) as { base64?: unknown };
    return typeof base64 === "string" && BASE64.test(base64) ? Buffer.from(base64, "base64") : undefined;
  });
  return bytes.some((each) => each === undefined) ? undefined : (bytes as Buffer[]);
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function malformed(name: string, line: number): CommandError {
  return new CommandError(`${name}: line ${line} is none of a recording`);
}
