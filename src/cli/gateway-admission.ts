import type { ServerResponse } from "node:http";
import { RequestError } from "./gateway-commands.ts";

/** Keeps count of the requests in flight: up to a limit while the gateway is open, no new ones once it is closed. */
export class Admission {
  readonly #limit: number;
  #inFlight = 0;
  #isClosed = false;
  #onIdle = () => {};

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Counts a request until its reply has been sent or its client has gone. Throws `RequestError`. */
  admit(response: ServerResponse): void {
    if (this.#isClosed) throw new RequestError(503, "ERR the gateway is stopping");
    if (this.#inFlight >= this.#limit) {
      throw new RequestError(429, `ERR too many requests in flight. Limit: ${this.#limit}`);
    }
    this.#inFlight += 1;
    response.once("close", () => {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#onIdle();
    });
  }

  /** Lets nobody in from now on; resolves when nothing is in flight any more, after `graceMs` at the latest. */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    if (this.#inFlight === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      timer = setTimeout(resolve, graceMs);
    });
    clearTimeout(timer);
  }
}
