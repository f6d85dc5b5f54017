import { Probe, writeInTurn } from "../load/probe.ts";
import { type Figure, median, type PartContext, percentile, ratios } from "../part.ts";
import { setStage } from "../stage/stage.ts";
import { startFloor, startService } from "../stage/workerd.ts";

export const title = "Added latency: XADD to socket at 10 bursts a second";

/**
 * The service and what polls at a fixed interval, with as many commands, at the same time: a burst for one, 50 ms later
 * a burst for the other.
 */
export async function run({ short }: PartContext): Promise<Figure[]> {
  const stage = await setStage();
  const service = await startService(stage);
  const fixed = await startFloor(stage);
  try {
    const probes = [
      await Probe.start(stage, service.url, "latency-service"),
      await Probe.start(stage, fixed.url, "latency-fixed"),
    ] as const;
    const trips: number[] = [];
    let beat = 0;
    const writes = probes.map((probe) => async (dueMs: number) => {
      await probe.write(dueMs);
      if (++beat % 7 === 0) trips.push(await stage.gatewayRoundTripMs());
    });
    const [rounds, seconds] = short ? [2, 3] : [5, 20];
    await writeInTurn(5, writes);
    trips.length = 0;
    for (const probe of probes) probe.take();
    const delays: [number[][], number[][]] = [[], []];
    const commands: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const before = [await stage.serviceCalls(), await stage.calls("xrange")];
      await writeInTurn(seconds, writes);
      commands[0].push(((await stage.serviceCalls()) - before[0]!) / seconds);
      commands[1].push(((await stage.calls("xrange")) - before[1]!) / seconds);
      for (const [i, probe] of probes.entries()) delays[i]!.push(probe.take());
    }
    for (const probe of probes) probe.close();
    const trip = median(trips);
    const [ours, theirs] = delays.map((each) => each.map(median)) as [number[], number[]];
    const p99 = delays[0].map((each) => percentile(each, 0.99));
    return [
      {
        name: "median above the gateway's round trip",
        unit: "ms",
        values: ours.map((each) => each - trip),
        target: { atMost: 15 },
        beside: { "gateway round trip, ms": trip, "median, ms": median(ours) },
      },
      {
        name: "p99 above the gateway's round trip",
        unit: "ms",
        values: p99.map((each) => each - trip),
        target: { atMost: 60 },
        beside: { "gateway round trip p99, ms": percentile(trips, 0.99) },
      },
      {
        name: "gateway commands of the service",
        unit: "a second",
        values: commands[0],
        target: { atMost: 12 },
        beside: { "at the fixed interval": median(commands[1]) },
      },
      {
        name: "median at the fixed interval / of the service",
        unit: "x",
        values: ratios(theirs, ours),
        target: { atLeast: 3 },
        beside: { "at the fixed interval: median, ms": median(theirs) },
      },
    ];
  } finally {
    await Promise.all([service.stop(), fixed.stop()]);
    await stage.stop();
  }
}
