import { setTimeout as sleep } from "node:timers/promises";
import { encodeItems, periodicItem, timeRangeItem } from "../../src/producer/index.ts";
import { ItemKind, ItemTable } from "../../src/wire/burst.ts";
import { compress } from "../../src/wire/lz4.ts";
import { unpackInto } from "../../src/wire/payload.ts";
import { RunReader } from "../../src/wire/samples.ts";
import { openStream, type Stage } from "../stage/stage.ts";
import { BURST_MS } from "./telemetry.ts";
import { Viewers } from "./viewers.ts";

export const PROBE_CHANNEL = 1;

/** Wall clock of this process, ms with fractions. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** A burst that says when it was written. */
export function probeBurst(dueMs: number): Uint8Array {
  const startNs = BigInt(Math.round(dueMs)) * 1_000_000n;
  const samples = Float64Array.of(nowMs());
  const run = periodicItem({ channel: PROBE_CHANNEL, startNs, intervalNs: 1n, samples });
  return encodeItems([run, timeRangeItem(startNs, startNs)]);
}

/** A session that one viewer watches, whose bursts carry the time at which they were written. */
export class Probe {
  /** From the write to the arrival at the viewer, ms: of what was written since they were last taken. */
  #delays: number[] = [];
  #countFrom = 0;
  /** Written, and not yet arrived. */
  #underWay = 0;
  readonly #append: (burst: Uint8Array) => Promise<unknown>;
  readonly #viewers: Viewers;

  private constructor(append: (burst: Uint8Array) => Promise<unknown>, viewers: Viewers) {
    this.#append = append;
    this.#viewers = viewers;
  }

  static async start(stage: Stage, url: string, identity: string): Promise<Probe> {
    const id = await openStream(stage, identity);
    const viewers = await Viewers.connect(1, {
      ...{ url, identity, channels: () => [PROBE_CHANNEL] },
      onMessage: (message) => {
        const arrivedMs = nowMs();
        for (const writtenMs of probeTimes(message)) {
          probe.#underWay--;
          if (writtenMs >= probe.#countFrom) probe.#delays.push(arrivedMs - writtenMs);
        }
      },
    });
    const append = (burst: Uint8Array): Promise<unknown> => {
      return stage.redis.xAdd(`stream:${identity}`, "*", { id, data: Buffer.from(compress(burst)) });
    };
    const probe: Probe = new Probe(append, viewers);
    return probe;
  }

  write(dueMs: number): Promise<unknown> {
    this.#underWay++;
    return this.#append(probeBurst(dueMs));
  }

  /** Resolves when all that was written has arrived. */
  async caughtUp(): Promise<void> {
    while (this.#underWay > 0) await sleep(5);
  }

  /** Delays so far; from now on those of what is written from now on. */
  take(): number[] {
    this.#countFrom = nowMs();
    return this.#delays.splice(0);
  }

  close(): void {
    this.#viewers.close();
  }
}

/** Calls each of `writes` ten times a second on an open-loop schedule, evenly apart. */
export async function writeInTurn(
  seconds: number,
  writes: readonly ((dueMs: number) => Promise<unknown>)[],
): Promise<void> {
  const startMs = Date.now();
  for (let turn = 0; turn < seconds * 10 * writes.length; turn++) {
    const dueMs = startMs + (turn * BURST_MS) / writes.length;
    await sleep(Math.max(0, dueMs - Date.now()));
    await writes[turn % writes.length]!(dueMs);
  }
}

const arena = new Uint8Array(4 * 1024 * 1024);
const items = new ItemTable();
const reader = new RunReader();
const value = new Float64Array(1);

/** When the probe bursts in a message were written. */
export function probeTimes(message: Uint8Array): number[] {
  items.reset();
  unpackInto(message, arena, 0, arena.length, items);
  const times: number[] = [];
  for (let item = 0; item < items.count; item++) {
    if (items.kind[item] !== ItemKind.periodic || items.channel[item] !== PROBE_CHANNEL) continue;
    reader.read(arena, items, item);
    reader.values("f64", "le", value);
    times.push(value[0]!);
  }
  return times;
}
