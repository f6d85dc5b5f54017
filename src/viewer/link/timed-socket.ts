import type { Socket } from "../../client/index.ts";

type SocketClass = new (url: string, protocols: string[]) => Socket;

/** A WebSocket that tells how long each message took to be dealt with, in ms. */
export function timedSocket(told: (ms: number) => void): SocketClass {
  return class implements Socket {
    readonly #socket: WebSocket;

    constructor(url: string, protocols: string[]) {
      this.#socket = new WebSocket(url, protocols);
    }

    set binaryType(type: BinaryType) {
      this.#socket.binaryType = type;
    }

    set onopen(handler: ((event: never) => void) | null) {
      this.#socket.onopen = handler as WebSocket["onopen"];
    }

    set onclose(handler: ((event: { readonly code: number }) => void) | null) {
      this.#socket.onclose = handler;
    }

    set onmessage(handler: ((event: { readonly data: unknown }) => void) | null) {
      this.#socket.onmessage =
        handler &&
        ((event) => {
          const startMs = performance.now();
          handler(event);
          told(performance.now() - startMs);
        });
    }

    send(data: Uint8Array<ArrayBuffer>): void {
      this.#socket.send(data);
    }

    close(code?: number): void {
      this.#socket.close(code);
    }
  };
}
