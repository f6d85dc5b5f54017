import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Viewers } from "./viewers.ts";

/** Viewers that come all at once, from a process of their own: what watches meanwhile is not to wait for them here. */
export interface Crowd {
  readonly url: string;
  readonly identity: string;
  readonly viewers: number;
  readonly channels: readonly number[];
}

/** Less than this for each in a second is what is live: the history is over. */
const LIVE_BYTES = 2_000;

/** Resolves with the bytes that they were sent, when their history has come. */
export async function joinAtOnce(crowd: Crowd): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url));
  child.send(crowd);
  const [bytes] = (await once(child, "message")) as [number];
  child.kill();
  return bytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once("message", async ({ url, identity, viewers: count, channels }: Crowd) => {
    const viewers = await Viewers.connect(count, { url, identity, channels: () => channels });
    let seen = -1;
    const timer = setInterval(() => {
      if (seen >= 0 && viewers.bytes - seen < count * LIVE_BYTES) {
        clearInterval(timer);
        process.send!(viewers.bytes);
      }
      seen = viewers.bytes;
    }, 1_000);
  });
}
