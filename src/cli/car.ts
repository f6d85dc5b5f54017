import { randomUUID } from "node:crypto";
import {
  type BatchNotice,
  BatchWriter,
  type ClosedState,
  channelsOf,
  openSession,
  type ProducerSession,
  type SessionState,
} from "../producer/index.ts";
import { carConfiguration } from "./car-config.ts";
import { carSessionJson } from "./car-session.ts";
import { BURST_MS, CarTelemetry, CHANNEL_OFFSET, type Lap } from "./car-telemetry.ts";
import { connectProducer, type ProducerConnection } from "./producer-connection.ts";

/** A Redis that does not take the last messages in this time goes without them. */
const CLOSING_MS = 3000;
/** A minute of driving waits for a Redis that is slow or away; then the oldest is given up. */
const MAX_BUFFERED_BYTES = 2 * 1024 * 1024;
/** A car that fell further behind the clock, such as on a machine that slept, leaves a gap instead of catching up. */
const MAX_BEHIND_MS = 60_000;

export interface CarOptions {
  /** `redis://…`, or the HTTP gateway before it. */
  redisUrl: string;
  /** For the gateway. */
  redisToken?: string | undefined;
  /** Of the session; a fresh one unless given. A session of that identity that is not closed goes on. */
  identity?: string;
  /** Without prefix. */
  streamName?: string;
  /** Decides the noise and the pace of each lap. */
  seed?: number;
  /** Wall clock, ms since 1970-01-01T00:00:00Z. */
  now?: () => number;
  log: (line: string) => void;
  /** Given each Session JSON; the first before Redis has it, so that REST knows the session by then. */
  onSession?: (json: string) => void;
}

export interface RunningCar {
  readonly identity: string;
  readonly configIdentifier: string;
  readonly configJson: string;
  /** The session as it is now. */
  sessionJson(): string;
  /** Ends the session in that state, `closed` unless told. May be called again. */
  stop(state?: ClosedState): Promise<void>;
}

/**
 * Sends a car round its circuit, live from now on: ten bursts a second into Redis, each with the time range, and
 * a Session JSON at the start, at each new lap and at the end. Rejects when Redis cannot be reached or used.
 */
export async function startCar(options: CarOptions): Promise<RunningCar> {
  const {
    redisUrl: url,
    redisToken: token,
    log,
    identity = `demo-${randomUUID()}`,
    streamName = "demo-car",
    now = Date.now,
  } = options;
  const connection = await connectProducer({ url, token }, () => {});
  try {
    const session = await openSession({ redis: connection.redis, identity, streamName, now });
    const car = new DemoCar({ ...options, now, log }, connection, session);
    await car.start();
    return car;
  } catch (error) {
    connection.close();
    throw error;
  }
}

class DemoCar implements RunningCar {
  readonly identity: string;
  readonly configIdentifier: string;
  readonly configJson: string;
  readonly #options: CarOptions & { now: () => number };
  readonly #connection: ProducerConnection;
  readonly #session: ProducerSession;
  readonly #batch: BatchWriter;
  readonly #telemetry: CarTelemetry;
  readonly #startMs: number;
  readonly #laps: Lap[] = [];
  #state: SessionState = "open";
  #timer: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | undefined;
  #lostSamples = 0;

  constructor(
    options: CarOptions & { now: () => number },
    connection: ProducerConnection,
    session: ProducerSession,
  ) {
    const configuration = carConfiguration();
    this.identity = session.identity;
    this.configIdentifier = configuration.identifier;
    this.configJson = configuration.json;
    this.#options = options;
    this.#connection = connection;
    this.#session = session;
    this.#batch = new BatchWriter(session, {
      channels: channelsOf(this.configJson, CHANNEL_OFFSET),
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      whenFull: "drop-oldest",
      onNotice: (notice) => this.#note(notice),
    });
    this.#startMs = options.now();
    this.#telemetry = new CarTelemetry(this.#startMs, options.seed ?? 1);
  }

  async start(): Promise<void> {
    const json = this.sessionJson();
    this.#options.onSession?.(json);
    await this.#session.writeSessionJson(json);
    this.#schedule();
  }

  sessionJson(): string {
    return carSessionJson({
      identity: this.identity,
      state: this.#state,
      startMs: this.#startMs,
      configIdentifier: this.configIdentifier,
      laps: this.#laps,
      timeRange: this.#session.timeRange,
    });
  }

  stop(state: ClosedState = "closed"): Promise<void> {
    this.#stopped ??= this.#end(state);
    return this.#stopped;
  }

  /** The schedule is open-loop: bursts are due by the clock, however long writing takes. */
  #schedule(): void {
    const dueMs = this.#telemetry.timeMs + BURST_MS;
    this.#timer = setTimeout(() => this.#acquire(), Math.max(dueMs - this.#options.now(), 0));
  }

  #acquire(): void {
    try {
      const nowMs = this.#options.now();
      if (nowMs - this.#telemetry.timeMs > MAX_BEHIND_MS) this.#telemetry.skipTo(nowMs - BURST_MS);
      while (this.#telemetry.timeMs + BURST_MS <= nowMs) this.#produce();
      this.#schedule();
    } catch (error) {
      this.#options.log(`demo car: ${(error as Error).stack}`);
      void this.stop("failed");
    }
  }

  #produce(): void {
    const finishedLap = this.#telemetry.drive(this.#batch);
    if (finishedLap) {
      this.#laps.push(finishedLap);
      const json = this.sessionJson();
      this.#batch.appendSessionJson(json);
      this.#options.onSession?.(json);
    }
    this.#batch.flush().catch(() => {}); // the next call throws it
  }

  #note(notice: BatchNotice): void {
    const { log } = this.#options;
    if (notice.kind === "away") log(`demo car: Redis is away (${notice.reason.message}); samples wait`);
    if (notice.kind === "lost") this.#lostSamples += notice.samples;
    if (notice.kind !== "back") return;
    log(`demo car: Redis is back; ${this.#lostSamples} samples were given up`);
    this.#lostSamples = 0;
  }

  async #end(state: ClosedState): Promise<void> {
    clearTimeout(this.#timer);
    const signal = AbortSignal.timeout(CLOSING_MS);
    try {
      await this.#batch.flush({ signal });
      this.#state = state;
      await this.#batch.close(this.sessionJson(), { signal });
    } catch (error) {
      this.#options.log(`demo car: Redis does not have the end of the session: ${(error as Error).message}`);
    } finally {
      this.#connection.close();
    }
    this.#state = state;
    this.#options.onSession?.(this.sessionJson());
  }
}
