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
  /** Whether they are sent any. */
  readonly history: boolean;
}

/** Messages of history are larger than this, live ones smaller. */
const HISTORY_BYTES = 4_000;
/** History is over when none came for so long, though something did. */
const QUIET_MS = 1_000;

/** Resolves with the bytes that they were sent, when all are connected and their history, if any, has come. */
export async function joinAtOnce(crowd: Crowd): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url));
  child.send(crowd);
  const [bytes] = (await once(child, "message")) as [number];
  child.kill();
  return bytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once("message", async ({ url, identity, viewers: count, channels, history }: Crowd) => {
    let liveMs = 0;
    let historyMs = Number.POSITIVE_INFINITY;
    const onMessage = ({ length }: Buffer): void => {
      if (length > HISTORY_BYTES) historyMs = Date.now();
      else liveMs = Date.now();
    };
    const viewers = await Viewers.connect(count, { url, identity, channels: () => channels, onMessage });
    if (!history) historyMs = Date.now();
    const timer = setInterval(() => {
      if (liveMs - historyMs < QUIET_MS) return;
      clearInterval(timer);
      process.send!(viewers.bytes);
    }, 100);
  });
}
