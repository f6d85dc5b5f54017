import { randomFillSync } from "node:crypto";
import { encodeItems, periodicItem } from "../../src/producer/index.ts";
import { compress } from "../../src/wire/lz4.ts";
import { openStream, type Stage } from "../stage/stage.ts";

export const HISTORY_CHANNELS = Array.from({ length: 32 }, (_, channel) => 100 + channel);

/** A burst of 64 KiB that compresses by half. */
export function historyBurst(): Buffer {
  const samples = new Float64Array(256);
  const runs = HISTORY_CHANNELS.map((channel) => {
    randomFillSync(samples, 0, samples.length / 2);
    return periodicItem({ channel, startNs: 0n, intervalNs: 1n, samples });
  });
  return Buffer.from(compress(encodeItems(runs)));
}

/** Fills the stream of a new session with history, ten bursts a second up to now. Returns the id for entries. */
export async function fillHistory(stage: Stage, identity: string, bursts: number): Promise<string> {
  const id = await openStream(stage, identity);
  const startMs = Date.now() - 100 * bursts;
  for (let burst = 0; burst < bursts; burst++) {
    const entry = { id, data: historyBurst() };
    await stage.redis.xAdd(`stream:${identity}-history`, `${startMs + 100 * burst}-0`, entry);
  }
  // Entries that are written from now on go on in the same stream, behind the history.
  await stage.redis.rename(`stream:${identity}-history`, `stream:${identity}`);
  return id;
}
