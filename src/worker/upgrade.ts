import { fault } from "./replies.ts";
import type { Grant } from "./rights.ts";

export const SUBPROTOCOL = "mat.ocs.rta.stream-lz4";

/** Tells the object when a viewer's token expires: ms since 1970, or `Infinity`. */
export const EXPIRY_HEADER = "X-Slipstream-Expiry-Ms";

/** Hands a WebSocket upgrade to the session's object, or says what is wrong with it. */
export function connect(
  request: Request,
  identity: string,
  { expiresAtMs }: Grant,
  env: Env,
): Promise<Response> | Response {
  const upgrade = request.headers.get("Upgrade")?.toLowerCase();
  if (request.method !== "GET" || upgrade !== "websocket") return fault("notUpgrade");
  if (request.headers.get("Sec-WebSocket-Version") !== "13") {
    return fault("badVersion", { "Sec-WebSocket-Version": "13" });
  }
  const offered = request.headers.get("Sec-WebSocket-Protocol") ?? "";
  if (!offered.split(",").some((each) => each.trim() === SUBPROTOCOL)) return fault("badSubprotocol");
  // A request of our own: nothing that came from outside, a token least of all, gets to the object.
  const headers = { Upgrade: "websocket", [EXPIRY_HEADER]: String(expiresAtMs) };
  return env.SESSIONS.getByName(identity).fetch("https://session/", { headers });
}
