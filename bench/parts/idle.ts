import { setTimeout as sleep } from "node:timers/promises";
import { encodeItems, sessionJsonItem } from "../../src/producer/index.ts";
import { compress } from "../../src/wire/lz4.ts";
import { metricSamples } from "../../test/fakes/metric-samples.ts";
import { SessionDriver } from "../../test/fakes/session-driver.ts";
import { Viewers } from "../load/viewers.ts";
import type { Figure, PartContext } from "../part.ts";
import { cpuMs } from "../stage/process.ts";
import { openStream, type Stage, setStage } from "../stage/stage.ts";
import { type Subject, startService } from "../stage/workerd.ts";

export const title = "Idle costs: a silent session with one viewer";

const MINUTE_MS = 60_000;
/** Commands of a poller that knows nothing but its interval, at 10 Hz. */
const FIXED_PER_HOUR = 36_000;

export async function run({ short }: PartContext): Promise<Figure[]> {
  const stage = await setStage();
  try {
    return [...(await commandsByTheCore()), ...(await awakeAndClosed(stage, short))];
  } finally {
    await stage.stop();
  }
}

/** The session's state machine in simulated time, with the default settings: exact, and the same every time. */
async function commandsByTheCore(): Promise<Figure[]> {
  const driver = new SessionDriver();
  driver.open();
  driver.connect();
  const perHour = async (minutes: number): Promise<number> => {
    const before = driver.redis.commands.length;
    await driver.run(minutes * MINUTE_MS);
    return ((driver.redis.commands.length - before) * 60) / minutes;
  };
  const beside = {
    "first minute of silence": await perHour(1),
    "until the 10th minute": await perHour(9),
    "after it, when it is idle": await perHour(50),
  };
  const idle = beside["after it, when it is idle"];
  return [
    {
      name: "commands of a fixed 10 Hz poller / of the service, idle",
      unit: "x",
      values: [FIXED_PER_HOUR / idle],
      beside: { "an hour: fixed 10 Hz poller": FIXED_PER_HOUR, ...beside },
    },
  ];
}

/** In workerd, with a session that becomes idle at once; then one that closes. */
async function awakeAndClosed(stage: Stage, short: boolean): Promise<Figure[]> {
  const vars = { RTA_IDLE__SECONDS: "1", RTA_LINGER__SECONDS: "1" };
  const service = await startService(stage, vars);
  try {
    const id = await openStream(stage, "idle");
    const viewers = await Viewers.connect(1, { url: service.url, identity: "idle" });
    await sleep(short ? 2_000 : 5_000);
    const seconds = short ? 1 : 121;
    const [cpuBefore, callsBefore] = [cpuMs(service.pid), await stage.serviceCalls()];
    const before = await scrape(service);
    await sleep(seconds * 1_000);
    const after = await scrape(service);
    const cpu = cpuMs(service.pid) - cpuBefore;
    const calls = (await stage.serviceCalls()) - callsBefore;
    const grown = (name: string): number => after[name]! - before[name]!;

    const json = encodeItems([sessionJsonItem('{"identity":"idle","state":"closed"}')]);
    await stage.redis.xAdd("stream:idle", "*", { id, data: Buffer.from(compress(json)) });
    // Read for at once: the next check is up to 20 s away.
    await Viewers.connect(1, { url: service.url, identity: "idle" });
    for (const deadline = Date.now() + 40_000; viewers.lost === 0 && Date.now() < deadline; )
      await sleep(100);
    if (viewers.lost === 0) throw new Error("the closed session did not let its viewer go");
    await sleep(1_000);
    const closedBefore = await stage.serviceCalls();
    await sleep(short ? 2_000 : 30_000);
    const closedCalls = (await stage.serviceCalls()) - closedBefore;
    return [
      {
        name: "commands of an idle session in workerd",
        unit: "an hour",
        values: [(calls * 3_600) / seconds],
        beside: { "CPU of the process, ms an hour": (cpu * 3_600) / seconds },
      },
      {
        name: "time that keeps the object of an idle session from hibernation",
        unit: "ms an hour",
        values: [(3_600_000 * grown("object_active_seconds_total")) / seconds],
        beside: { "times that it came back from it": (3_600 * grown("object_starts_total")) / seconds },
      },
      {
        name: "commands after a closed session's last viewer",
        unit: "",
        values: [closedCalls],
        target: { atMost: 0 },
      },
    ];
  } finally {
    await service.stop();
  }
}

async function scrape({ url }: Subject): Promise<Readonly<Record<string, number>>> {
  const response = await fetch(`${url.replace(/^ws/, "http")}/metrics`);
  return metricSamples(await response.text());
}
