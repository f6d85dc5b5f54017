import type { ProducerSession } from "../producer/index.ts";

/** A minute of driving, about 2 MB, waits for a Redis that is slow or away; then the oldest is given up. */
export const MAX_WAITING_BURSTS = 600;

/**
 * Writes bursts in their order while the next are being made: one write at a time, of all that waits. A write
 * that failed is not repeated, since Redis may have taken it. Trouble is logged when it begins and when it ends.
 */
export class CarWriter {
  readonly #session: Pick<ProducerSession, "write">;
  readonly #log: (line: string) => void;
  #waiting: Uint8Array[] = [];
  #writing: Promise<void> | undefined;
  #inTrouble = false;
  #givenUp = 0;

  constructor(session: Pick<ProducerSession, "write">, log: (line: string) => void) {
    this.#session = session;
    this.#log = log;
  }

  push(burst: Uint8Array): void {
    this.#waiting.push(burst);
    if (this.#waiting.length > MAX_WAITING_BURSTS) {
      this.#waiting.shift();
      this.#givenUp += 1;
    }
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  /** Notes that Redis is away, which a pending write does not tell. */
  trouble(error: Error): void {
    if (!this.#inTrouble) this.#log(`demo car: Redis is away (${error.message || error.name}); bursts wait`);
    this.#inTrouble = true;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const bursts = this.#waiting;
      this.#waiting = [];
      try {
        await this.#session.write(bursts);
        if (this.#inTrouble) this.#log(`demo car: Redis is back; ${this.#givenUp} bursts were given up`);
        this.#inTrouble = false;
        this.#givenUp = 0;
      } catch (error) {
        this.#givenUp += bursts.length;
        this.trouble(error as Error);
      }
    }
    this.#writing = undefined;
  }
}
