import { setTimeout as sleep } from "node:timers/promises";
import { cpuMs } from "../stage/process.ts";
import { openStream, type Stage } from "../stage/stage.ts";
import type { Subject } from "../stage/workerd.ts";
import { BURST_MS } from "./telemetry.ts";
import { Viewers } from "./viewers.ts";

/** Bursts before each round, so that whoever learns a rhythm has learned it. */
const LEAD_IN = 10;
/** Nothing more comes when nothing came for this long. */
const QUIET_MS = 500;

export interface AudienceOptions {
  readonly identity: string;
  readonly viewers: number;
  /** What each viewer asks for, by its number; all channels when absent. */
  readonly channels?: (viewer: number) => readonly number[];
  /** Bursts in a second; ten when absent. */
  readonly perSecond?: number;
  /** Fields of each entry, used in turn. */
  readonly entries: readonly Readonly<Record<string, Buffer>>[];
}

export interface Round {
  readonly cpuMs: number;
  readonly frames: number;
}

/** A session with viewers at one subject. */
export class Audience {
  readonly #stage: Stage;
  readonly #subject: Subject;
  readonly #options: AudienceOptions;
  readonly #streamSessionId: string;
  readonly #viewers: Viewers;
  #written = 0;

  private constructor(
    stage: Stage,
    subject: Subject,
    options: AudienceOptions,
    streamSessionId: string,
    viewers: Viewers,
  ) {
    this.#stage = stage;
    this.#subject = subject;
    this.#options = options;
    this.#streamSessionId = streamSessionId;
    this.#viewers = viewers;
  }

  static async gather(stage: Stage, subject: Subject, options: AudienceOptions): Promise<Audience> {
    const { identity, viewers: count, channels } = options;
    const id = await openStream(stage, identity);
    const wish = { url: subject.url, identity, ...(channels && { channels }) };
    const viewers = await Viewers.connect(count, wish);
    return new Audience(stage, subject, options, id, viewers);
  }

  /** Writes bursts on their open-loop schedule; what they cost the subject until the last has arrived. */
  async round(bursts: number): Promise<Round> {
    await this.#write(Math.min(LEAD_IN, bursts));
    await this.#arrival(Number.POSITIVE_INFINITY);
    const [cpuBefore, framesBefore] = [cpuMs(this.#subject.pid), this.#viewers.frames];
    await this.#write(bursts);
    await this.#arrival(framesBefore + bursts * this.#options.viewers);
    const frames = this.#viewers.frames - framesBefore;
    if (frames === 0 || this.#viewers.lost > 0) {
      throw new Error(
        `${this.#options.identity}: ${frames} frames came, ${this.#viewers.lost} viewers were lost`,
      );
    }
    return { cpuMs: cpuMs(this.#subject.pid) - cpuBefore, frames };
  }

  leave(): void {
    this.#viewers.close();
  }

  async #write(bursts: number): Promise<void> {
    const { identity, entries, perSecond = 1_000 / BURST_MS } = this.#options;
    const startMs = Date.now();
    for (let burst = 0; burst < bursts; burst++) {
      await sleep(Math.max(0, startMs + (1_000 * burst) / perSecond - Date.now()));
      const entry = entries[this.#written++ % entries.length]!;
      await this.#stage.redis.xAdd(`stream:${identity}`, "*", { id: this.#streamSessionId, ...entry });
    }
  }

  /** Until that many frames have come, or no more do: bursts may have been joined. */
  async #arrival(frames: number): Promise<void> {
    let seen = -1;
    for (let sinceMs = Date.now(); Date.now() - sinceMs < QUIET_MS && seen < frames; await sleep(10)) {
      if (seen === this.#viewers.frames) continue;
      seen = this.#viewers.frames;
      sinceMs = Date.now();
    }
  }
}
