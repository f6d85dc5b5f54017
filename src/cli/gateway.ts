import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ErrorReply } from "@redis/client";
import type { Log } from "./child.ts";
import { CommandError } from "./command-error.ts";
import {
  commandOfPath,
  parseCommand,
  parseCommandList,
  parseJson,
  RequestError,
} from "./gateway-commands.ts";
import { type GatewayRedis, openRedis, RedisUnavailableError, type Reply } from "./gateway-redis.ts";
import { errorJson, ReplyWriter } from "./gateway-replies.ts";
import { portError } from "./ports.ts";

/** A burst of the protocol is at most 1 MiB; this leaves room for a pipeline of them, in base64. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Longer than clients keep an idle connection, so that none is closed under a request on its way. */
const KEEP_ALIVE_MS = 75_000;
const METHODS = ["GET", "HEAD", "POST", "PUT"];

export interface Gateway {
  /** `http://host:port` */
  readonly url: string;
  /** Commands passed to Redis since the start, by name in upper case. */
  stats(): Readonly<Record<string, number>>;
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
  log: Log;
}

/**
 * Starts an HTTP server that speaks the Upstash REST API in front of the Redis at `redisUrl`, exact to the byte.
 * Left out: SSE (`/subscribe`, `/monitor`), the RESP2 reply format, read-only tokens and blocking commands.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { redisUrl, port, host = "127.0.0.1", token, log } = options;
  if (token === "") throw new CommandError("the gateway needs a token: an empty one would let everybody in");
  const redis = await openRedis(redisUrl, log);
  const digest = sha256(token);
  const server = createServer((request, response) => {
    void respond(request, response, redis, digest);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    redis.close();
    throw portError(error, port, "GATEWAY_PORT", host);
  }
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    stats: redis.stats,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      redis.close();
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  redis: GatewayRedis,
  digest: Buffer,
): Promise<void> {
  const answer = (status: number, json: string) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(request.method === "HEAD" ? undefined : json);
  };
  try {
    answer(200, await handle(request, redis, digest));
  } catch (error) {
    if (error instanceof RequestError) answer(error.status, errorJson(error.message));
    else if (error instanceof ErrorReply) answer(400, errorJson(error.message));
    else if (error instanceof RedisUnavailableError) answer(503, errorJson(`ERR ${error.message}`));
    else answer(500, errorJson("ERR internal error"));
  }
}

/** The JSON of a 200 reply. Throws what the statuses above stand for. */
async function handle(request: IncomingMessage, redis: GatewayRedis, digest: Buffer): Promise<string> {
  const [path = "/", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
  if (!isAuthorized(request, query, digest)) {
    throw new RequestError(401, "WRONGPASS invalid or missing auth token");
  }
  const method = request.method ?? "";
  const takesJson = path === "/" || path === "/pipeline" || path === "/multi-exec";
  if (!METHODS.includes(method) || (takesJson && method !== "POST" && method !== "PUT")) {
    throw new RequestError(405, `ERR method ${method} is not allowed here`);
  }
  const sent = await readBody(request);
  const body = method === "POST" || method === "PUT" ? sent : Buffer.alloc(0);
  const encoding = request.headers["upstash-encoding"];
  if (encoding !== undefined && encoding !== "base64") {
    throw new RequestError(400, "ERR Upstash-Encoding must be base64");
  }
  const writer = new ReplyWriter(encoding ?? "utf8");
  if (path === "/pipeline") {
    const commands = parseCommandList(parseJson(body));
    return writer.items(await Promise.all(commands.map((command) => runItem(redis, command))));
  }
  if (path === "/multi-exec") {
    const commands = parseCommandList(parseJson(body)).map(parseCommand);
    return writer.items((await redis.transaction(commands)) as Reply[]);
  }
  const command = path === "/" ? parseCommand(parseJson(body)) : commandOfPath(path, query, body);
  return writer.result(await redis.run(command));
}

/** Runs one command of a pipeline, whose failure is its own. */
async function runItem(redis: GatewayRedis, command: unknown): Promise<Reply | RequestError> {
  try {
    return await redis.run(parseCommand(command));
  } catch (error) {
    if (error instanceof ErrorReply || error instanceof RequestError) return error;
    throw error;
  }
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
