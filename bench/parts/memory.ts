import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../src/cli/ports.ts";
import { fillHistory, HISTORY_CHANNELS, historyBurst } from "../load/history.ts";
import { Viewers } from "../load/viewers.ts";
import type { Figure, PartContext } from "../part.ts";
import { Inspector } from "../stage/inspector.ts";
import { residentBytes } from "../stage/process.ts";
import { setStage } from "../stage/stage.ts";
import { startService } from "../stage/workerd.ts";

export const title = "Memory of an object while 300 s of 64 KiB bursts are backfilled";

const IDENTITY = "memory";
const LIMIT_BYTES = 64 * 1024 * 1024;
const MIB = 1024 * 1024;

/** What the isolate of one session holds at most while viewers, some of them stalled, are sent all of its history. */
export async function run({ short }: PartContext): Promise<Figure[]> {
  const stage = await setStage();
  const inspectorPort = await freePort();
  const service = await startService(stage, {}, { inspectorPort });
  try {
    const id = await fillHistory(stage, IDENTITY, short ? 300 : 3_000);
    const stop = new AbortController();
    const live = goOnLive(stop.signal, () =>
      stage.redis.xAdd(`stream:${IDENTITY}`, "*", { id, data: historyBurst() }),
    );
    const peaks: number[] = [];
    let idle = 0;
    let resident = 0;
    let historyBytes = 0;
    for (let round = 0; round < (short ? 1 : 3); round++) {
      const ask = { url: service.url, identity: IDENTITY, channels: () => HISTORY_CHANNELS };
      const quick = await Viewers.connect(5, ask);
      const stalled = await Viewers.connect(5, ask);
      stalled.pause();
      const inspector = await Inspector.connect(inspectorPort);
      idle ||= await inspector.heldBytes();
      let peak = 0;
      for (let left = short ? 15 : 60; left > 0; left--) {
        peak = Math.max(peak, await inspector.heldBytes());
        resident = Math.max(resident, residentBytes(service.pid));
        await sleep(200);
      }
      peaks.push(peak);
      historyBytes += quick.bytes;
      for (const viewers of [quick, stalled]) viewers.close();
      inspector.close();
    }
    stop.abort();
    await live;
    return [
      {
        name: "held by the isolate at most, of 64 MiB",
        unit: "x",
        values: peaks.map((bytes) => bytes / LIMIT_BYTES),
        target: { atMost: 1 },
        beside: {
          "at first, MiB": idle / MIB,
          "at most, MiB": Math.max(...peaks) / MIB,
          "workerd resident at its peak, MiB": resident / MIB,
          "sent to viewers who read, MB": historyBytes / 1e6,
        },
      },
    ];
  } finally {
    await service.stop();
    await stage.stop();
  }
}

/** Ten entries a second. */
async function goOnLive(signal: AbortSignal, write: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    await write();
    await sleep(100);
  }
}
