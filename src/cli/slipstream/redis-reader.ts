import { ErrorReply } from "@redis/client";
import { createSender, GatewayError, type Reply as GatewayReply } from "../../redis/gateway.ts";
import { CommandError } from "../command-error.ts";
import {
  type GatewayRedis,
  openRedis,
  RedisUnavailableError,
  type Reply as RespReply,
  withoutPassword,
} from "../gateway-redis.ts";
import { type CliContext, note } from "./context.ts";
import { LOCAL, type RedisFlags, redisOf } from "./flags.ts";

/** What Redis answered: values are bytes, integers and status lines text. */
export type Reply = null | string | Buffer | readonly Reply[];

/** Redis is away, or too busy: worth another try, unlike a command that it refused. */
export class RedisAwayError extends CommandError {}

/** The reply would be larger than the gateway passes on. */
export class ReplyTooLargeError extends CommandError {}

/** Reads from Redis, over RESP or through an HTTP gateway. */
export interface RedisReader {
  /** Fit to be shown: no password. */
  readonly address: string;
  readonly over: "RESP" | "HTTP";
  /** Runs commands in their order, in one round trip. Rejects with RedisAwayError, or CommandError when one is refused. */
  ask(...commands: readonly (readonly string[])[]): Promise<Reply[]>;
  close(): void;
}

/** Connects to what `--redis` or the environment names. Rejects with CommandError when it cannot be reached. */
export async function openReader(flags: RedisFlags, context: CliContext): Promise<RedisReader> {
  const { url, token } = redisOf(flags, context);
  if (token === undefined) {
    return overResp(await openRedis(url, (line) => note(context, line)), withoutPassword(url));
  }
  const reader = overHttp(url, token);
  try {
    await reader.ask(["PING"]);
  } catch (error) {
    throw new CommandError(
      `cannot use the gateway at ${reader.address}: ${(error as Error).message}${advice(url, flags)}`,
    );
  }
  return reader;
}

function advice(url: string, flags: RedisFlags): string {
  return url === LOCAL.gateway && !flags.redis
    ? ": is `npm run demo` running? Else name it with --redis"
    : "";
}

/** Reads over a connection that is there. */
export function overResp(redis: GatewayRedis, address: string): RedisReader {
  return {
    address,
    over: "RESP",
    ask: (...commands) =>
      Promise.all(
        commands.map(async (command) => {
          try {
            return (await redis.run(command)) as Exclude<RespReply, ErrorReply> as Reply;
          } catch (error) {
            if (error instanceof RedisUnavailableError) throw new RedisAwayError(error.message);
            if (!(error instanceof ErrorReply)) throw error;
            throw refusal(command, error.message);
          }
        }),
      ),
    close: () => redis.close(),
  };
}

function overHttp(url: string, token: string): RedisReader {
  const send = createSender({ url, token, fetch });
  return {
    address: withoutPassword(url),
    over: "HTTP",
    async ask(...commands) {
      try {
        const answers = await send(commands);
        return answers.map((answer, index) => {
          if ("error" in answer) throw refusal(commands[index]!, answer.error);
          return fromBase64(answer.result);
        });
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        if (error.code === "too-large") throw new ReplyTooLargeError(error.message);
        const isAway = ["unreachable", "timeout", "overloaded"].includes(error.code);
        throw new (isAway ? RedisAwayError : CommandError)(error.message);
      }
    },
    close: () => {},
  };
}

function refusal([name, argument]: readonly string[], text: string): CommandError {
  const advice = /^NOPERM/.test(text)
    ? " (a gateway with GATEWAY_READONLY lets through what the Worker asks)"
    : "";
  return new CommandError(`Redis refused ${[name, argument].join(" ").trim()}: ${text}${advice}`);
}

function fromBase64(reply: GatewayReply): Reply {
  if (typeof reply === "string") return reply === "OK" ? reply : Buffer.from(reply, "base64");
  if (typeof reply === "number") return `${reply}`;
  return reply === null ? null : reply.map(fromBase64);
}

/** A text of a reply; null for anything else. */
export function textOf(reply: Reply | undefined): string | null {
  return typeof reply === "string" ? reply : Buffer.isBuffer(reply) ? reply.toString() : null;
}

/** An array of a reply; empty for anything else. */
export function listOf(reply: Reply | undefined): readonly Reply[] {
  return Array.isArray(reply) ? reply : [];
}

/** The named values of a flat list, such as the reply of HGETALL or XINFO. */
export function valuesOf(reply: Reply | undefined): Map<string, Reply> {
  const list = listOf(reply);
  const values = new Map<string, Reply>();
  for (let i = 0; i + 1 < list.length; i += 2) values.set(textOf(list[i]) ?? "", list[i + 1]!);
  return values;
}
