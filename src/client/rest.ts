import { mustBe } from "./errors.ts";
import { asList, asObject, asText, type JsonObject, parseJson } from "./json.ts";
import { checkUrl } from "./options.ts";
import type { Runtime } from "./runtime.ts";
import { mergeSession, type Session } from "./session.ts";

/** A REST answer that takes longer is no help to somebody who waits for live data. */
const TIMEOUT_MS = 10_000;
/** For all of an answer with history, which is worth some patience. */
const DATA_TIMEOUT_MS = 300_000;

/**
 * What came of a REST request.
 * `missing`: 404. `absent`: this server has no REST service at all. `refused`: 401 or 403.
 * `failed`: any other status, no connection, or no JSON; `reason` says which.
 */
export type RestAnswer<T> =
  | { readonly kind: "found"; readonly value: T }
  | { readonly kind: "missing" | "absent" | "refused" }
  | { readonly kind: "failed"; readonly reason: string };

/** The RTA REST API beside a Stream Service. */
export interface Rest {
  /** The Session JSON of one session. */
  session(identity: string): Promise<RestAnswer<JsonObject>>;
  /** The newest sessions first. */
  sessions(): Promise<RestAnswer<readonly Session[]>>;
  /** A configuration; only its JSON form can be read. */
  configuration(identifier: string): Promise<RestAnswer<JsonObject>>;
  /** Whether the stream itself refuses the token: a WebSocket does not tell why it did not open. */
  refusesStream(identity: string): Promise<boolean>;
  /** Chunks of a session's samples or events; `path` is what follows `data/`, with its query. */
  data(identity: string, path: string): Promise<RestAnswer<ReadableStream<Uint8Array>>>;
}

/**
 * The REST API at `baseUrl` (`https://host/base`). Requests carry the token, if there is one, and end with `signal`.
 * Throws ClientError.
 */
export function restAt(
  baseUrl: string,
  fetch: Runtime["fetch"],
  signal: AbortSignal,
  token: () => string | undefined = () => undefined,
): Rest {
  const base = checkUrl(baseUrl);
  mustBe(typeof fetch === "function", "fetch", "a function as fetch is");
  mustBe(signal instanceof AbortSignal, "signal", "an AbortSignal");
  mustBe(typeof token === "function", "token", "a function that returns a bearer token");
  const ask = async <T>(
    path: string,
    accept: string,
    timeoutMs: number,
    read: (response: Response) => T | Promise<T>,
  ): Promise<RestAnswer<T>> => {
    try {
      const response = await fetch(`${base}/rta/v2/${path}`, {
        headers: { accept, ...authorization(token()) },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      if (response.status === 404) return { kind: "missing" };
      if (response.status === 401 || response.status === 403) return { kind: "refused" };
      if (!response.ok) return { kind: "failed", reason: `status ${response.status}` };
      return { kind: "found", value: await read(response) };
    } catch (error) {
      return { kind: "failed", reason: error instanceof SyntaxError ? "not JSON" : "no connection" };
    }
  };
  const get = (path: string, accept: string): Promise<RestAnswer<JsonObject>> =>
    ask(path, accept, TIMEOUT_MS, async (response) => asObject(parseJson(await response.text())));
  const sessions = async (): Promise<RestAnswer<readonly Session[]>> => {
    const answer = await get("sessions", "application/json");
    if (answer.kind === "missing") return { kind: "absent" };
    if (answer.kind !== "found") return answer;
    return { kind: "found", value: asList(answer.value.sessions).map(listed) };
  };
  return {
    sessions,
    async session(identity) {
      const answer = await get(`sessions/${encodeURIComponent(identity)}`, "application/json");
      if (answer.kind !== "missing") return answer;
      const list = await sessions();
      return list.kind === "absent" ? list : answer;
    },
    configuration: (identifier) =>
      get(`configs/${encodeURIComponent(identifier)}`, "application/vnd.mat.config+json"),
    async refusesStream(identity) {
      const path = `sessions/${encodeURIComponent(identity)}/stream`;
      const answer = await ask(path, "*/*", TIMEOUT_MS, ({ body }) => body?.cancel());
      return answer.kind === "refused";
    },
    data: (identity, path) =>
      ask(
        `sessions/${encodeURIComponent(identity)}/data/${path}`,
        "application/vnd.mat.protobuf+chunked",
        DATA_TIMEOUT_MS,
        ({ body }) => body ?? new ReadableStream({ start: (controller) => controller.close() }),
      ),
  };
}

/** The header that carries a token. */
function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function listed(value: unknown): Session {
  const rest = asObject(value);
  return mergeSession({
    identity: asText(rest.identity),
    rest,
    stream: null,
    streamRange: null,
    connected: false,
  });
}
