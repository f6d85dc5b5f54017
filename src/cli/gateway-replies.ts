import { ErrorReply } from "@redis/client";
import { RequestError } from "./gateway-commands.ts";
import type { Reply } from "./gateway-redis.ts";

/** Upstash's limit on its smaller plans (docs of 2026-08-21), applied to the text of a reply. */
export const MAX_REPLY_BYTES = 10 * 1024 * 1024;

/** Status lines are words, so a line of digits is an integer. */
const INTEGER = /^-?\d+$/;

/** `base64`: every string but the status `OK`. `utf8`: as text, with U+FFFD for what is none. */
export type ReplyEncoding = "base64" | "utf8";

/** Writes replies as JSON text and stops when they get too large together. */
export class ReplyWriter {
  readonly #encoding: ReplyEncoding;
  #left = MAX_REPLY_BYTES;

  constructor(encoding: ReplyEncoding) {
    this.#encoding = encoding;
  }

  /** `{"result":…}`. Throws `RequestError` when that takes the replies over the limit. */
  result(reply: Reply): string {
    const json = sizeOf(reply) > this.#left ? undefined : `{"result":${this.#value(reply)}}`;
    if (json === undefined || json.length > this.#left) {
      throw new RequestError(400, `ERR max request size exceeded. Limit: ${MAX_REPLY_BYTES} bytes`);
    }
    this.#left -= json.length;
    return json;
  }

  /** A list with `{"result":…}` or `{"error":…}` for each command. */
  items(replies: readonly (Reply | RequestError)[]): string {
    return `[${replies.map((reply) => this.#item(reply)).join(",")}]`;
  }

  #item(reply: Reply | RequestError): string {
    if (reply instanceof Error) return errorJson(reply.message);
    try {
      return this.result(reply);
    } catch (error) {
      return errorJson((error as RequestError).message);
    }
  }

  #value(reply: Reply): string {
    if (Array.isArray(reply)) return `[${reply.map((item) => this.#value(item)).join(",")}]`;
    if (reply === null) return "null";
    if (reply instanceof ErrorReply) return JSON.stringify(reply.message);
    if (reply === "OK") return '"OK"';
    // JSON knows no largest integer, but a JavaScript number does: the digits pass as Redis wrote them.
    if (typeof reply === "string" && INTEGER.test(reply)) return reply;
    if (this.#encoding === "utf8") return JSON.stringify(reply.toString());
    return `"${(typeof reply === "string" ? Buffer.from(reply) : reply).toString("base64")}"`;
  }
}

/** `{"error":…}`, the body of everything that failed. */
export function errorJson(message: string): string {
  return JSON.stringify({ error: message });
}

/** Bytes of the strings in a reply: tells a hopeless one before it is written. */
function sizeOf(reply: Reply): number {
  if (Array.isArray(reply)) return reply.reduce<number>((sum, item) => sum + sizeOf(item), 0);
  return reply instanceof Buffer ? reply.length : 0;
}
