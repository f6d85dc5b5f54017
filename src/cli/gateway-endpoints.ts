import { ErrorReply } from "@redis/client";
import {
  type Command,
  commandOfPath,
  parseCommand,
  parseCommandList,
  parseJson,
  RequestError,
} from "./gateway-commands.ts";
import { objectionTo } from "./gateway-policy.ts";
import type { GatewayRedis, Reply } from "./gateway-redis.ts";
import { ReplyWriter } from "./gateway-replies.ts";

/** A request of somebody who may ask. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  readonly body: Buffer;
  /** The header `Upstash-Encoding`. */
  readonly encoding: unknown;
}

const METHODS = ["GET", "HEAD", "POST", "PUT"];

/**
 * Runs the commands of a request and returns the JSON of its 200 reply. Throws `RequestError`, or the `ErrorReply`
 * or `RedisUnavailableError` of a command that has the request for itself.
 */
export async function execute(request: ApiRequest, redis: GatewayRedis, readOnly: boolean): Promise<string> {
  const { method, path, query, encoding } = request;
  const hasBody = method === "POST" || method === "PUT";
  const takesJson = path === "/" || path === "/pipeline" || path === "/multi-exec";
  if (!METHODS.includes(method) || (takesJson && !hasBody)) {
    throw new RequestError(405, `ERR method ${method} is not allowed here`);
  }
  if (encoding !== undefined && encoding !== "base64") {
    throw new RequestError(400, "ERR Upstash-Encoding must be base64");
  }
  const body = hasBody ? request.body : Buffer.alloc(0);
  const writer = new ReplyWriter(encoding ?? "utf8");
  const allowed = (command: Command): Command => {
    const objection = objectionTo(command, readOnly);
    if (objection !== null) throw new RequestError(400, objection);
    return command;
  };
  if (path === "/pipeline") {
    const commands = parseCommandList(parseJson(body));
    return writer.items(
      await Promise.all(commands.map((command) => runItem(redis, () => allowed(parseCommand(command))))),
    );
  }
  if (path === "/multi-exec") {
    const commands = parseCommandList(parseJson(body)).map((command) => allowed(parseCommand(command)));
    return writer.items((await redis.transaction(commands)) as Reply[]);
  }
  const command = path === "/" ? parseCommand(parseJson(body)) : commandOfPath(path, query, body);
  return writer.result(await redis.run(allowed(command)));
}

/** Runs one command of a pipeline, whose failure is its own. */
async function runItem(redis: GatewayRedis, read: () => Command): Promise<Reply | RequestError> {
  try {
    return await redis.run(read());
  } catch (error) {
    if (error instanceof ErrorReply || error instanceof RequestError) return error;
    throw error;
  }
}
