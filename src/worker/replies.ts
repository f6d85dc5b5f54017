/** Every HTTP answer of our own that is not a success: status and text. */
const FAULTS = {
  notUpgrade: { status: 400, text: "a WebSocket upgrade is expected here" },
  badVersion: { status: 400, text: "the WebSocket version must be 13" },
  unauthorized: { status: 401, text: "a valid bearer token is needed" },
  forbidden: { status: 403, text: "the token is not good for this" },
  foreignOrigin: { status: 403, text: "pages of this origin may not open streams" },
  notFound: { status: 404, text: "not found" },
  badMethod: { status: 405, text: "only GET and HEAD are allowed here" },
  badSubprotocol: { status: 406, text: "the sub-protocol mat.ocs.rta.stream-lz4 is expected" },
  misconfigured: { status: 500, text: "the service is misconfigured; see /health" },
  failed: { status: 500, text: "internal error" },
  originFailed: { status: 502, text: "the RTA REST API could not be reached" },
  authorityAway: { status: 503, text: "tokens cannot be checked at the moment" },
  originTimeout: { status: 504, text: "the RTA REST API did not answer in time" },
} as const;

export type FaultName = keyof typeof FAULTS;

export function fault(name: FaultName, headers: HeadersInit = {}): Response {
  return text(FAULTS[name].status, `${FAULTS[name].text}\n`, headers);
}

export function text(status: number, body: string, headers: HeadersInit = {}): Response {
  const response = new Response(body, { status, headers });
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.headers.set("Cache-Control", "no-store");
  return asData(response);
}

/**
 * Tells browsers that an answer is data whatever it looks like: not to be sniffed, and opened as a page neither scripted
 * nor framed, nor under the origin that it shares with the viewer.
 */
export function asData(response: Response): Response {
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.append("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  return response;
}
