import { probeSession } from "../load/probe.ts";
import { type Figure, type PartContext, percentile } from "../part.ts";
import { setStage } from "../stage/stage.ts";
import { startService } from "../stage/workerd.ts";

export const title = "XADD to socket, 10 bursts a second";

export async function run({ short }: PartContext): Promise<Figure[]> {
  const stage = await setStage();
  const service = await startService(stage);
  try {
    const probe = await probeSession(stage, service.url, "latency");
    const trips: number[] = [];
    for (let i = 0; i < 50; i++) trips.push(await stage.gatewayRoundTripMs());
    const [readsBefore, startMs] = [await stage.reads(), Date.now()];
    const delays = await probe.delays(short ? 5 : 20);
    const commands = (1000 * ((await stage.reads()) - readsBefore)) / (Date.now() - startMs);
    const trip = percentile(trips, 0.5);
    return [
      {
        name: "median above the gateway's round trip",
        unit: "ms",
        values: [percentile(delays, 0.5) - trip],
        target: { atMost: 15 },
        beside: { "gateway round trip p50, ms": trip },
      },
      { name: "gateway commands a second", unit: "", values: [commands], target: { atMost: 12 } },
    ];
  } finally {
    await service.stop();
    await stage.stop();
  }
}
