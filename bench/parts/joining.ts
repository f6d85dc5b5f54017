import { setTimeout as sleep } from "node:timers/promises";
import { encodeItems, periodicItem } from "../../src/producer/index.ts";
import { compress } from "../../src/wire/lz4.ts";
import { nowMs, PROBE_CHANNEL, probeBurst, probeTimes } from "../load/probe.ts";
import { Viewers } from "../load/viewers.ts";
import { type Figure, interleave, median, type PartContext, percentile, ratios } from "../part.ts";
import { startNodeServer } from "../stage/node-server.ts";
import { cpuMs } from "../stage/process.ts";
import { openStream, type Stage, setStage } from "../stage/stage.ts";
import { type Subject, startService } from "../stage/workerd.ts";

export const title = "Joining: 500 entries a second of 1 KiB, 20 viewers";

const VIEWERS = 20;
const ENTRIES_PER_SECOND = 500;
const ENTRY_BYTES = 1024;
/** Written together: timers are no finer. */
const TOGETHER = 5;
/** Polls that find nothing come an eighth of the silence apart, and it is silent while the other has its round. */
const WARM_UP_SECONDS = 2;

export async function run({ short }: PartContext): Promise<Figure[]> {
  const stage = await setStage();
  const subjects = { service: await startService(stage), node: await startNodeServer(stage) };
  try {
    const seconds = short ? 2 : 10;
    const service = await Crowd.gather(stage, subjects.service, "joining-service");
    const node = await Crowd.gather(stage, subjects.node, "joining-node");
    const us = await interleave(
      { warmUps: 1, rounds: short ? 1 : 5 },
      { service: () => service.round(seconds), node: () => node.round(seconds) },
    );
    for (const crowd of [service, node]) crowd.leave();
    // The round that warmed up is the first.
    const counted = (values: number[]): number[] => values.slice(1);
    return [
      {
        name: "frames to each viewer",
        unit: "a second",
        values: counted(service.framesPerSecond),
        target: { atMost: 25 },
        beside: { "Node server": median(counted(node.framesPerSecond)) },
      },
      {
        name: "p99 of XADD to socket",
        unit: "ms",
        values: counted(service.p99),
        target: { atMost: 150 },
        beside: { "Node server, ms": median(counted(node.p99)) },
      },
      {
        name: "CPU for an entry and viewer, Node server / service",
        unit: "x",
        values: ratios(us.node, us.service),
        beside: { "service, us": median(us.service), "Node server, us": median(us.node) },
      },
    ];
  } finally {
    await Promise.all(Object.values(subjects).map((subject) => subject.stop()));
    await stage.stop();
  }
}

/** How late entries were that were written since then. */
interface Delays {
  sinceMs: number;
  readonly ms: number[];
}

/** Viewers of one subject. */
class Crowd {
  readonly framesPerSecond: number[] = [];
  readonly p99: number[] = [];
  readonly #stage: Stage;
  readonly #subject: Subject;
  readonly #identity: string;
  readonly #id: string;
  readonly #viewers: Viewers;
  readonly #delays: Delays;

  private constructor(
    stage: Stage,
    subject: Subject,
    identity: string,
    id: string,
    viewers: Viewers,
    delays: Delays,
  ) {
    this.#stage = stage;
    this.#subject = subject;
    this.#identity = identity;
    this.#id = id;
    this.#viewers = viewers;
    this.#delays = delays;
  }

  static async gather(stage: Stage, subject: Subject, identity: string): Promise<Crowd> {
    const id = await openStream(stage, identity);
    const delays: Delays = { sinceMs: Number.POSITIVE_INFINITY, ms: [] };
    const viewers = await Viewers.connect(VIEWERS, {
      ...{ url: subject.url, identity, channels: () => [PROBE_CHANNEL, PROBE_CHANNEL + 1] },
      onMessage: (message, viewer) => {
        if (viewer > 0) return;
        const arrivedMs = nowMs();
        for (const writtenMs of probeTimes(message))
          if (writtenMs >= delays.sinceMs) delays.ms.push(arrivedMs - writtenMs);
      },
    });
    return new Crowd(stage, subject, identity, id, viewers, delays);
  }

  /** CPU time of the subject for an entry and viewer, us. */
  async round(seconds: number): Promise<number> {
    await this.#write(WARM_UP_SECONDS);
    this.#delays.sinceMs = nowMs();
    this.#delays.ms.length = 0;
    const [cpuBefore, framesBefore] = [cpuMs(this.#subject.pid), this.#viewers.frames];
    await this.#write(seconds);
    const frames = this.#viewers.frames - framesBefore;
    this.framesPerSecond.push(frames / VIEWERS / seconds);
    this.p99.push(percentile(this.#delays.ms, 0.99));
    if (this.#viewers.lost > 0) throw new Error("viewers were lost");
    return (1_000 * (cpuMs(this.#subject.pid) - cpuBefore)) / (seconds * ENTRIES_PER_SECOND * VIEWERS);
  }

  leave(): void {
    this.#viewers.close();
  }

  async #write(seconds: number): Promise<void> {
    const startMs = Date.now();
    const turns = (seconds * ENTRIES_PER_SECOND) / TOGETHER;
    for (let turn = 0; turn < turns; turn++) {
      const dueMs = startMs + (turn * 1_000 * TOGETHER) / ENTRIES_PER_SECOND;
      await sleep(Math.max(0, dueMs - Date.now()));
      const entries = Array.from({ length: TOGETHER }, () => ({ id: this.#id, data: entryData(dueMs) }));
      await Promise.all(
        entries.map((entry) => this.#stage.redis.xAdd(`stream:${this.#identity}`, "*", entry)),
      );
    }
  }
}

/** A burst that says when it was written, and 1 KiB that does not pack. */
function entryData(dueMs: number): Buffer {
  const samples = crypto.getRandomValues(new Uint8Array(ENTRY_BYTES - 64));
  const run = periodicItem({ channel: PROBE_CHANNEL + 1, startNs: 0n, intervalNs: 1n, samples });
  return Buffer.from(compress(encodeItems([probeBurst(dueMs), run])));
}
