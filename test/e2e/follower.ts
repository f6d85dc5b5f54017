import { uncompressSync } from "lz4-napi";
import WebSocket from "ws";
import { rta } from "../../src/wire/gen/rta.js";
import { encodeRequest, type SubscriptionRequest } from "../../src/wire/request-encoder.ts";

type Item = rta.model.net.stream.StreamData.$Properties;

const SUBPROTOCOL = "mat.ocs.rta.stream-lz4";
/** What a client may be built for: the protocol's ceiling of a burst. */
const MAX_BURST_BYTES = 1024 * 1024;

export interface FollowerOptions {
  protocols?: string[];
  headers?: Record<string, string>;
  /** Of the URL, with its question mark. */
  query?: string;
}

/** A viewer of another make: the `ws` client, native LZ4, and objects by protobufjs. */
export class Follower {
  readonly socket: WebSocket;
  readonly messages: Buffer[] = [];
  readonly items: Item[] = [];
  /** Headers of the 101. */
  upgrade: Record<string, string | string[] | undefined> = {};
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer, isBinary) => {
      if (!isBinary) throw new Error("a text message came");
      this.messages.push(data);
      this.items.push(...itemsOf(data));
      for (const check of this.#waiting) check();
    });
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** Rejects with `status N` when the server refuses the upgrade. */
  static async connect(url: string, identity: string, options: FollowerOptions = {}): Promise<Follower> {
    const address = `${url.replace("http", "ws")}/rta/v2/sessions/${encodeURIComponent(identity)}/stream`;
    const { protocols = [SUBPROTOCOL], headers = {}, query = "" } = options;
    const follower = new Follower(new WebSocket(address + query, protocols, { headers }));
    await new Promise<void>((resolve, reject) => {
      follower.socket.on("upgrade", (response) => {
        follower.upgrade = response.headers;
      });
      follower.socket.on("unexpected-response", (_request, response) => {
        reject(new Error(`status ${response.statusCode}`));
        follower.socket.terminate();
      });
      follower.socket.on("open", resolve);
      follower.socket.on("error", reject);
    });
    return follower;
  }

  subscribe(request: Partial<SubscriptionRequest>): void {
    this.socket.send(encodeRequest(request));
  }

  /** Resolves when `condition` holds; checked with each message. The test's own timeout is the limit. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  async untilMessages(count: number): Promise<void> {
    await this.until(() => this.messages.length >= count);
  }

  itemsOf(message: number): Item[] {
    return itemsOf(this.messages[message]!);
  }

  /** The first values of the periodic runs of a channel: what numbered samples carry. */
  numbers(channel: number): number[] {
    return this.items.flatMap(({ periodicData: run }) =>
      run && (run.channelId ?? 0) === channel ? [Buffer.from(run.buffer!).readDoubleLE()] : [],
    );
  }

  /** Drops the connection without a word. */
  kill(): void {
    this.socket.terminate();
  }
}

function itemsOf(message: Buffer): Item[] {
  return rta.model.net.stream.StreamDataBurst.decode(inflate(message)).data as Item[];
}

/** Native LZ4; its format puts the decompressed size first, as an upper bound here. */
export function inflate(block: Buffer): Buffer {
  const sized = Buffer.alloc(4 + block.length);
  sized.writeUInt32LE(MAX_BURST_BYTES);
  block.copy(sized, 4);
  return uncompressSync(sized);
}
