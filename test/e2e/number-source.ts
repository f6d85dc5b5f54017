import { setTimeout as sleep } from "node:timers/promises";
import { RESP_TYPES } from "@redis/client";
import type { ProducerSession, RedisConnection } from "../../src/producer/index.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { numbered } from "../fakes/bursts.ts";
import { inflate } from "./follower.ts";

export interface NumberSourceOptions {
  /** The first number. */
  first?: number;
  /** Between bursts. */
  everyMs?: number;
  /** What each burst holds beside its number. */
  beside?: () => Uint8Array[];
}

/** Writes bursts through the producer library, each with the next number in a sample of channel 1. */
export class NumberSource {
  /** Numbers whose writing was confirmed. */
  readonly written: number[] = [];
  readonly #session: ProducerSession;
  readonly #options: Required<NumberSourceOptions>;
  readonly #running: Promise<void>;
  #stopped = false;

  constructor(session: ProducerSession, options: NumberSourceOptions = {}) {
    this.#session = session;
    this.#options = { first: 0, everyMs: 100, beside: () => [], ...options };
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    const { first, everyMs, beside } = this.#options;
    for (let number = first; !this.#stopped; number++) {
      const rest = sleep(everyMs);
      try {
        await this.#session.write([numbered(1, number), ...beside()]);
        this.written.push(number);
      } catch {
        // Redis is away, or does not take it: the next number follows all the same.
      }
      await rest;
    }
  }

  /** Resolves when `count` more have been written. */
  async more(count: number): Promise<void> {
    const enough = this.written.length + count;
    while (this.written.length < enough) await sleep(10);
  }

  /** Resolves when nothing more will be written. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }
}

/** The numbers that a stream holds, in its order. */
export async function numbersIn(redis: RedisConnection, streamName: string): Promise<number[]> {
  const entries = await redis
    .withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
    .xRange(`stream:${streamName}`, "-", "+");
  return (entries ?? []).flatMap(({ message }) => numbersOf(inflate(message.data as unknown as Buffer)));
}

function numbersOf(burst: Buffer): number[] {
  return rta.model.net.stream.StreamDataBurst.decode(burst).data.flatMap(({ periodicData: run }) =>
    run?.channelId === 1 ? [Buffer.from(run.buffer!).readDoubleLE()] : [],
  );
}
