import { DurableObject } from "cloudflare:workers";
import { ClockOffset } from "../redis/clock.ts";
import { createGateway, createSender } from "../redis/gateway.ts";
import type { Store, Wake } from "../session/ports.ts";
import { Session } from "../session/session.ts";
import type { Viewer } from "../session/viewer.ts";
import { armTrimmer } from "./arm-trimmer.ts";
import { readSettings, unknownSettings } from "./config.ts";
import { newLog } from "./log.ts";
import { Loop } from "./loop.ts";
import { Collector } from "./metrics.ts";
import { Reporter } from "./reporter.ts";
import { adaptSocket, keptViewer } from "./socket.ts";
import { EXPIRY_HEADER, SUBPROTOCOL } from "./upgrade.ts";

/**
 * While the loop runs, an alarm comes this often: it tops up the limits of the object, which a loop without
 * incoming events would use up, and starts the loop again after a reset.
 * https://developers.cloudflare.com/durable-objects/platform/limits/ (2026-10)
 */
const WATCHDOG_MS = 30_000;

/** One live session. A shell: sockets, storage, the one timer and the one alarm; Session decides. */
export class SessionObject extends DurableObject<Env> {
  readonly #session: Session;
  readonly #viewers = new Map<WebSocket, Viewer>();
  readonly #loop: Loop;
  readonly #backfill: Loop;
  readonly #drain: Loop;
  readonly #reporter: Reporter;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const settings = readSettings(env);
    const metrics = new Collector();
    const gateway = {
      url: settings.redisUrl,
      token: settings.redisToken,
      fetch: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, init),
      onCommands: (count: number) => metrics.add("redis_commands_total", count),
    };
    const clock = new ClockOffset(createSender(gateway), Date.now);
    const log = newLog();
    const names = unknownSettings(env);
    if (names.length > 0) log("unknown-settings", { names: names.join(" ") });
    this.#session = new Session({
      identity: ctx.id.name ?? "",
      settings,
      redis: createGateway(gateway),
      store: adaptStorage(ctx),
      metrics: {
        add: (name, count) => metrics.add(name, count),
        observeDelivery: (ms) => metrics.observeDelivery(ms + clock.ms),
      },
      log: (event, details) => log(event, { session: ctx.id.toString(), ...details }),
      now: () => Date.now(),
      random: () => Math.random(),
      newId: () => crypto.randomUUID(),
    });
    metrics.add("object_starts_total");
    this.#reporter = new Reporter(ctx, env, () => {
      metrics.set("object_active_seconds_total", this.#loop.ranMs / 1_000);
      return metrics.figures(this.#session.viewerCount, this.#session.isLive);
    });
    this.#loop = new Loop({
      nextWake: () => this.#session.nextWake(),
      step: async () => {
        // Beside the step, and not for the check of a session that hibernates.
        if (clock.isDue && this.#session.nextWake().kind === "poll") ctx.waitUntil(clock.measure());
        await this.#session.step();
        this.#backfill.kick();
        this.#drain.kick();
        // One that is about to rest reports then.
        if (this.#session.nextWake().kind === "poll") this.#reporter.reportIfDue();
      },
      ended: (wake) => this.#rest(wake),
    });
    this.#backfill = new Loop({
      nextWake: () => this.#session.backfill.nextWake(),
      step: async () => {
        await this.#session.backfill.step();
        this.#drain.kick();
        if (this.#session.backfill.isInDoubt) this.#loop.kick();
      },
    });
    this.#drain = new Loop({
      nextWake: () => this.#session.drainWake,
      step: async () => this.#session.drain(),
    });
    this.#restore();
  }

  /** Takes up the sockets that outlived the object. */
  #restore(): void {
    const open = this.ctx.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN);
    const kept = open.map((socket) => ({ socket: adaptSocket(socket), kept: keptViewer(socket) }));
    const viewers = this.#session.restore(kept);
    for (const [i, viewer] of viewers.entries()) if (viewer) this.#viewers.set(open[i]!, viewer);
  }

  /** A WebSocket upgrade that the Worker has checked. */
  override fetch(request: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    if (this.#viewers.size === 0) {
      armTrimmer(this.env);
      // For the others there is one: each is a write, and a thousand may come at once.
      this.#setAlarm(Date.now() + WATCHDOG_MS);
    }
    const viewer = this.#session.join(adaptSocket(server), Number(request.headers.get(EXPIRY_HEADER)));
    if (viewer) this.#viewers.set(server, viewer);
    this.#loop.kick();
    const headers = { "Sec-WebSocket-Protocol": SUBPROTOCOL };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  override webSocketMessage(socket: WebSocket, message: ArrayBuffer | string): void {
    const viewer = this.#viewers.get(socket);
    if (viewer) this.#session.message(viewer, message);
    this.#loop.kick();
    this.#backfill.kick();
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    // Not answered by the platform for hibernatable sockets, whatever the compatibility date says (2026-10).
    adaptSocket(socket).close(code, reason);
    this.#forget(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#forget(socket);
  }

  #forget(socket: WebSocket): void {
    const viewer = this.#viewers.get(socket);
    this.#viewers.delete(socket);
    const kept = keptViewer(socket);
    if (viewer) this.#session.leave(viewer);
    // Closed while the object was away: it is not among the sockets that come back.
    else if (kept) this.#session.left(kept);
    this.#loop.kick();
  }

  /** The check of a silent session, or the watchdog of a running loop. */
  override async alarm(): Promise<void> {
    if (this.#session.viewerCount === 0) return;
    this.#setAlarm(Date.now() + WATCHDOG_MS);
    await this.#loop.check();
  }

  /** The loop has ended: nothing but an alarm, if that, stands between the object and hibernation. */
  #rest(wake: Wake): void {
    this.#reporter.report();
    if (wake.kind === "check") this.#setAlarm(wake.atMs);
    else this.ctx.waitUntil(this.ctx.storage.deleteAlarm({ allowUnconfirmed: true }));
  }

  #setAlarm(atMs: number): void {
    this.ctx.waitUntil(this.ctx.storage.setAlarm(atMs, { allowUnconfirmed: true }));
  }
}

/** Writes that do not hold back what is sent after them: losing the last one costs a repeat, not a gap. */
function adaptStorage(ctx: DurableObjectState): Store {
  const options = { allowUnconfirmed: true };
  return {
    get: (key) => ctx.storage.kv.get(key),
    put: (key, value) => ctx.waitUntil(ctx.storage.put(key, value, options)),
    delete: (key) => ctx.waitUntil(ctx.storage.delete(key, options)),
    clear: () => ctx.waitUntil(ctx.storage.deleteAll()),
  };
}
