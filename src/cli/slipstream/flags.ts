import { type CliContext, UsageError } from "./context.ts";

/** Where the commands look unless they are told: what `npm run demo` and `npm run dev` start. */
export const LOCAL = {
  url: "http://127.0.0.1:8787",
  gateway: "http://127.0.0.1:8079",
  gatewayToken: "local",
} as const;

export interface JsonFlag {
  readonly json?: boolean;
}

export interface ServiceFlags {
  readonly url?: string;
  readonly token?: string;
}

export interface RedisFlags {
  readonly redis?: string;
  readonly token?: string;
}

/** The flag `--json`. */
export const jsonFlag = (brief: string) =>
  ({ kind: "boolean", brief, optional: true, withNegated: false }) as const;

const TOKEN = { kind: "parsed", placeholder: "token", optional: true } as const;

/** The flags `--url` and `--token` of commands that follow sessions. */
export const serviceFlags = {
  url: {
    kind: "parsed",
    parse: httpUrl,
    placeholder: "url",
    optional: true,
    brief: `Stream Service; else SLIPSTREAM_URL, else ${LOCAL.url}`,
  },
  token: {
    ...TOKEN,
    parse: bearerToken,
    brief: "Bearer token for it, where it asks for one; else SLIPSTREAM_TOKEN",
  },
} as const;

/** The flags `--redis` and `--token` of commands that read what producers wrote. */
export const redisFlags = {
  redis: {
    kind: "parsed",
    parse: redisUrl,
    placeholder: "url",
    optional: true,
    brief: `redis://… or its HTTP gateway; else REDIS_URL, else UPSTASH_REDIS_REST_URL, else ${LOCAL.gateway}`,
  },
  token: {
    ...TOKEN,
    parse: gatewayToken,
    brief: `Bearer token for the gateway; else UPSTASH_REDIS_REST_TOKEN, else GATEWAY_TOKEN`,
  },
} as const;

/** The flag `--redis` of commands that write. */
export const writableRedisFlag = {
  kind: "parsed",
  parse: respUrl,
  placeholder: "url",
  optional: true,
  brief: "redis://[user:password@]host[:port][/db], or rediss:// for TLS; else REDIS_URL",
} as const;

/** The Stream Service and the token for it. Throws UsageError for a variable that is wrong. */
export function serviceOf(
  { url, token }: ServiceFlags,
  { process: { env } }: CliContext,
): { url: string; token: string | undefined } {
  return {
    url: url ?? variable(env, ["SLIPSTREAM_URL"], httpUrl) ?? LOCAL.url,
    token: token ?? variable(env, ["SLIPSTREAM_TOKEN"], bearerToken),
  };
}

/** The first of these variables that is set, read by `parse`. Throws UsageError that names it. */
export function variable(
  env: NodeJS.ProcessEnv,
  names: readonly string[],
  parse: (text: string) => string,
): string | undefined {
  const name = names.find((each) => env[each]);
  if (name === undefined) return undefined;
  try {
    return parse(env[name]!);
  } catch (error) {
    throw new UsageError(`${name} ${(error as Error).message}`);
  }
}

/** Throws SyntaxError for what is no address of an HTTP server. */
export function httpUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:\/\//.test(text)) {
    throw new SyntaxError(`must be an address like ${LOCAL.url}`);
  }
  return text.replace(/\/+$/, "");
}

/** Throws SyntaxError for what is neither Redis nor a gateway. Passwords are not quoted. */
export function redisUrl(text: string): string {
  if (/^https?:\/\//.test(text)) return httpUrl(text);
  return respUrl(text);
}

export function respUrl(text: string): string {
  if (/^https?:\/\//.test(text)) {
    throw new SyntaxError("must be Redis itself, redis://…: its HTTP gateway is not for writing");
  }
  if (!URL.canParse(text) || !/^(rediss?|unix):\/\//.test(text)) {
    throw new SyntaxError("must be an address like redis://user:password@host:6379, or rediss:// for TLS");
  }
  return text;
}

function gatewayToken(text: string): string {
  if (!/^[\x21-\x7e]+$/.test(text)) throw new SyntaxError("must be printable ASCII without spaces");
  return text;
}

/** What RFC 6750 calls a token; it may have to travel as a sub-protocol. */
function bearerToken(text: string): string {
  if (!/^[\w.~+/-]+=*$/.test(text))
    throw new SyntaxError("must be a bearer token: letters, digits, - . _ ~ + /");
  return text;
}

/** The Redis, or gateway, of `--redis` or the environment, and the token for a gateway. Throws UsageError. */
export function redisOf(
  { redis, token }: RedisFlags,
  { process: { env } }: CliContext,
): { url: string; token: string | undefined } {
  const url = redis ?? variable(env, ["REDIS_URL", "UPSTASH_REDIS_REST_URL"], redisUrl) ?? LOCAL.gateway;
  if (!/^http/.test(url)) return { url, token: undefined };
  const known = variable(env, ["UPSTASH_REDIS_REST_TOKEN", "GATEWAY_TOKEN"], gatewayToken);
  return { url, token: token ?? known ?? LOCAL.gatewayToken };
}

/** A number that is greater than 0. Throws SyntaxError. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new SyntaxError("must be a number above 0");
  }
  return value;
}

/** A number that is 0 or greater. Throws SyntaxError. */
export function zeroOrMore(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new SyntaxError("must be a number, 0 or above");
  }
  return value;
}

/** A whole number from `least` to `most`. Throws SyntaxError. */
export function wholeFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new SyntaxError(`must be a whole number from ${least} to ${most}`);
    }
    return value;
  };
}
