import type { Argument } from "./gateway-redis.ts";

/** One command for Redis: the name in upper case, then its arguments. */
export type Command = readonly [name: string, ...args: Argument[]];

/** A request that is refused before Redis sees it. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** More than any pipeline holds that was not made to harm: each costs about 1 KB while it waits. */
export const MAX_COMMANDS = 10_000;

/** Reads a body like `["XADD", "key", "*", "n", 1]`. Throws `RequestError`. */
export function parseCommand(value: unknown): Command {
  if (!Array.isArray(value)) throw new RequestError(400, "ERR failed to parse command: not a JSON array");
  return commandOf(value.map(argumentOf));
}

/** Reads a body like `[["GET", "a"], ["GET", "b"]]`; what is wrong with one command is thrown by its reader. */
export function parseCommandList(value: unknown): unknown[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new RequestError(400, "ERR failed to parse pipeline: not a JSON array of commands");
  }
  if (value.length > MAX_COMMANDS) {
    throw new RequestError(413, `ERR too many commands in one request. Limit: ${MAX_COMMANDS}`);
  }
  return value;
}

/** Reads a JSON body. Throws `RequestError`. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new RequestError(400, "ERR failed to parse request: not JSON");
  }
}

/** `/SET/key?EX=10` with a body: the path's segments, the body, then the query's names and values. */
export function commandOfPath(pathname: string, query: string, body: Buffer): Command {
  const segments = pathname.slice(1).split("/").map(percentDecode);
  const options = query
    .split("&")
    .filter((pair) => pair !== "" && !pair.startsWith("_token="))
    .flatMap((pair) => /^([^=]*)=?(.*)$/s.exec(pair)!.slice(1))
    .filter((part) => part !== "")
    .map((part) => percentDecode(part.replaceAll("+", " ")));
  return commandOf([...segments, ...(body.length > 0 ? [body] : []), ...options]);
}

function commandOf([first, ...args]: Argument[]): Command {
  const name = first?.toString().toUpperCase() ?? "";
  if (name === "") throw new RequestError(400, "ERR empty command");
  return [name, ...args];
}

function argumentOf(value: unknown): Argument {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new RequestError(400, "ERR failed to parse command: an argument is not a string, number or boolean");
}

/** The bytes that a part of a URL stands for; unlike decodeURIComponent not only UTF-8. */
function percentDecode(text: string): Buffer {
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1");
}
