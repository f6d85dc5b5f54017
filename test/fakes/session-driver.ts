import { createGateway } from "../../src/redis/gateway.ts";
import type { CounterName, Socket, Wake } from "../../src/session/ports.ts";
import { Session } from "../../src/session/session.ts";
import type { KeptViewer, Viewer } from "../../src/session/viewer.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { decompress } from "../../src/wire/lz4.ts";
import { encodeRequest, type SubscriptionRequest } from "../../src/wire/request-encoder.ts";
import { FakeRedis } from "./fake-redis.ts";
import { Walker } from "./walker.ts";

type Item = rta.model.net.stream.StreamData.$Properties;

/** A viewer's end: what arrived, and how it was closed. */
export class FakeSocket implements Socket {
  readonly messages: Uint8Array[] = [];
  closed: { code: number; reason: string } | null = null;
  kept: unknown = null;
  /** What the platform would tell; null where it does not. */
  buffered: number | null = 0;
  /** Messages that came after the close. */
  late = 0;

  send(message: Uint8Array): void {
    if (this.closed) {
      this.late++;
      throw new TypeError("send after close");
    }
    this.messages.push(message.slice());
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
  }

  bufferedBytes(): number | null {
    return this.buffered;
  }

  keep(value: unknown): void {
    this.kept = structuredClone(value);
  }

  /** What arrived of the `numbered` samples of a channel. */
  numbers(channel: number): number[] {
    return this.items().flatMap(({ periodicData: run }) =>
      run && (run.channelId ?? 0) === channel ? [Buffer.from(run.buffer!).readDoubleLE()] : [],
    );
  }

  /** All items of message `index`, or of all messages. */
  items(index?: number): Item[] {
    const messages = index === undefined ? this.messages : [this.messages.at(index)!];
    return messages.flatMap((message) => {
      const burst = decompress(message, 1024 * 1024);
      return rta.model.net.stream.StreamDataBurst.decode(burst).data as Item[];
    });
  }
}

export interface DriverOptions {
  identity?: string;
  idleMs?: number;
  lingerMs?: number;
  backScanMs?: number;
  viewerQueueBytes?: number;
  keyTemplate?: string;
}

const DEFAULTS = {
  idleMs: 600_000,
  lingerMs: 10_000,
  backScanMs: 300_000,
  viewerQueueBytes: 8 * 1024 * 1024,
};

/** A Session with a clock, a Redis and viewers that belong to the test. */
export class SessionDriver {
  nowMs = 1_795_424_400_000;
  readonly redis = new FakeRedis(() => this.nowMs);
  readonly stored = new Map<string, unknown>();
  readonly counters = new Map<CounterName, number>();
  readonly logged: string[] = [];
  /** How long each request takes on its way, and again its answer. At 0 nothing happens meanwhile. */
  travelMs: () => number = () => 0;
  readonly #options: DriverOptions;
  readonly #viewers = new Map<FakeSocket, Viewer>();
  session: Session;
  #walkers: readonly Walker[];
  #walking: Walker | null = null;
  #ids = 0;

  constructor(options: DriverOptions = {}) {
    this.#options = options;
    this.session = this.#makeSession();
    this.#walkers = this.#makeWalkers();
    this.redis.travel = () => this.pass(this.travelMs());
  }

