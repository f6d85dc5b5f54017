import { Redis } from "@upstash/redis/cloudflare";

/** What went wrong, for counting, logging and back-off. */
export type GatewayErrorCode =
  | "unreachable" // no connection, or it broke
  | "timeout" // no complete reply in time
  | "unauthorized" // 401 or 403
  | "overloaded" // 429
  | "http" // another status that is no answer of Redis
  | "malformed" // not the JSON that the API promises
  | "too-large" // over a reply limit, ours or the gateway's
  | "no-such-key" // Redis has nothing under a key that the command needs
  | "command"; // Redis refused the command

/** A failed request. The message names the action and the reason, never a payload, key or token. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;

  constructor(code: GatewayErrorCode, message: string) {
    super(message);
    this.name = "GatewayError";
    this.code = code;
  }
}

export interface GatewayOptions {
  /** Base URL of Upstash, or of a server that speaks its REST API. */
  url: string;
  token: string;
  fetch: typeof fetch;
  /** For one request with its whole reply. */
  timeoutMs?: number;
  /** Called for each request with the number of commands in it. */
  onCommands?: (count: number) => void;
}

/** Every string of a reply but `OK` is base64 text. */
export type Reply = null | number | string | readonly Reply[];

/** What one command of several came to: its reply, or the words with which Redis refused it. */
export type Answer = { readonly result: Reply } | { readonly error: string };

/** Sends commands in one request; each succeeds or fails for itself. Throws GatewayError for the request. */
export type SendCommands = (commands: readonly (readonly string[])[]) => Promise<readonly Answer[]>;

/** Seven entries of 1 MiB, the largest read, are 9.8 MB in base64; Upstash itself refuses above 10 MB. */
const MAX_REPLY_BYTES = 12 * 1024 * 1024;
/** Long enough for a slow reply of several MB, short beside the 60 s after which viewers are told. */
const REQUEST_TIMEOUT_MS = 5_000;

/**
 * The Upstash SDK over a transport of our own. The SDK's transport is not binary safe (it decodes base64
 * through UTF-8), reports an aborted request as an empty reply, loses the HTTP status and quotes whole
 * commands in error messages; here replies stay base64, and all that goes wrong is a GatewayError.
 */
export function createGateway(options: GatewayOptions): Redis {
  const redis = new Redis({
    url: options.url,
    token: options.token,
    responseEncoding: false,
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
    retry: { retries: 0 },
  });
  const transport = createTransport(options);
  redis.use(async (request) => (await transport(request.path ?? [], request.body)) as never);
  return redis;
}

/** For commands that the SDK cannot spell: they go out as they are. */
export function createSender(options: GatewayOptions): SendCommands {
  const transport = createTransport(options);
  return async (commands) => (await transport(["pipeline"], commands)) as Answer[];
}

function createTransport({
  url,
  token,
  fetch,
  timeoutMs = REQUEST_TIMEOUT_MS,
  onCommands,
}: GatewayOptions): (path: readonly string[], body: unknown) => Promise<unknown> {
  const base = url.replace(/\/+$/, "");
  // Sent back so that a read never goes to a replica older than the one read before it.
  let syncToken = "";

  return async (path, body) => {
    const batchSize = path.length > 0 && Array.isArray(body) ? body.length : null;
    onCommands?.(batchSize ?? 1);
    // Not AbortSignal.timeout: its timer outlasts the reply, and a Durable Object that has one cannot hibernate.
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await fetch([base, ...path].join("/"), {
        method: "POST",
        headers: {
          Authorization: `Bearer ${token}`,
          "Content-Type": "application/json",
          "Upstash-Encoding": "base64",
          "Upstash-Sync-Token": syncToken,
        },
        body: JSON.stringify(body),
        redirect: "manual",
        signal: timeout.signal,
      });
      text = await readText(response);
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      throw timeout.signal.aborted
        ? new GatewayError("timeout", `the gateway gave no complete reply within ${timeoutMs} ms`)
        : new GatewayError("unreachable", "the gateway could not be reached, or the connection broke");
    } finally {
      clearTimeout(timer);
    }
    const reply = checkReply(response.status, text, batchSize);
    syncToken = response.headers.get("Upstash-Sync-Token") ?? syncToken;
    return reply;
  };
}

async function readText(response: Response): Promise<string> {
  if (response.body === null) return "";
  const { headers } = response;
  const announced = headers.has("Content-Encoding") ? null : headers.get("Content-Length");
  // All at once: to be handed chunk after chunk took a tenth of the CPU of a poll with one viewer.
  if (announced !== null && Number(announced) <= MAX_REPLY_BYTES) return response.text();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_REPLY_BYTES) {
      throw new GatewayError("too-large", `the gateway's reply is over ${MAX_REPLY_BYTES} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The parsed reply: `{result}`, or as many `{result}` and `{error}` as a batch has commands. */
function checkReply(status: number, text: string, batchSize: number | null): unknown {
  if (status === 401 || status === 403) {
    throw new GatewayError("unauthorized", `the gateway refused the token (${status})`);
  }
  if (status === 429) throw new GatewayError("overloaded", "the gateway asks to slow down (429)");
  const answered = status === 200 || status === 400;
  const reply = answered ? parseJson(text) : undefined;
  if (isRecord(reply) && typeof reply.error === "string") throw commandError(reply.error);
  if (status !== 200) throw new GatewayError("http", `the gateway answered ${status}`);
  const answers = batchSize === null ? [reply] : reply;
  if (!Array.isArray(answers) || answers.length !== (batchSize ?? 1) || !answers.every(isAnswer)) {
    throw new GatewayError("malformed", "the gateway's reply is not what its API promises");
  }
  return reply;
}

/** Only the error's leading code is kept: the rest of the text may quote arguments. */
export function commandError(text: string): GatewayError {
  if (/max request size exceeded/i.test(text)) {
    return new GatewayError("too-large", "the reply is over the gateway's limit");
  }
  if (/^ERR no such key/.test(text)) return new GatewayError("no-such-key", "there is no such key");
  const code = /^[A-Z]{2,16}(?= |$)/.exec(text)?.[0] ?? "ERR";
  return new GatewayError("command", `Redis refused the command (${code})`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAnswer(value: unknown): boolean {
  return isRecord(value) && ("result" in value || typeof value.error === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
