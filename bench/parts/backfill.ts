import { setTimeout as sleep } from "node:timers/promises";
import { fillHistory, HISTORY_CHANNELS } from "../load/history.ts";
import { Probe, writeInTurn } from "../load/probe.ts";
import { Viewers } from "../load/viewers.ts";
import { type Figure, type PartContext, percentile, ratios } from "../part.ts";
import { residentBytes } from "../stage/process.ts";
import { setStage } from "../stage/stage.ts";
import { startService } from "../stage/workerd.ts";

export const title = "Live delivery while 300 s of 64 KiB bursts are backfilled";

const IDENTITY = "backfill";

/** What a live viewer notices while others are sent history: rounds with and without, in turn. */
export async function run({ short }: PartContext): Promise<Figure[]> {
  const stage = await setStage();
  const service = await startService(stage);
  try {
    await fillHistory(stage, IDENTITY, short ? 300 : 3_000);
    const probe = await Probe.start(stage, service.url, IDENTITY);
    const [warmUpSeconds, seconds] = short ? [1, 3] : [5, 20];
    const delays = async (): Promise<number[]> => {
      await writeInTurn(warmUpSeconds, [(dueMs) => probe.write(dueMs)]);
      probe.take();
      await writeInTurn(seconds, [(dueMs) => probe.write(dueMs)]);
      return probe.take();
    };
    const quiet: number[][] = [];
    const busy: number[][] = [];
    const memoryBefore = residentBytes(service.pid);
    let historyBytes = 0;
    let memoryPeak = 0;
    for (let round = 0; round < (short ? 1 : 3); round++) {
      quiet.push(await delays());
      const stop = new AbortController();
      const joining = joinAgainAndAgain(service.url, stop.signal, (bytes) => {
        historyBytes += bytes;
        memoryPeak = Math.max(memoryPeak, residentBytes(service.pid));
      });
      busy.push(await delays());
      stop.abort();
      await joining;
    }
    probe.close();
    const p99 = (rounds: number[][]): number[] => rounds.map((delays) => percentile(delays, 0.99));
    return [
      {
        name: "p99 of XADD to socket, with backfill / without",
        unit: "x",
        values: ratios(p99(busy), p99(quiet)),
        target: { atMost: 1.5 },
        beside: {
          "without: p50, ms": percentile(quiet.flat(), 0.5),
          "without: p99, ms": percentile(quiet.flat(), 0.99),
          "with: p50, ms": percentile(busy.flat(), 0.5),
          "with: p99, ms": percentile(busy.flat(), 0.99),
          "history sent, MB": historyBytes / 1e6,
          "workerd resident before, MB": memoryBefore / 1e6,
          "workerd resident at its peak, MB": memoryPeak / 1e6,
        },
      },
    ];
  } finally {
    await service.stop();
    await stage.stop();
  }
}

/** One viewer after the other asks for all the history there is. */
async function joinAgainAndAgain(
  url: string,
  signal: AbortSignal,
  onHistory: (bytes: number) => void,
): Promise<void> {
  while (!signal.aborted) {
    const viewers = await Viewers.connect(1, { url, identity: IDENTITY, channels: () => HISTORY_CHANNELS });
    for (let seen = -1; seen !== viewers.bytes && !signal.aborted; ) {
      seen = viewers.bytes;
      await sleep(1_000);
    }
    onHistory(viewers.bytes);
    viewers.close();
  }
}
