import { setTimeout as sleep } from "node:timers/promises";
import { BenchLoad, nowMs } from "./bench-load.ts";
import { type BenchFigures, BenchTally, figureLines } from "./bench-tally.ts";
import { BenchViewer } from "./bench-viewer.ts";
import { type CliContext, EXIT, print, UsageError } from "./context.ts";
import { type JsonFlag, redisOf, type ServiceFlags, serviceOf } from "./flags.ts";
import { OwnSession } from "./own-session.ts";
import { Progress } from "./progress.ts";
import { openReader } from "./redis-reader.ts";

export interface BenchFlags extends ServiceFlags, JsonFlag {
  readonly redis?: string;
  readonly viewers: number;
  readonly subscriptions: number;
  readonly subscribed?: number;
  readonly channels: number;
  readonly samples: number;
  readonly rate: number;
  readonly duration: number;
}

/** Until the service has learned the rhythm. */
const WARM_UP_S = 2;
/** From the last viewer to the first burst. */
const LEAD_MS = 500;
/** For what is on its way at the end. */
const GRACE_MS = 5_000;
const GRACE_CHECK_MS = 50;
/** Viewers that are connecting at a time. */
const JOINING = 50;
/** Deliveries whose latencies fit into memory beside everything else. */
const MAX_DELIVERIES = 20_000_000;

/** `slipstream bench`: writes a session by the clock, and measures how many viewers get it, and when. */
export async function bench(this: CliContext, flags: BenchFlags): Promise<void> {
  checkFlags(flags);
  const service = serviceOf(flags, this);
  const redisFlags = flags.redis === undefined ? {} : { redis: flags.redis };
  const progress = new Progress(this);
  const reader = await openReader(redisFlags, this);
  const own = await OwnSession.open("bench", redisOf(redisFlags, this), reader).catch((error: Error) => {
    reader.close();
    throw error;
  });
  const bursts = Math.ceil((WARM_UP_S + flags.duration) * flags.rate);
  const warmUp = Math.ceil(WARM_UP_S * flags.rate);
  const viewers: BenchViewer[] = [];
  try {
    const tally = new BenchTally(flags.viewers, bursts, warmUp);
    let load: BenchLoad | undefined;
    for (let first = 0; first < flags.viewers && !this.stop.aborted; first += JOINING) {
      const some = Array.from({ length: Math.min(JOINING, flags.viewers - first) }, (_, index) =>
        BenchViewer.connect({
          ...service,
          identity: own.identity,
          channels: subscriptionOf(first + index, flags),
          onBurst: (startNs) => {
            const burst = load?.burstAt(startNs) ?? -1;
            if (burst >= 0) tally.count(first + index, burst, nowMs() - Number(startNs / 1000n) / 1000);
          },
        }),
      );
      viewers.push(...(await Promise.all(some)));
      progress.update(() => `${viewers.length} of ${flags.viewers} viewers are there`);
    }
    const { channels, samples, rate } = flags;
    load = new BenchLoad({ channels, samples, rate, bursts, startMs: nowMs() + LEAD_MS, stop: this.stop });
    const ticking = setInterval(
      () => progress.update(() => `${tally.deliveries} deliveries; Ctrl+C ends it`),
      200,
    );
    const startBytes = viewers.map(({ bytes }) => bytes);
    const written = await load.run(own.session).finally(() => clearInterval(ticking));
    const deadlineMs = nowMs() + GRACE_MS;
    while (!tally.isComplete(written) && nowMs() < deadlineMs) await sleep(GRACE_CHECK_MS);
    const figures = tally.figures(written, {
      ...flags,
      bytes: viewers.reduce((sum, { bytes }, index) => sum + bytes - startBytes[index]!, 0),
      messages: viewers.reduce((sum, { messages }) => sum + messages, 0),
      closed: viewers.flatMap(({ closedWith }) => closedWith ?? []),
      lateMs: load.lateMs,
    });
    progress.note(this.stop.aborted ? "stopped early" : "done");
    await tell(this, flags, figures);
    if (this.stop.aborted || figures.lost > 0 || figures.closedWith.length > 0)
      this.process.exitCode = EXIT.failed;
  } finally {
    for (const viewer of viewers) viewer.close();
    await own.remove();
    reader.close();
  }
}

function checkFlags({ viewers, subscriptions, subscribed, channels, rate, duration }: BenchFlags): void {
  if (subscribed !== undefined && subscribed > channels) {
    throw new UsageError(`--subscribed ${subscribed} is more than the session's --channels ${channels}`);
  }
  if (subscriptions > (subscribed === undefined ? 1 : channels)) {
    throw new UsageError("--subscriptions needs --subscribed, and at least as many --channels");
  }
  if (viewers * rate * (duration + WARM_UP_S) > MAX_DELIVERIES) {
    throw new UsageError(
      `--viewers times --rate times --duration is over ${MAX_DELIVERIES.toLocaleString("en")}`,
    );
  }
}

/** Channels of a viewer: a window of the session's, one place further for each other subscription. */
function subscriptionOf(viewer: number, { subscriptions, subscribed, channels }: BenchFlags): number[] {
  const first = viewer % subscriptions;
  const chosen = Array.from({ length: subscribed ?? channels }, (_, index) => (first + index) % channels);
  return chosen.sort((a, b) => a - b);
}

async function tell(context: CliContext, { json }: JsonFlag, figures: BenchFigures): Promise<void> {
  if (json) await print(context, JSON.stringify(figures));
  else for (const line of figureLines(figures)) await print(context, line);
}
