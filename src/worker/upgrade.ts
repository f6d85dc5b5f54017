import type { Env } from "./env.ts";
import { fault } from "./replies.ts";

export const SUBPROTOCOL = "mat.ocs.rta.stream-lz4";

/** Hands a WebSocket upgrade to the session's object, or says what is wrong with it. */
export function connect(request: Request, identity: string, env: Env): Promise<Response> | Response {
  const upgrade = request.headers.get("Upgrade")?.toLowerCase();
  if (request.method !== "GET" || upgrade !== "websocket") return fault("notUpgrade");
  if (request.headers.get("Sec-WebSocket-Version") !== "13") {
    return fault("badVersion", { "Sec-WebSocket-Version": "13" });
  }
  const offered = request.headers.get("Sec-WebSocket-Protocol") ?? "";
  if (!offered.split(",").some((each) => each.trim() === SUBPROTOCOL)) return fault("badSubprotocol");
  return env.SESSIONS.getByName(identity).fetch(request);
}
