import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ErrorReply } from "@redis/client";
import type { Log } from "./child.ts";
import { CommandError } from "./command-error.ts";
import { Admission } from "./gateway-admission.ts";
import { RequestError } from "./gateway-commands.ts";
import { execute } from "./gateway-endpoints.ts";
import { healthOf } from "./gateway-health.ts";
import { openRedis, type RedisTls, RedisUnavailableError } from "./gateway-redis.ts";
import { errorJson } from "./gateway-replies.ts";
import { DEFAULT_CONCURRENCY } from "./gateway-settings.ts";
import { portError } from "./ports.ts";

/** A burst of the protocol is at most 1 MiB; this leaves room for a pipeline of them, in base64. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Longer than clients keep an idle connection, so that none is closed under a request on its way. */
const KEEP_ALIVE_MS = 75_000;
/** A body of the largest size within it takes 5 Mbit/s; who is slower holds a place that others wait for. */
const RECEIVE_TIMEOUT_MS = 30_000;
/** A client that takes nothing of its reply for so long is gone. */
const SILENCE_TIMEOUT_MS = 60_000;
/** Stopping everything has 8 s (see `runCommand`); Redis answers sooner, or not at all. */
const GRACE_MS = 5_000;
const RETRY_AFTER_SECONDS = 1;

export interface Gateway {
  /** `http://host:port` */
  readonly url: string;
  /** Commands passed to Redis since the start, by name in upper case. */
  stats(): Readonly<Record<string, number>>;
  /** Refuses new requests, lets those in flight end within a grace time, then closes. */
  stop(): Promise<void>;
}

export interface GatewayOptions {
  redisUrl: string;
  /** 0 for any free port. */
  port: number;
  /** Interface to listen on. */
  host?: string;
  /** The bearer token that requests must carry. */
  token: string;
  /** Certificates for a `rediss://` Redis. */
  tls?: RedisTls | undefined;
  /** Let through only what Slipstream itself asks for. */
  readOnly?: boolean;
  /** Requests in flight, from their head to the end of their reply. */
  concurrency?: number;
  /** How long Redis may take for a reply. */
  replyTimeoutMs?: number;
  /** How long requests in flight may take to end when the gateway stops. */
  graceMs?: number;
  log: Log;
}

/**
 * Starts an HTTP server that speaks the Upstash REST API in front of the Redis at `redisUrl`, exact to the byte, and
 * answers `/health` to anybody. Left out: SSE (`/subscribe`, `/monitor`), the RESP2 reply format and blocking
 * commands. Throws `CommandError`.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { redisUrl, port, host = "127.0.0.1", token, log, graceMs = GRACE_MS } = options;
  if (token === "") throw new CommandError("the gateway needs a token: an empty one would let everybody in");
  const redis = await openRedis(redisUrl, log, options);
  const digest = sha256(token);
  const admission = new Admission(options.concurrency ?? DEFAULT_CONCURRENCY);
  const isHealthy = healthOf(redis);

  /** The JSON of a 200 reply. Throws what `refusalOf` knows. */
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<string> => {
    const [path = "/", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
    if (path === "/health") {
      if (admission.isClosed) throw new RequestError(503, "ERR the gateway is stopping");
      if (!(await isHealthy())) throw new RequestError(503, "ERR Redis does not answer");
      return '{"result":"PONG"}';
    }
    if (!isAuthorized(request, query, digest)) {
      throw new RequestError(401, "WRONGPASS invalid or missing auth token");
    }
    admission.admit(response);
    const { method = "", headers } = request;
    const encoding = headers["upstash-encoding"];
    const body = await readBody(request);
    return execute({ method, path, query, body, encoding }, redis, options.readOnly === true);
  };

  const server = createServer({ requestTimeout: RECEIVE_TIMEOUT_MS }, (request, response) => {
    void handle(request, response)
      .then((json): [number, string] => [200, json], refusalOf)
      .then(([status, json]) => {
        if (status === 429 || status === 503) response.setHeader("retry-after", RETRY_AFTER_SECONDS);
        if (admission.isClosed) response.setHeader("connection", "close");
        const length = Buffer.byteLength(json);
        response.writeHead(status, { "content-type": "application/json", "content-length": length });
        response.end(request.method === "HEAD" ? undefined : json);
      });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.timeout = SILENCE_TIMEOUT_MS;
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    redis.close();
    throw portError(error, port, "GATEWAY_PORT", host);
  }
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    stats: redis.stats,
    async stop() {
      await admission.close(graceMs);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      redis.close();
    },
  };
}

/** Status and body for what went wrong. Nothing internal in it. */
function refusalOf(error: unknown): [status: number, json: string] {
  if (error instanceof RequestError) return [error.status, errorJson(error.message)];
  if (error instanceof ErrorReply) return [400, errorJson(error.message)];
  if (error instanceof RedisUnavailableError) return [503, errorJson(`ERR ${error.message}`)];
  return [500, errorJson("ERR internal error")];
}

function isAuthorized(request: IncomingMessage, query: string, digest: Buffer): boolean {
  const bearer = /^Bearer (.*)$/i.exec(request.headers.authorization ?? "")?.[1];
  const token = bearer ?? new URLSearchParams(query).get("_token") ?? "";
  // Digests have one length and are compared in constant time: neither tells how near a guess is.
  return timingSafeEqual(sha256(token), digest);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Collects a body. One that is too large is read to its end, unkept: only then do clients look at the reply. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(new RequestError(413, `ERR max request size exceeded. Limit: ${MAX_BODY_BYTES} bytes`));
      }
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("error", reject);
  });
}
