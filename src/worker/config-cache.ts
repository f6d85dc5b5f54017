import { waitUntil } from "cloudflare:workers";
import type { Visit } from "./carried-token.ts";
import { log } from "./log.ts";

const CONFIG_PATH = /^\/rta\/v2\/configs\/[^/]+$/;
/** A year: a configuration never changes once it is published. */
const MAX_AGE_S = 365 * 24 * 3600;
/** Header names in `Vary` that the key, or the platform, takes care of. */
const KNOWN_VARIETY = ["", "accept", "accept-encoding"];
/** May be kept by whoever asked; by other caches not, which cannot tell who may have it. */
const IMMUTABLE = `private, max-age=${MAX_AGE_S}, immutable`;

/**
 * Answers a request for a configuration from the edge's cache, or by `fetchIt` and keeps what came. Credentials that the
 * service has not checked itself (`isAuthorized`) are for the origin to check, each time.
 */
export async function cachedConfig(
  { request, url, carried }: Visit,
  origin: string,
  isAuthorized: boolean,
  fetchIt: () => Promise<Response>,
): Promise<Response> {
  const { method, headers } = request;
  const isOpen = isAuthorized || (carried.kind === "none" && !headers.has("Authorization"));
  const isPlain = method === "GET" && !headers.has("Cookie") && !headers.has("Range");
  if (!isOpen || !isPlain || !CONFIG_PATH.test(url.pathname)) return fetchIt();
  const name = JSON.stringify([origin, url.pathname, url.search, headers.get("Accept") ?? ""]);
  const key = `${url.origin}/rta/v2/configs/cached/${encodeURIComponent(name)}`;
  const known = await caches.default.match(key);
  if (known) return withCacheControl(known, IMMUTABLE);
  const response = await fetchIt();
  if (!isCacheable(response)) return response;
  const kept = withCacheControl(response.clone(), `public, max-age=${MAX_AGE_S}`);
  // The answer goes out all the same.
  waitUntil(caches.default.put(key, kept).catch(() => log("configuration-not-kept")));
  return withCacheControl(response, IMMUTABLE);
}

function isCacheable({ status, headers }: Response): boolean {
  const isForbidden = /\b(?:no-store|private)\b/i.test(headers.get("Cache-Control") ?? "");
  const varies = (headers.get("Vary") ?? "").toLowerCase().split(",");
  const isOne = varies.every((name) => KNOWN_VARIETY.includes(name.trim()));
  return status === 200 && !isForbidden && isOne && !headers.has("Set-Cookie");
}

function withCacheControl(response: Response, value: string): Response {
  const copy = new Response(response.body, response);
  copy.headers.set("Cache-Control", value);
  return copy;
}
