import type { Redis } from "@upstash/redis/cloudflare";
import { previousStreamId, streamIdMs } from "../wire/stream-id.ts";
import { GatewayError } from "./gateway.ts";
import { readRange } from "./reader.ts";

/** No stream has ids beyond. */
const LAST_MS = 2 ** 48;

/**
 * Where to go on behind an entry that no reply can hold, the next after `after`: its id cannot be asked for without it,
 * so it is found by what can be read from which ms on. Entries of its ms are passed over with it. Throws GatewayError.
 */
export async function passOver(redis: Redis, name: string, after: string): Promise<string> {
  const isReadable = async (ms: number): Promise<boolean> => {
    try {
      await readRange(redis, { name, after: previousStreamId(`${ms}-0`), to: "+", count: 1, proof: null });
      return true;
    } catch (error) {
      if (error instanceof GatewayError && error.code === "too-large") return false;
      throw error;
    }
  };
  let unreadable = streamIdMs(after);
  let stepMs = 1;
  while (!(await isReadable(unreadable + stepMs))) {
    if (stepMs > LAST_MS) throw new GatewayError("too-large", "no reply fits");
    unreadable += stepMs;
    stepMs *= 2;
  }
  let readable = unreadable + stepMs;
  while (readable - unreadable > 1) {
    const middle = Math.floor((unreadable + readable) / 2);
    if (await isReadable(middle)) readable = middle;
    else unreadable = middle;
  }
  return previousStreamId(`${readable}-0`);
}
