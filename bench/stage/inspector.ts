import WebSocket from "ws";

/** Memory of an isolate, in bytes. */
export interface HeapUsage {
  /** Objects and strings. */
  readonly usedSize: number;
  readonly embedderHeapUsedSize: number;
  /** Contents of array buffers. */
  readonly backingStorageSize: number;
}

/** The inspector of a workerd that serves one Worker. */
export class Inspector {
  readonly #socket: WebSocket;
  #ids = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async connect(port: number): Promise<Inspector> {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
      webSocketDebuggerUrl: string;
    }[];
    const socket = new WebSocket(targets[0]!.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return new Inspector(socket);
  }

  /** What the isolate holds once its garbage is gone. */
  async heldBytes(): Promise<number> {
    await this.#ask("HeapProfiler.collectGarbage");
    const usage = (await this.#ask("Runtime.getHeapUsage")) as HeapUsage;
    return usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
  }

  #ask(method: string): Promise<unknown> {
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      const hear = (data: Buffer): void => {
        const answer = JSON.parse(data.toString()) as { id?: number; result?: unknown; error?: unknown };
        if (answer.id !== id) return;
        this.#socket.off("message", hear);
        if (answer.error) reject(new Error(`${method} was refused`));
        else resolve(answer.result);
      };
      this.#socket.on("message", hear);
      this.#socket.send(JSON.stringify({ id, method }));
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}
