import { invalid, ProducerError } from "./errors.ts";
import {
  faultOf,
  packArguments,
  RedisFault,
  type ScriptArgument,
  type ScriptRunner,
} from "./script-runner.ts";
import { READ_FIELDS } from "./scripts.ts";

/** An attempt without a complete answer is given up after this time. */
const ANSWER_TIMEOUT_MS = 10_000;
/** Answers hold one Session JSON at most. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export interface GatewayConnectionOptions {
  /** Base URL of Upstash, or of a gateway that speaks its REST API, commands in the path with a raw body included. */
  url: string;
  /** Bearer token; it must be allowed to write. */
  token: string;
  /** The platform's unless given. */
  fetch?: typeof fetch;
  /** For one attempt with its whole answer. */
  timeoutMs?: number;
}

/** A Redis behind an HTTP gateway, for `openSession`. */
export type GatewayConnection = ScriptRunner;

/**
 * Reaches Redis over HTTP, where there is no TCP: in browsers and Workers. Nothing is sent twice but what may be: see
 * `write` of a session. Rejects with ProducerError `invalid-argument`, `redis` when the gateway refuses the token,
 * `redis-unavailable` when it cannot be reached.
 */
export async function connectGateway(options: GatewayConnectionOptions): Promise<GatewayConnection> {
  if (!URL.canParse(options.url) || !/^https?:$/.test(new URL(options.url).protocol)) {
    throw invalid("url must be an http:// or https:// URL");
  }
  if (typeof options.token !== "string" || options.token === "") throw invalid("token must be a text");
  const gateway = new HttpScriptRunner(options);
  try {
    await gateway.runScript(READ_FIELDS, ["sessions:"], ["json"]);
  } catch (error) {
    const { passing, message } = error as RedisFault;
    const code = passing ? "redis-unavailable" : "redis";
    throw new ProducerError(code, `Cannot use the gateway: ${message}`, { cause: error });
  }
  return gateway;
}

class HttpScriptRunner implements ScriptRunner {
  readonly #base: string;
  readonly #token: string;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;

  constructor({
    url,
    token,
    fetch = globalThis.fetch,
    timeoutMs = ANSWER_TIMEOUT_MS,
  }: GatewayConnectionOptions) {
    this.#base = url.replace(/\/+$/, "");
    this.#token = token;
    this.#fetch = (...args) => fetch(...args);
    this.#timeoutMs = timeoutMs;
  }

  async runScript(lua: string, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    const { lengths, body } = packArguments(args);
    const path = ["eval", lua, String(keys.length), ...keys, lengths].map(encodeURIComponent).join("/");
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), this.#timeoutMs);
    let status: number;
    let text: string;
    try {
      const response = await this.#fetch(`${this.#base}/${path}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/octet-stream" },
        body: body as Uint8Array<ArrayBuffer>,
        redirect: "manual",
        signal: timeout.signal,
      });
      status = response.status;
      text = await readText(response);
    } catch (error) {
      if (error instanceof RedisFault) throw error;
      const reason = timeout.signal.aborted
        ? `no complete answer within ${this.#timeoutMs} ms`
        : "the gateway could not be reached, or the connection broke";
      throw new RedisFault(true, reason, { cause: error });
    } finally {
      clearTimeout(timer);
    }
    return resultOf(status, text);
  }
}

async function readText({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk?.value === undefined) return text + decoder.decode();
    bytes += chunk.value.length;
    if (bytes > MAX_ANSWER_BYTES) throw new RedisFault(false, `the answer is over ${MAX_ANSWER_BYTES} bytes`);
    text += decoder.decode(chunk.value, { stream: true });
  }
}

function resultOf(status: number, text: string): unknown {
  if (status === 401 || status === 403)
    throw new RedisFault(false, `the gateway refused the token (${status})`);
  if (status === 429) throw new RedisFault(true, "the gateway asks to slow down (429)");
  const answer = parseObject(text);
  if (answer !== undefined && typeof answer.error === "string" && status < 500) throw faultOf(answer.error);
  // Whatever else is in the way does not speak for Redis.
  if (status !== 200 || answer === undefined || !("result" in answer)) {
    throw new RedisFault(true, `the gateway answered ${status}`);
  }
  return answer.result;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
