import { setTimeout as sleep } from "node:timers/promises";
import { type Following, follow } from "../../client/index.ts";
import { encodeItems, ProducerError, periodicItem, timeRangeItem } from "../../producer/index.ts";
import { PayloadError, unpack } from "../../wire/payload.ts";
import { fieldOf } from "./burst-metadata.ts";
import type { Finding } from "./finding.ts";
import { OwnSession } from "./own-session.ts";
import { listOf, type RedisReader } from "./redis-reader.ts";
import { linkWords } from "./session-link.ts";

const CHANNEL = 1;
const BURSTS = 10;
/** The pace of a producer. */
const BURST_MS = 100;
/** Samples of one byte: every byte there is. */
const BYTES = 256;
const SLOW_MS = 500;

/** A session of the doctor's own, in a stream of its own, that is written, seen and removed. */
export class Probe {
  readonly #own: OwnSession;
  readonly #reader: RedisReader;
  readonly #bursts: Uint8Array[] = [];

  private constructor(own: OwnSession, reader: RedisReader) {
    this.#own = own;
    this.#reader = reader;
  }

  /** Null where Redis cannot be written to. */
  static async open(
    redis: { url: string; token: string | undefined },
    reader: RedisReader,
  ): Promise<Probe | null> {
    try {
      return new Probe(await OwnSession.open("doctor", redis, reader), reader);
    } catch (error) {
      if (error instanceof ProducerError) return null;
      throw error;
    }
  }

  /** Follows the session, writes it, and compares what comes. */
  async viewer(service: { url: string; token: string | undefined }, enough: AbortSignal): Promise<Finding> {
    const check = "viewer";
    const latenciesMs: number[] = [];
    const writtenMs: number[] = [];
    let wrong = 0;
    let words = "it was not told why";
    const following = follow(service.url, this.#own.identity, {
      channels: [CHANNEL],
      ...(service.token !== undefined && { token: service.token }),
      signal: enough,
      on: {
        link: (link) => {
          if ("cause" in link && link.cause !== "by-client") words = linkWords(link.cause);
          if (link.state === "closed" || link.state === "unavailable") following.close();
        },
        samples: ({ values }) => {
          const number = values[0]!;
          latenciesMs.push(performance.now() - writtenMs[number]!);
          if (!values.every((value, index) => value === (number + index) % BYTES)) wrong += 1;
          if (latenciesMs.length === BURSTS) following.close();
        },
      },
      // There is no REST that knows of this session; where there is one it would not let the viewer in.
      runtime: { fetch: async () => new Response(null, { status: 404 }) },
    });
    void this.#produce(following, writtenMs, enough);
    await following.ended;

    if (latenciesMs.length < BURSTS || wrong > 0) {
      const seen = `${latenciesMs.length} of ${writtenMs.length || BURSTS} bursts came`;
      const message =
        wrong > 0 ? `${wrong} bursts came with other values than were written` : `${seen}: ${words}`;
      const advice =
        "does the service read from this Redis? /health and its log tell; --url and --redis have to belong together";
      return { check, status: "fail", message, advice };
    }
    const sorted = latenciesMs.sort((a, b) => a - b);
    const [medianMs, worstMs] = [sorted[sorted.length >> 1]!, sorted.at(-1)!];
    const isSlow = medianMs > SLOW_MS;
    return {
      check,
      status: isSlow ? "warn" : "ok",
      message: `a viewer saw all of ${BURSTS} bursts, ${medianMs.toFixed(0)} ms after they were written (median; ${worstMs.toFixed(0)} ms at most)`,
      ...(isSlow && { advice: "`slipstream bench` measures at length; the way to Redis is part of it" }),
      figures: { medianMs, worstMs },
    };
  }

  /** As a producer would, from when the viewer is there. */
  async #produce(following: Following, writtenMs: number[], enough: AbortSignal): Promise<void> {
    while (following.link.state !== "live") {
      if (following.link.state === "closed" || enough.aborted) return;
      await sleep(BURST_MS / 10);
    }
    for (let number = 0; number < BURSTS && !enough.aborted; number++) {
      const startNs = BigInt(Date.now()) * 1_000_000n;
      const samples = Uint8Array.from({ length: BYTES }, (_, index) => number + index);
      const items = [
        periodicItem({ channel: CHANNEL, startNs, intervalNs: 1n, samples }),
        timeRangeItem(startNs, startNs + BigInt(BYTES)),
      ];
      this.#bursts.push(encodeItems(items));
      writtenMs.push(performance.now());
      await this.#own.session.write(items).catch(() => following.close());
      await sleep(BURST_MS);
    }
  }

  /** Whether the bytes that Redis holds come back as they were written. */
  async exactness(): Promise<Finding> {
    const check = "bytes";
    const { streamName } = this.#own.session.place;
    const [reply] = await this.#reader.ask(["XRANGE", `stream:${streamName}`, "-", "+"]);
    const bursts = listOf(reply).map((entry) => {
      const data = fieldOf({ fields: listOf(listOf(entry)[1]) as readonly Buffer[] }, "data");
      return data === undefined ? null : unpacked(data);
    });
    const isExact = this.#bursts.every((burst) => bursts.some((found) => found?.equals(burst)));
    const way = this.#reader.over === "HTTP" ? "base64 replies of the gateway" : "replies of Redis";
    if (!isExact || this.#bursts.length === 0) {
      const message =
        this.#bursts.length === 0 ? "nothing was written to compare" : `the ${way} are not what was written`;
      const advice =
        "a gateway has to answer in base64 (Upstash-Encoding) of the bytes themselves, not of text made from them";
      return { check, status: this.#bursts.length === 0 ? "skip" : "fail", message, advice };
    }
    const bytes = this.#bursts.reduce((sum, burst) => sum + burst.length, 0);
    const gateway =
      this.#reader.over === "RESP" ? "; to check base64 as well, name the gateway with --redis" : "";
    return { check, status: "ok", message: `${bytes} bytes came back exactly, through ${way}${gateway}` };
  }

  /** Leaves nothing behind. */
  remove(): Promise<void> {
    return this.#own.remove();
  }
}

function unpacked(data: Buffer): Buffer | null {
  try {
    return Buffer.from(unpack(data).burst);
  } catch (error) {
    if (error instanceof PayloadError) return null;
    throw error;
  }
}
