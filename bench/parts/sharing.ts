import { setTimeout as sleep } from "node:timers/promises";
import { compress } from "../../src/wire/lz4.ts";
import { telemetryBursts } from "../load/telemetry.ts";
import { Viewers } from "../load/viewers.ts";
import { type Figure, interleave, median, type PartContext, ratios } from "../part.ts";
import { cpuMs } from "../stage/process.ts";
import { openStream, type Stage, setStage } from "../stage/stage.ts";
import { startService } from "../stage/workerd.ts";

export const title = "Sessions that share a stream: what 20 in one cost the object of one";

const SESSIONS = 20;
const BURSTS_PER_SECOND = 10;
const DATA = telemetryBursts(100, 50).map((burst) => Buffer.from(compress(burst)));

export async function run({ short }: PartContext): Promise<Figure[]> {
  const stage = await setStage();
  const service = await startService(stage);
  try {
    const alone = await Shared.open(stage, "alone", 1);
    const shared = await Shared.open(stage, "shared", SESSIONS);
    const viewers: Viewers[] = [];
    for (const { watched } of [alone, shared]) {
      viewers.push(await Viewers.connect(1, { url: service.url, identity: watched }));
    }
    const seconds = short ? 2 : 15;
    const bytes: Record<"alone" | "shared", number[]> = { alone: [], shared: [] };
    const measure = async (name: "alone" | "shared", stream: Shared): Promise<number> => {
      await stream.write(1);
      const [cpuBefore, bytesBefore] = [cpuMs(service.pid), await stage.answeredBytes()];
      await stream.write(seconds);
      bytes[name].push(((await stage.answeredBytes()) - bytesBefore) / seconds / 1_000);
      return (cpuMs(service.pid) - cpuBefore) / seconds;
    };
    const cpu = await interleave(
      { warmUps: 1, rounds: short ? 1 : 5 },
      { alone: () => measure("alone", alone), shared: () => measure("shared", shared) },
    );
    for (const each of viewers) each.close();
    const [bytesAlone, bytesShared] = [bytes.alone.slice(1), bytes.shared.slice(1)];
    return [
      {
        name: "bytes read, 20 sessions in the stream / one",
        unit: "x",
        values: ratios(bytesShared, bytesAlone),
        beside: { "one, KB/s": median(bytesAlone), "20, KB/s": median(bytesShared) },
      },
      {
        name: "CPU, 20 sessions in the stream / one",
        unit: "x",
        values: ratios(cpu.shared, cpu.alone),
        beside: {
          "one, ms/s": median(cpu.alone),
          "20, ms/s": median(cpu.shared),
          "for a foreign entry, us":
            (1_000 * (median(cpu.shared) - median(cpu.alone))) / (BURSTS_PER_SECOND * (SESSIONS - 1)),
        },
      },
    ];
  } finally {
    await service.stop();
    await stage.stop();
  }
}

/** One stream and its sessions, of which the first is watched. */
class Shared {
  readonly watched: string;
  readonly #stage: Stage;
  readonly #key: string;
  readonly #ids: readonly string[];
  #written = 0;

  private constructor(stage: Stage, stream: string, ids: readonly string[]) {
    this.watched = `${stream}-0`;
    this.#stage = stage;
    this.#key = `stream:${stream}`;
    this.#ids = ids;
  }

  static async open(stage: Stage, stream: string, sessions: number): Promise<Shared> {
    const ids: string[] = [];
    for (let i = 0; i < sessions; i++) ids.push(await openStream(stage, `${stream}-${i}`, stream));
    return new Shared(stage, stream, ids);
  }

  /** Each session's bursts, ten a second, evenly apart: at 20 sessions an entry every 5 ms. */
  async write(seconds: number): Promise<void> {
    const startMs = Date.now();
    const entries = seconds * BURSTS_PER_SECOND * this.#ids.length;
    for (let i = 0; i < entries; i++) {
      await sleep(Math.max(0, startMs + (i * 1_000) / (BURSTS_PER_SECOND * this.#ids.length) - Date.now()));
      const data = DATA[this.#written++ % DATA.length]!;
      await this.#stage.redis.xAdd(this.#key, "*", { id: this.#ids[i % this.#ids.length]!, data });
    }
  }
}