  #makeWalkers(): readonly Walker[] {
    const { session } = this;
    const { backfill } = session;
    return [
      new Walker(
        () => dueMs(session.nextWake()),
        () => session.step(),
      ),
      new Walker(
        () => dueMs(backfill.nextWake()),
        () => backfill.step(),
      ),
      new Walker(
        () => dueMs(session.drainWake),
        async () => session.drain(),
      ),
    ];
  }

  #makeSession(): Session {
    const { identity = "s1", keyTemplate, ...given } = this.#options;
    const settings = { ...DEFAULTS, ...given, keyTemplate };
    return new Session({
      identity,
      settings,
      redis: createGateway({ url: "http://gateway", token: "t", fetch: this.redis.fetch }),
      store: {
        get: (key) => this.stored.get(key),
        put: (key, value) => this.stored.set(key, structuredClone(value)),
        delete: (key) => this.stored.delete(key),
        clear: () => this.stored.clear(),
      },
      metrics: {
        add: (name, count = 1) => this.counters.set(name, (this.counters.get(name) ?? 0) + count),
        observeDelivery: () => {},
      },
      log: (event) => this.logged.push(event),
      now: () => this.nowMs,
      random: () => 0.5,
      newId: () => `viewer-${++this.#ids}`,
    });
  }

  /** A producer's entry for the session, with the Session JSON that makes it ready. */
  open(json = `{"identity":"s1","state":"open"}`, fields: Record<string, string> = {}): void {
    const entry = { streamSessionId: "7", streamName: "car", streamPosition: "0-0", json, ...fields };
    this.redis.hset("sessions:s1", entry);
  }

  connect(expiresAtMs?: number): FakeSocket {
    const socket = new FakeSocket();
    const viewer = this.session.join(socket, expiresAtMs);
    if (viewer) this.#viewers.set(socket, viewer);
    return socket;
  }

  subscribe(socket: FakeSocket, request: Partial<SubscriptionRequest>): void {
    this.send(socket, encodeRequest(request));
  }

  send(socket: FakeSocket, message: Uint8Array | string): void {
    const sent = typeof message === "string" ? message : new Uint8Array(message).buffer;
    const viewer = this.#viewers.get(socket);
    if (viewer) this.session.message(viewer, sent);
  }

  /** The viewer closes its connection. */
  disconnect(socket: FakeSocket): void {
    socket.close(1000, "");
    const viewer = this.#viewers.get(socket);
    if (viewer) this.session.leave(viewer);
    this.#viewers.delete(socket);
  }

  /** Within a request: lets time pass, and others go on. */
  pass(ms: number): Promise<void> | undefined {
    return ms > 0 ? this.#walking?.wait(this.nowMs + ms) : undefined;
  }

  /** Lets time pass: every step that falls due, of live delivery and of backfill, is taken at its time. */
  async run(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    for (;;) {
      const walker = this.#walkers.reduce((a, b) => (a.dueMs <= b.dueMs ? a : b));
      const atMs = Math.max(this.nowMs, Math.ceil(walker.dueMs));
      if (atMs > endMs) break;
      this.nowMs = atMs;
      // As the loop does: what was waited for is asked again.
      if (walker.dueMs > atMs) continue;
      this.#walking = walker;
      await walker.walk();
      // A step takes time, so that a session which polls without pause is seen to do so and does not hang.
      this.nowMs = Math.max(this.nowMs, atMs + 1);
    }
    this.nowMs = Math.max(this.nowMs, endMs);
  }

  /**
   * The object leaves memory, what it waits for never comes; open sockets and storage stay, and it comes back. A viewer
   * that is `leaving` meanwhile wakes it. Not while sockets are waited for: the timer keeps the object in memory.
   */
  hibernate(leaving?: FakeSocket): boolean {
    if (this.session.drainWake.kind !== "never") return false;
    const open = [...this.#viewers.keys()].filter((socket) => !socket.closed && socket !== leaving);
    this.session = this.#makeSession();
    this.#walkers = this.#makeWalkers();
    const kept = open.map((socket) => ({ socket, kept: socket.kept as KeptViewer }));
    const viewers = this.session.restore(kept);
    this.#viewers.clear();
    for (const [i, viewer] of viewers.entries()) if (viewer) this.#viewers.set(open[i]!, viewer);
    leaving?.close(1000, "");
    if (leaving?.kept) this.session.left(leaving.kept as KeptViewer);
    return true;
  }
}

function dueMs(wake: Wake): number {
  return wake.kind === "never" ? Number.POSITIVE_INFINITY : wake.atMs;
}
