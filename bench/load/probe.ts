import { setTimeout as sleep } from "node:timers/promises";
import { encodeItems, openSession, periodicItem, timeRangeItem } from "../../src/producer/index.ts";
import { ItemKind, ItemTable } from "../../src/wire/burst.ts";
import { unpackInto } from "../../src/wire/payload.ts";
import { RunReader } from "../../src/wire/samples.ts";
import type { Stage } from "../stage/stage.ts";
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

/** A session whose bursts, ten a second on an open-loop schedule, carry the time at which they were written. */
export async function probeSession(stage: Stage, url: string, identity: string): Promise<Probe> {
  const session = await openSession({ redis: stage.redis, identity, streamName: identity });
  await session.writeSessionJson(JSON.stringify({ identity, state: "open" }));
  return new Probe(url, identity, (dueMs) => session.write(probeBurst(dueMs)));
}

export class Probe {
  readonly #url: string;
  readonly #identity: string;
  readonly #write: (dueMs: number) => Promise<void>;

  constructor(url: string, identity: string, write: (dueMs: number) => Promise<void>) {
    this.#url = url;
    this.#identity = identity;
    this.#write = write;
  }

  /** Delays from the write to the arrival at a viewer, ms, over `seconds` after a warm-up. */
  async delays(seconds: number, warmUpSeconds = 5): Promise<number[]> {
    const delays: number[] = [];
    // History of an earlier round is no delay.
    let countFrom = Number.POSITIVE_INFINITY;
    const viewers = await Viewers.connect(1, {
      ...{ url: this.#url, identity: this.#identity, channels: () => [PROBE_CHANNEL] },
      onMessage: (message) => {
        const arrived = nowMs();
        for (const written of probeTimes(message)) if (written >= countFrom) delays.push(arrived - written);
      },
    });
    const start = Date.now();
    const ends = start + (warmUpSeconds + seconds) * 1000;
    countFrom = start + warmUpSeconds * 1000;
    for (let dueMs = start; dueMs < ends; dueMs += 100) {
      await sleep(Math.max(0, dueMs - Date.now()));
      await this.#write(dueMs);
    }
    viewers.close();
    return delays;
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
