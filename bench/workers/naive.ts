import { DurableObject } from "cloudflare:workers";
import { rta } from "../../src/wire/gen/rta.js";
import { compress, decompress } from "../../src/wire/lz4.ts";
import { type Entry, pollForever, readEntries, upgrade } from "./poll.ts";

/**
 * The naive Worker: what one writes first. Like the floor it polls at a fixed interval; for each viewer it then
 * decodes each entry with protobufjs, keeps the runs that the viewer wants, and encodes them. It has our LZ4 codec, and
 * unpacks an entry once for all.
 */
export interface Env {
  readonly NAIVE: DurableObjectNamespace<NaiveObject>;
  readonly UPSTASH_REDIS_REST_URL: string;
  readonly UPSTASH_REDIS_REST_TOKEN: string;
  readonly POLL_MS: string;
}

const { StreamDataBurst, StreamRequest } = rta.model.net.stream;
const MAX_BURST_BYTES = 4 * 1024 * 1024;

interface Wanted {
  all: boolean;
  readonly channels: Set<number>;
}

export class NaiveObject extends DurableObject<Env> {
  readonly #viewers = new Map<WebSocket, Wanted>();

  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    this.#viewers.set(server, { all: false, channels: new Set() });
    if (this.#viewers.size === 1) this.#poll();
    return upgrade(client);
  }

  #poll(): void {
    let cursor = "$";
    pollForever(Number(this.env.POLL_MS), async () => {
      const read = await readEntries(this.env, this.ctx.id.name!, cursor);
      for (const entry of read.entries) this.#deliver(entry);
      cursor = read.cursor;
      return this.#viewers.size > 0;
    });
  }

  #deliver({ data }: Entry): void {
    const bytes = decompress(data, MAX_BURST_BYTES);
    for (const [socket, { all, channels }] of this.#viewers) {
      const burst = StreamDataBurst.decode(bytes);
      const wanted = burst.data!.filter(
        (item) =>
          !(item.periodicData || item.timestampedData) ||
          all ||
          channels.has((item.periodicData ?? item.timestampedData)!.channelId ?? 0),
      );
      socket.send(compress(StreamDataBurst.encode({ data: wanted }).finish()));
    }
  }

  override webSocketMessage(socket: WebSocket, message: ArrayBuffer | string): void {
    const viewer = this.#viewers.get(socket);
    if (!viewer || typeof message === "string") return;
    const { subscribe } = StreamRequest.decode(new Uint8Array(message));
    viewer.all ||= subscribe?.allDataChannels ?? false;
    for (const channel of subscribe?.dataChannelIds ?? []) viewer.channels.add(channel);
  }

  override webSocketClose(socket: WebSocket): void {
    this.#viewers.delete(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#viewers.delete(socket);
  }
}

export default {
  fetch(request, env) {
    const identity = /^\/rta\/v2\/sessions\/([^/]+)\/stream$/.exec(new URL(request.url).pathname)?.[1];
    return identity ? env.NAIVE.getByName(identity).fetch(request) : new Response("naive");
  },
} satisfies ExportedHandler<Env>;
