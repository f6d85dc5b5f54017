import { ProducerError } from "./errors.ts";
import {
  faultOf,
  packArguments,
  RedisFault,
  type ScriptArgument,
  type ScriptRunner,
} from "./script-runner.ts";

/** The part of a client of @redis/client that is used here. */
export interface RespClient {
  sendCommand(
    args: readonly (string | Uint8Array)[],
    options?: { abortSignal?: AbortSignal },
  ): Promise<unknown>;
  connect(): Promise<unknown>;
  destroy(): void;
  readonly isReady: boolean;
}

/** An attempt without an answer is given up after this time. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Scripts over a connection that speaks RESP, for `openSession`, which does this by itself for a client that it is
 * given. `timeoutMs`: after how long without an answer an attempt is given up, and the connection made anew.
 */
export function overResp(client: RespClient, { timeoutMs = ANSWER_TIMEOUT_MS } = {}): ScriptRunner {
  return {
    async runScript(lua: string, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
      const { lengths, body } = packArguments(args);
      const data = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      const command = ["EVAL", lua, String(keys.length), ...keys, lengths, data];
      const giveUp = new AbortController(); // takes back a command that was not sent yet
      const answer = client.sendCommand(command, { abortSignal: giveUp.signal });
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new RedisFault(true, `no answer within ${timeoutMs} ms`)), timeoutMs);
      });
      try {
        return await Promise.race([answer, late]);
      } catch (error) {
        if (!(error instanceof RedisFault)) throw failureOf(error as Error);
        answer.catch(() => {});
        giveUp.abort();
        connectAnew(client);
        throw error;
      } finally {
        if (timer !== undefined) clearTimeout(timer);
      }
    },
  };
}

/** What @redis/client says of a connection that its owner has ended. */
const CLOSED = "The client is closed";

function failureOf(error: Error): Error {
  const reason = reasonOf(error);
  if (reason !== CLOSED) return faultOf(reason, error);
  return new ProducerError("redis-unavailable", "The connection to Redis has been ended", { cause: error });
}

/** A peer that vanished without a word would keep its connection, and all that is asked, for many minutes. */
function connectAnew(client: RespClient): void {
  if (!client.isReady) return;
  client.destroy();
  client.connect().catch(() => {}); // it tries on as its owner told it to
}

/** An AggregateError of a failed connect (several addresses) has an empty message, only a code. */
export function reasonOf(error: Error): string {
  return error.message || ((error as { code?: string }).code ?? error.name);
}
