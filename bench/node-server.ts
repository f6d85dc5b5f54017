import { createClient, RESP_TYPES } from "@redis/client";
import { compressSync, uncompressSync } from "lz4-napi";
import { type WebSocket, WebSocketServer } from "ws";
import { rta } from "../src/wire/gen/rta.js";

/**
 * The alternative: a plain Node server beside its Redis, as one would write it well. A blocking read for each session
 * that has viewers; each entry is unpacked and decoded once, what all want goes on as it came, and what viewers with
 * one selection want is encoded and packed once, by the native LZ4. Environment: REDIS_URL. Prints `ready PORT`.
 */

const { StreamDataBurst, StreamRequest } = rta.model.net.stream;
const BLOCK_MS = 1_000;

interface Selection {
  readonly all: boolean;
  readonly channels: ReadonlySet<number>;
  readonly sockets: Set<WebSocket>;
}

class Session {
  readonly #selections = new Map<string, Selection>();
  readonly #name: string;
  viewers = 0;

  constructor(name: string) {
    this.#name = name;
  }

  select(socket: WebSocket, all: boolean, channelIds: readonly number[]): void {
    const channels = [...channelIds].sort((a, b) => a - b);
    const key = all ? "all" : channels.join();
    const selection = this.#selections.get(key) ?? { all, channels: new Set(channels), sockets: new Set() };
    selection.sockets.add(socket);
    this.#selections.set(key, selection);
    socket.once("close", () => selection.sockets.delete(socket));
  }

  async follow(): Promise<void> {
    const client = createClient({ url: process.env.REDIS_URL! });
    const redis = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    await redis.connect();
    let id = "$";
    while (this.viewers > 0) {
      const read = await redis.xRead({ key: `stream:${this.#name}`, id }, { BLOCK: BLOCK_MS, COUNT: 100 });
      const [stream] = (read ?? []) as unknown as { messages: { id: Buffer; message: { data: Buffer } }[] }[];
      for (const entry of stream?.messages ?? []) {
        id = entry.id.toString();
        this.#deliver(entry.message.data);
      }
    }
    redis.destroy();
  }

  #deliver(data: Buffer): void {
    const burst = StreamDataBurst.decode(unpack(data));
    for (const { all, channels, sockets } of this.#selections.values()) {
      if (sockets.size === 0) continue;
      const message = all ? data : pack(select(burst, channels));
      for (const socket of sockets) socket.send(message);
    }
  }
}

function select({ data }: rta.model.net.stream.StreamDataBurst, channels: ReadonlySet<number>): Uint8Array {
  const wanted = data!.filter((item) => {
    const run = item.periodicData ?? item.timestampedData;
    return !run || channels.has(run.channelId ?? 0);
  });
  return StreamDataBurst.encode({ data: wanted }).finish();
}

/** Most that a burst may unpack to: the package wants the size before the block. */
const MAX_BURST_BYTES = 1024 * 1024;

function unpack(block: Buffer): Buffer {
  const sized = Buffer.allocUnsafe(4 + block.length);
  sized.writeUInt32LE(MAX_BURST_BYTES);
  sized.set(block, 4);
  return uncompressSync(sized);
}

function pack(bytes: Uint8Array): Buffer {
  return compressSync(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).subarray(4);
}

const sessions = new Map<string, Session>();
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("listening", () => console.log(`ready ${(server.address() as { port: number }).port}`));
server.on("connection", (socket, request) => {
  const name = /^\/rta\/v2\/sessions\/([^/]+)\/stream$/.exec(request.url!)![1]!;
  const session = sessions.get(name) ?? new Session(name);
  sessions.set(name, session);
  session.viewers++;
  if (session.viewers === 1) void session.follow();
  socket.on("message", (message: Buffer) => {
    const { subscribe } = StreamRequest.decode(message);
    session.select(socket, subscribe?.allDataChannels ?? false, subscribe?.dataChannelIds ?? []);
  });
  socket.once("close", () => session.viewers--);
});
