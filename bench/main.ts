import { execFileSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeItems, openSession, periodicItem } from "../src/producer/index.ts";
import { compress } from "../src/wire/lz4.ts";
import { connect, probeSession } from "./latency.ts";
import { type Stage, setStage } from "./stage.ts";
import { type Figure, percentile, report } from "./table.ts";

/** Long enough for 200 arrivals a round. */
const ROUND_SECONDS = 20;
const ROUNDS = 2;

/** XADD to a viewer's socket at ten bursts a second, and what it costs in commands. */
async function addedLatency(stage: Stage): Promise<Figure> {
  const probe = await probeSession(stage, "latency", "latency");
  const trips: number[] = [];
  for (let i = 0; i < 50; i++) trips.push(await stage.gatewayRoundTripMs());
  const [callsBefore, start] = [await stage.calls(), Date.now()];
  const delays = await probe.delays(ROUND_SECONDS);
  const commandsPerSecond = (1000 * ((await stage.calls()) - callsBefore)) / (Date.now() - start);
  const roundTrip = percentile(trips, 0.5);
  return {
    name: "XADD to socket, 10 bursts a second",
    target: "median under 60 ms at no more than 15 commands a second",
    values: {
      "gateway round trip p50, ms": roundTrip,
      "delay p50, ms": percentile(delays, 0.5),
      "delay p99, ms": percentile(delays, 0.99),
      "p50 / gateway round trip": percentile(delays, 0.5) / roundTrip,
      "gateway commands a second": commandsPerSecond,
    },
  };
}

/** Fills a stream with 300 s of history: bursts of 64 KiB that compress by half, ten a second. */
async function fillHistory(stage: Stage, identity: string): Promise<void> {
  const session = await openSession({ redis: stage.redis, identity, streamName: identity });
  await session.writeSessionJson(JSON.stringify({ identity, state: "open" }));
  const id = session.place.streamSessionId;
  const samples = new Float64Array(256);
  const nowMs = Date.now();
  for (let burst = 0; burst < 3_000; burst++) {
    const runs = Array.from({ length: 32 }, (_, channel) => {
      randomFillSync(samples, 0, samples.length / 2);
      return periodicItem({ channel: 100 + channel, startNs: 0n, intervalNs: 1n, samples });
    });
    const data = Buffer.from(compress(encodeItems(runs)));
    await stage.redis.xAdd(`stream:${identity}-history`, `${nowMs - 300_000 + 100 * burst}-0`, { id, data });
  }
  // The probe's own entries go on in the same stream, behind the history.
  await stage.redis.rename(`stream:${identity}-history`, `stream:${identity}`);
}

/** What a live viewer notices while others are sent 300 s of history: rounds with and without, in turn. */
async function whileBackfilling(stage: Stage): Promise<Figure> {
  await fillHistory(stage, "backfill");
  const probe = await probeSession(stage, "backfill", "backfill");
  const quiet: number[] = [];
  const busy: number[] = [];
  let backfilledBytes = 0;
  const memoryBefore = workerMegabytes();
  let memoryPeak = 0;
  for (let round = 0; round < ROUNDS; round++) {
    quiet.push(...(await probe.delays(ROUND_SECONDS)));
    const stop = new AbortController();
    const joining = joinAgainAndAgain(stage, stop.signal, (bytes) => {
      backfilledBytes += bytes;
      memoryPeak = Math.max(memoryPeak, workerMegabytes());
    });
    busy.push(...(await probe.delays(ROUND_SECONDS)));
    stop.abort();
    await joining;
  }
  return {
    name: "Live delivery while 300 s of 64 KiB bursts are backfilled",
    target: "p99 at most 1.5 times p99 without",
    values: {
      "p99 ratio": percentile(busy, 0.99) / percentile(quiet, 0.99),
      "without: p50, p99, ms": [percentile(quiet, 0.5), percentile(quiet, 0.99)],
      "with: p50, p99, ms": [percentile(busy, 0.5), percentile(busy, 0.99)],
      "history sent, MB": backfilledBytes / 1e6,
      "workerd resident before, peak, MB": [memoryBefore, memoryPeak],
    },
  };
}

/** One viewer after the other asks for all the history there is. */
async function joinAgainAndAgain(
  stage: Stage,
  signal: AbortSignal,
  onHistory: (bytes: number) => void,
): Promise<void> {
  const channels = Array.from({ length: 32 }, (_, channel) => 100 + channel);
  while (!signal.aborted) {
    let bytes = 0;
    const viewer = await connect(stage, "backfill", channels, (message) => {
      bytes += message.length;
    });
    for (let seen = -1; seen !== bytes && !signal.aborted; ) {
      seen = bytes;
      await sleep(1_000);
    }
    onHistory(bytes);
    viewer.terminate();
  }
}

/** Resident memory of all workerd processes of ours. */
function workerMegabytes(): number {
  const lines = execFileSync("ps", ["-C", "workerd", "-o", "rss="], { encoding: "utf8" }).split("\n");
  return Math.max(...lines.map((line) => Number(line) / 1024));
}

const stage = await setStage();
try {
  const figures = [await addedLatency(stage), await whileBackfilling(stage)];
  report(figures, new URL("results.json", import.meta.url));
} finally {
  await stage.stop();
}
