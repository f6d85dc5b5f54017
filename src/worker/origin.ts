import type { Visit } from "./carried-token.ts";
import type { Settings } from "./config.ts";
import { cachedConfig } from "./config-cache.ts";
import { log } from "./log.ts";
import { endToEnd, originHeaders } from "./proxy-headers.ts";
import { asData, fault } from "./replies.ts";

/** Until the headers of the answer; a body may take as long as it does. */
const ORIGIN_TIMEOUT_MS = 30_000;

/**
 * Passes a REST request on, method, body and token included; what comes back is passed back, a redirect too.
 * `isAuthorized`: the service itself has checked the token.
 */
export function passToOrigin(visit: Visit, origin: string, isAuthorized: boolean): Promise<Response> {
  return cachedConfig(visit, origin, isAuthorized, async () => {
    const { request, url, carried } = visit;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), ORIGIN_TIMEOUT_MS);
    try {
      const response = await fetch(`${origin}${url.pathname}${url.search}`, {
        method: request.method,
        headers: originHeaders(request.headers, url, carried),
        body: request.body,
        redirect: "manual",
        signal: timeout.signal,
      });
      const { status, statusText, body } = response;
      return asData(new Response(body, { status, statusText, headers: endToEnd(response.headers) }));
    } catch {
      log("origin-failed", { timeout: String(timeout.signal.aborted) });
      return fault(timeout.signal.aborted ? "originTimeout" : "originFailed");
    } finally {
      clearTimeout(timer);
    }
  });
}

/** What clients ask first: who is this, and is a token needed (decision A-34). */
export function serviceInfo({ label, description, auth }: Settings): Response {
  const { authority, audience } = auth ?? {};
  const authRequired = auth !== null;
  return asData(Response.json({ label, description, authRequired, auth: auth && { authority, audience } }));
}
