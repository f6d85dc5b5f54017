import { createClient, ErrorReply, RESP_TYPES } from "@redis/client";
import type { Log } from "./child.ts";
import { CommandError } from "./command-error.ts";

/**
 * A reply as Redis sent it: status lines and integers (up to 64 bits) are strings, values are bytes, errors appear
 * inside EXEC only.
 */
export type Reply = string | null | Buffer | ErrorReply | Reply[];
export type Argument = string | Buffer;

/** The first connection must stand within this time. */
const CONNECT_TIMEOUT_MS = 3000;
/** A Redis that is busy for longer is given up on for this command. */
const REPLY_TIMEOUT_MS = 10_000;
const RECONNECT_MAX_MS = 1000;

/** PEM texts for a `rediss://` Redis: who signed its certificate, and one of ours where it asks for one. */
export interface RedisTls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export interface RedisConnectionOptions {
  tls?: RedisTls | undefined;
  replyTimeoutMs?: number | undefined;
}

/** Redis could not be asked: it is away, or it did not answer in time. What it says itself is an `ErrorReply`. */
export class RedisUnavailableError extends Error {
  override readonly name = "RedisUnavailableError";
}

export interface GatewayRedis {
  /** Runs one command. Rejects with `ErrorReply` or `RedisUnavailableError`, at once when Redis is away. */
  run(args: readonly Argument[]): Promise<Reply>;
  /** Runs commands as one transaction that nothing else gets into; the reply of EXEC. */
  transaction(commands: readonly (readonly Argument[])[]): Promise<Reply>;
  /** Commands sent since the connection was made, by name in upper case. */
  stats(): Readonly<Record<string, number>>;
  close(): void;
}

/**
 * Connects to the Redis at `url` (`redis://`, or `rediss://` for TLS; user, password and database in it) and keeps
 * connecting when it goes away later. Throws `CommandError` when it cannot be reached now.
 */
export async function openRedis(
  url: string,
  log: Log,
  { tls, replyTimeoutMs = REPLY_TIMEOUT_MS }: RedisConnectionOptions = {},
): Promise<GatewayRedis> {
  let ready = false;
  const client = createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    commandOptions: {
      timeout: 0,
      typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.NUMBER]: String },
    },
    socket: {
      ...(tls && { tls: true, ...tls }),
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries) => ready && Math.min(50 * 2 ** retries, RECONNECT_MAX_MS),
    },
  });
  let away = false;
  client.on("error", (error: Error) => {
    if (ready && !away) log(`Redis is away (${reason(error)}); connecting again`);
    away = true;
  });
  client.on("ready", () => {
    if (ready && away) log("Redis is back");
    away = false;
  });
  try {
    await client.connect();
    await client.sendCommand(["PING"]);
  } catch (error) {
    client.destroy();
    throw new CommandError(`cannot reach Redis at ${withoutPassword(url)}: ${reason(error as Error)}`);
  }
  ready = true;

  const counts = new Map<string, number>();
  const count = (args: readonly Argument[]) => {
    const name = String(args[0]).toUpperCase();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  const send = (args: readonly Argument[]) => client.sendCommand<Reply>([...args]);
  /** A peer that vanished without a word would keep its connection, and all that is asked, for many minutes. */
  const connectAnew = () => {
    if (!client.isReady) return;
    log(`no reply from Redis within ${replyTimeoutMs} ms; connecting again`);
    client.destroy();
    client.connect().catch(() => {}); // only closing ends its tries
  };
  const answered = async (reply: Promise<Reply>): Promise<Reply> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new RedisUnavailableError(`no reply from Redis within ${replyTimeoutMs} ms`));
        connectAnew();
      }, replyTimeoutMs);
    });
    try {
      return await Promise.race([reply, late]);
    } catch (error) {
      if (error instanceof ErrorReply || error instanceof RedisUnavailableError) throw error;
      throw new RedisUnavailableError(`Redis is away: ${reason(error as Error)}`);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    run(args) {
      count(args);
      return answered(send(args));
    },
    transaction(commands) {
      commands.forEach(count);
      // Queued in one go on one connection, hence contiguous on the wire: no other request gets in between.
      const queued = [["MULTI"], ...commands].map(send);
      for (const promise of queued) promise.catch(() => {}); // EXEC reports it, as EXECABORT
      return answered(send(["EXEC"]));
    },
    stats: () => Object.fromEntries(counts),
    close: () => client.destroy(),
  };
}

/** An AggregateError of a failed connect (several addresses) has an empty message, only a code. */
function reason(error: Error): string {
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}

/** A URL fit to be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/.*@/, "//");
}
