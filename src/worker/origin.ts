import type { Settings } from "./config.ts";
import { log } from "./log.ts";
import { fault } from "./replies.ts";

const ORIGIN_TIMEOUT_MS = 30_000;
/** Headers that belong to one connection (RFC 9110, 7.6.1), and those that the next one sets itself. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "host",
];

/** Passes a REST request on, method, body and token included; what comes back is passed back. */
export async function passToOrigin(request: Request, url: URL, origin: string): Promise<Response> {
  const headers = new Headers(request.headers);
  for (const name of HOP_BY_HOP) headers.delete(name);
  const signal = AbortSignal.timeout(ORIGIN_TIMEOUT_MS);
  try {
    return await fetch(`${origin}${url.pathname}${url.search}`, {
      method: request.method,
      headers,
      body: request.body,
      redirect: "manual",
      signal,
    });
  } catch {
    log("origin-failed", { timeout: String(signal.aborted) });
    return fault(signal.aborted ? "originTimeout" : "originFailed");
  }
}

/** What clients ask first: who is this, and is a token needed (decision A-34). */
export function serviceInfo({ label, description }: Settings): Response {
  return Response.json({ label, description, authRequired: false, auth: null });
}
