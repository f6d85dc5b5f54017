import { decodeRequest, MAX_REQUEST_BYTES, RequestError } from "../wire/request.ts";
import type { CloseName } from "./close-codes.ts";
import { MAX_CHANNEL_RUNS, type Subscription, widen } from "./subscription.ts";
import type { Viewer } from "./viewer.ts";

/** History that one viewer is owed at a time: the progress of each piece is kept with its socket. */
const MAX_JOBS = 64;

/** What a viewer's message asks for: a wider subscription, nothing new (null), or the end of its connection. */
export function readRequest(
  { group, jobs, requests }: Viewer,
  message: ArrayBuffer | string,
  nowMs: number,
): Subscription | CloseName | null {
  if (typeof message === "string") return "textMessage";
  if (message.byteLength > MAX_REQUEST_BYTES) return "messageTooBig";
  if (!requests.allows(nowMs) || jobs.size >= MAX_JOBS) return "tooManyRequests";
  try {
    const wish = decodeRequest(new Uint8Array(message));
    if (!wish) return null;
    const wider = widen(group.subscription, wish);
    return wider.channels.runs > MAX_CHANNEL_RUNS ? "subscriptionTooBig" : wider;
  } catch (error) {
    if (error instanceof RequestError) return "badRequest";
    throw error;
  }
}
