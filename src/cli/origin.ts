import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;

export interface Origin {
  /** Base URL without a slash at the end; the API is under `/rta/v2`. */
  readonly url: string;
  /** Serves the text as it is from now on. Throws SyntaxError, or TypeError without an `identity`. */
  publishSession(json: string): void;
  /** Configurations never change: a second text under the same identifier is refused with an Error. */
  publishConfig(identifier: string, json: string): void;
  stop(): Promise<void>;
}

export interface OriginOptions {
  /** 0: any free one. */
  port?: number;
  host?: string;
}

interface StoredSession {
  json: string;
  /** ms since 1970-01-01T00:00:00Z, NaN when the session gives none. */
  timestampMs: number;
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

/**
 * A REST API of the RTA kind with what has been published here, for clients that look for a session and its
 * configuration before they follow its stream.
 */
export async function startOrigin({ port = 0, host = "127.0.0.1" }: OriginOptions = {}): Promise<Origin> {
  const sessions = new Map<string, StoredSession>();
  const configs = new Map<string, string>();
  const server = createServer((request, response) =>
    respond(request, response, answer(request, sessions, configs)),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    publishSession(json) {
      const { identity, timestamp } = JSON.parse(json) as { identity?: unknown; timestamp?: string };
      if (typeof identity !== "string") throw new TypeError("Cannot publish a session without an identity");
      sessions.set(identity, { json, timestampMs: Date.parse(timestamp ?? "") });
    },
    publishConfig(identifier, json) {
      if ((configs.get(identifier) ?? json) !== json) {
        throw new Error(`Cannot publish another configuration as ${JSON.stringify(identifier)}`);
      }
      configs.set(identifier, json);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  request: IncomingMessage,
  sessions: ReadonlyMap<string, StoredSession>,
  configs: ReadonlyMap<string, string>,
): Answer {
  const isRead = request.method === "GET" || request.method === "HEAD";
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://origin");
  const path = decode(pathname);
  if (!isRead || path?.[0] !== "rta" || path[1] !== "v2") return notFound("No such resource");

  const [, , resource, name, ...rest] = path;
  if (resource === "info" && name === undefined) {
    return ok(
      JSON.stringify({
        label: "Slipstream demo",
        description: "A car on an invented circuit",
        authRequired: false,
        auth: null,
      }),
    );
  }
  if (resource === "sessions" && name === undefined) return ok(listSessions(sessions, searchParams));
  if (resource === "sessions" && sessions.has(name!)) {
    if (rest.length === 0) return ok(sessions.get(name!)!.json);
    // Nothing of the demo is ever flushed to storage, so history is always empty: no chunk at all.
    if (rest[0] === "data") return { status: 200, type: "application/vnd.mat.protobuf+chunked", body: "" };
  }
  if (resource === "configs" && rest.length === 0 && configs.has(name!)) {
    return { status: 200, type: "application/vnd.mat.config+json", body: configs.get(name!)! };
  }
  return notFound(`No such resource: ${pathname}`);
}

/** Segments of the path, each decoded once; undefined when one cannot be. */
function decode(pathname: string): string[] | undefined {
  try {
    return pathname.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function listSessions(sessions: ReadonlyMap<string, StoredSession>, query: URLSearchParams): string {
  const pageIndex = wholeNumber(query.get("pageIndex")) ?? 0;
  const pageSize = Math.min(wholeNumber(query.get("pageSize")) ?? DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const page = [...sessions.values()]
    .sort((a, b) => (b.timestampMs || 0) - (a.timestampMs || 0))
    .slice(pageIndex * pageSize, (pageIndex + 1) * pageSize);
  return `{"sessions":[${page.map(({ json }) => json).join(",")}]}`;
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function ok(body: string): Answer {
  return { status: 200, type: "application/json", body };
}

function notFound(message: string): Answer {
  return { status: 404, type: "application/json", body: JSON.stringify({ code: "not-found", message }) };
}

function respond(request: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  request.resume();
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(request.method === "HEAD" ? undefined : body);
}
