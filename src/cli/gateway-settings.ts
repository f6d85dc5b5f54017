import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { CommandError } from "./command-error.ts";
import type { RedisTls } from "./gateway-redis.ts";
import { portFrom } from "./ports.ts";

/** What the environment says about the gateway. */
export interface GatewaySettings {
  /** Undefined: a Redis is to be started. */
  readonly redisUrl: string | undefined;
  readonly tls: RedisTls | undefined;
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly readOnly: boolean;
  /** Requests in flight. */
  readonly concurrency: number;
}

/** Good on this machine, where it guards against other users' mistakes, and known to everybody. */
const DEFAULT_TOKEN = "local";
/** A session asks once at a time, so this serves as many sessions; more wait at Redis rather than here. */
export const DEFAULT_CONCURRENCY = 256;
/** Each may hold a body and a reply, together some 30 MB. */
const MAX_CONCURRENCY = 10_000;

const TLS_FILES = { ca: "GATEWAY_REDIS_CA", cert: "GATEWAY_REDIS_CERT", key: "GATEWAY_REDIS_KEY" } as const;

/** Reads and checks every setting of the gateway. Throws `CommandError` with the name of the one that is wrong. */
export function gatewaySettings(env: NodeJS.ProcessEnv): GatewaySettings {
  const host = env.GATEWAY_HOST || "127.0.0.1";
  const redisUrl = redisUrlFrom(env);
  return {
    redisUrl,
    tls: tlsFrom(env, redisUrl),
    host,
    port: portFrom(env, "GATEWAY_PORT", 8079),
    token: tokenFrom(env, host),
    readOnly: booleanFrom(env, "GATEWAY_READONLY"),
    concurrency: concurrencyFrom(env),
  };
}

function redisUrlFrom(env: NodeJS.ProcessEnv): string | undefined {
  const text = env.REDIS_URL || undefined;
  // Not quoted: there may be a password in it.
  if (text !== undefined && !(URL.canParse(text) && /^(rediss?|unix):\/\//.test(text))) {
    throw new CommandError("REDIS_URL must be like redis://user:password@host:6379, or rediss:// for TLS");
  }
  return text;
}

function tlsFrom(env: NodeJS.ProcessEnv, redisUrl: string | undefined): RedisTls | undefined {
  const variables = Object.entries(TLS_FILES).filter(([, variable]) => env[variable]);
  if (variables.length === 0) return undefined;
  if (!redisUrl?.startsWith("rediss:")) {
    throw new CommandError(`${variables[0]![1]} is for TLS: REDIS_URL must begin with rediss://`);
  }
  if (!env.GATEWAY_REDIS_CERT !== !env.GATEWAY_REDIS_KEY) {
    throw new CommandError("set both GATEWAY_REDIS_CERT and GATEWAY_REDIS_KEY, or neither");
  }
  const tls: RedisTls = Object.fromEntries(
    variables.map(([name, variable]) => [name, fileOf(variable, env[variable]!)]),
  );
  if (tls.ca) requireCertificate("GATEWAY_REDIS_CA", tls.ca);
  if (tls.cert) requireCertificate("GATEWAY_REDIS_CERT", tls.cert);
  try {
    createSecureContext({ ...tls });
  } catch (error) {
    throw new CommandError(`GATEWAY_REDIS_KEY does not fit GATEWAY_REDIS_CERT: ${(error as Error).message}`);
  }
  return tls;
}

function fileOf(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(`${variable} names a file that cannot be read: "${path}" (${code})`);
  }
}

/** A TLS context takes any text for an authority and trusts nobody for it, without a word. */
function requireCertificate(variable: string, pem: Buffer): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw new CommandError(`${variable} must name a file with a certificate in PEM`);
  }
}

function tokenFrom(env: NodeJS.ProcessEnv, host: string): string {
  const token = env.GATEWAY_TOKEN || DEFAULT_TOKEN;
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CommandError("GATEWAY_TOKEN must be printable ASCII without spaces: it travels in a header");
  }
  if (token === DEFAULT_TOKEN && !/^(localhost|127(\.\d+){3}|::1)$/.test(host)) {
    throw new CommandError(
      `set GATEWAY_TOKEN to a secret: with "${DEFAULT_TOKEN}" everybody who reaches GATEWAY_HOST "${host}" gets in`,
    );
  }
  return token;
}

function booleanFrom(env: NodeJS.ProcessEnv, variable: string): boolean {
  const text = env[variable] || "false";
  if (!/^(true|false)$/i.test(text))
    throw new CommandError(`${variable} must be true or false, not "${text}"`);
  return text.toLowerCase() === "true";
}

function concurrencyFrom(env: NodeJS.ProcessEnv): number {
  const text = env.GATEWAY_CONCURRENCY || `${DEFAULT_CONCURRENCY}`;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MAX_CONCURRENCY) {
    throw new CommandError(`GATEWAY_CONCURRENCY must be from 1 to ${MAX_CONCURRENCY}, not "${text}"`);
  }
  return value;
}
