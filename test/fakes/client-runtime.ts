import type { Runtime, Socket, SocketOptions } from "../../src/client/index.ts";
import { decodeRequest } from "../../src/wire/request.ts";
import type { SubscriptionRequest } from "../../src/wire/request-encoder.ts";

/** A WebSocket whose server is the test. */
export class FakeSocket implements Socket {
  binaryType = "blob";
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly url: string;
  /** Sub-protocols, with headers where the runtime can send some. */
  readonly options: SocketOptions;
  readonly requests: (SubscriptionRequest | null)[] = [];
  /** The code with which the client closed. */
  closedWith: number | undefined;

  constructor(url: string, options: SocketOptions) {
    this.url = url;
    this.options = options;
  }

  send(data: Uint8Array): void {
    this.requests.push(decodeRequest(data));
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  open(): void {
    this.onopen?.(undefined as never);
  }

  /** The server sends a binary message, or a text message. */
  receive(message: Uint8Array | string): void {
    this.onmessage?.({ data: typeof message === "string" ? message : new Uint8Array(message).buffer });
  }

  /** The server closes, or the connection breaks. */
  drop(code: number): void {
    this.onclose?.({ code });
  }
}

/** A body, or a status. */
type Answer = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | number;

/** What the client has around it, in the hands of a test. */
export class FakeRuntime implements Runtime {
  readonly sockets: FakeSocket[] = [];
  /** Paths asked for below `/rta/v2/`, in order. */
  readonly asked: string[] = [];
  /** Answers by path, now or later: a body with 200, a number is a status, an absent one is no connection. */
  readonly rest = new Map<string, Answer | Promise<Answer>>();
  /** Authorization of each request, in the order of `asked`. */
  readonly authorized: (string | undefined)[] = [];
  now = 1_000_000;
  chance = 0.5;
  sendsHeaders = false;
  readonly #tasks = new Set<{ atMs: number; run: () => void }>();

  WebSocket: Runtime["WebSocket"];
  readonly nowMs = () => this.now;
  readonly random = () => this.chance;

  constructor() {
    const { sockets } = this;
    this.WebSocket = class extends FakeSocket {
      constructor(url: string, options: SocketOptions) {
        super(url, options);
        sockets.push(this);
      }
    };
  }

  readonly fetch = async (url: string, { headers }: RequestInit): Promise<Response> => {
    const path = url.slice(url.indexOf("/rta/v2/") + "/rta/v2/".length);
    this.asked.push(path);
    this.authorized.push((headers as Record<string, string>).authorization);
    const answer = await this.rest.get(path);
    if (answer === undefined) throw new TypeError("no connection");
    return typeof answer === "number" ? new Response(null, { status: answer }) : new Response(answer);
  };

  readonly after = (delayMs: number, run: () => void): (() => void) => {
    const task = { atMs: this.now + delayMs, run };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  };

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error("The client has not connected");
    return last;
  }

  /** Lets time pass, running what falls due, and what is waiting for answers. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await settle();
    for (;;) {
      const due = [...this.#tasks].sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined || due.atMs > end) break;
      this.#tasks.delete(due);
      this.now = due.atMs;
      due.run();
      await settle();
    }
    this.now = end;
  }
}

/** Until the answers of `fetch` have been read: a turn of the event loop for each step. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}
