import { DurableObject } from "cloudflare:workers";
import { pollForever, readEntries, upgrade } from "./poll.ts";

/**
 * The floor: the least that any Worker does that serves viewers from a Durable Object. It polls one stream at a fixed
 * interval and sends to every socket what an entry holds, `small` where there is such a field, else `data`.
 */
export interface Env {
  readonly FLOOR: DurableObjectNamespace<FloorObject>;
  readonly UPSTASH_REDIS_REST_URL: string;
  readonly UPSTASH_REDIS_REST_TOKEN: string;
  readonly POLL_MS: string;
}

export class FloorObject extends DurableObject<Env> {
  readonly #sockets = new Set<WebSocket>();

  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    this.#sockets.add(server);
    if (this.#sockets.size === 1) this.#poll();
    return upgrade(client);
  }

  #poll(): void {
    let cursor = "$";
    pollForever(Number(this.env.POLL_MS), async () => {
      const read = await readEntries(this.env, this.ctx.id.name!, cursor);
      for (const { small, data } of read.entries) {
        for (const socket of this.#sockets) socket.send(small ?? data);
      }
      cursor = read.cursor;
      return this.#sockets.size > 0;
    });
  }

  override webSocketMessage(): void {}

  override webSocketClose(socket: WebSocket): void {
    this.#sockets.delete(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#sockets.delete(socket);
  }
}

export default {
  fetch(request, env) {
    const identity = /^\/rta\/v2\/sessions\/([^/]+)\/stream$/.exec(new URL(request.url).pathname)?.[1];
    return identity ? env.FLOOR.getByName(identity).fetch(request) : new Response("floor");
  },
} satisfies ExportedHandler<Env>;
