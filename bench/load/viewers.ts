import WebSocket from "ws";
import { encodeRequest } from "../../src/wire/request-encoder.ts";

/** How many connections are opened at a time: more would queue in the listener. */
const AT_A_TIME = 64;

export interface ViewerOptions {
  readonly url: string;
  readonly identity: string;
  /** What a viewer asks for, by its number; all channels when absent. */
  readonly channels?: (viewer: number) => readonly number[];
  readonly onMessage?: (message: Buffer, viewer: number) => void;
}

/** Connected viewers that count what they get. */
export class Viewers {
  frames = 0;
  bytes = 0;
  /** Connections that the server ended. */
  lost = 0;
  readonly #sockets: WebSocket[] = [];
  #closing = false;

  static async connect(count: number, options: ViewerOptions): Promise<Viewers> {
    const viewers = new Viewers();
    for (let first = 0; first < count; first += AT_A_TIME) {
      const numbers = Array.from({ length: Math.min(AT_A_TIME, count - first) }, (_, i) => first + i);
      await Promise.all(numbers.map((viewer) => viewers.#connect(viewer, options)));
    }
    return viewers;
  }

  async #connect(viewer: number, { url, identity, channels, onMessage }: ViewerOptions): Promise<void> {
    const address = `${url}/rta/v2/sessions/${identity}/stream`;
    const socket = new WebSocket(address, ["mat.ocs.rta.stream-lz4"], { perMessageDeflate: false });
    this.#sockets.push(socket);
    socket.on("message", (message: Buffer) => {
      this.frames++;
      this.bytes += message.length;
      onMessage?.(message, viewer);
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    socket.once("close", () => {
      if (!this.#closing) this.lost++;
    });
    const wish = channels ? { channelIds: [...channels(viewer)] } : { allDataChannels: true };
    socket.send(encodeRequest(wish));
  }

  /** Reads no more: what is sent to them then waits on its way, and with the server. */
  pause(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  close(): void {
    this.#closing = true;
    for (const socket of this.#sockets) socket.terminate();
  }
}
