import { rta } from "./gen/rta.js";
import type { SubscriptionRequest } from "./request-encoder.ts";

const { StreamRequest } = rta.model.net.stream;

/** 60,000 channel ids of 5 bytes are 300 kB; nothing a viewer asks for needs more than this. */
export const MAX_REQUEST_BYTES = 1024 * 1024;

export class RequestError extends Error {
  override readonly name = "RequestError";
}

/**
 * Reads a StreamRequest. Null for one that is valid but asks for nothing: no option, an option not known here,
 * or an empty subscription. Throws RequestError on malformed or too many bytes.
 */
export function decodeRequest(bytes: Uint8Array): SubscriptionRequest | null {
  if (bytes.length > MAX_REQUEST_BYTES) throw new RequestError("Request is too large");
  const { allEvents, allDataChannels, dataChannelIds } = parse(bytes);
  if (!allEvents && !allDataChannels && !dataChannelIds?.length) return null;
  return {
    allEvents: allEvents ?? false,
    allDataChannels: allDataChannels ?? false,
    channelIds: dataChannelIds ?? [],
  };
}

function parse(bytes: Uint8Array) {
  try {
    return StreamRequest.decode(bytes).subscribe ?? {};
  } catch (cause) {
    throw new RequestError("Request is not a StreamRequest", { cause });
  }
}
