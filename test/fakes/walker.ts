/** One of the service's loops under simulated time: its step may stand still in a request while others go on. */
export class Walker {
  readonly #nextMs: () => number;
  readonly #step: () => Promise<void>;
  #stopped: () => void = () => {};
  #request: { untilMs: number; goOn: () => void } | null = null;

  /** `nextMs` tells when the next step is due. */
  constructor(nextMs: () => number, step: () => Promise<void>) {
    this.#nextMs = nextMs;
    this.#step = step;
  }

  /** When it goes on: with the request that it waits for, or with its next step. */
  get dueMs(): number {
    return this.#request?.untilMs ?? this.#nextMs();
  }

  /** Goes on until its step is over or waits again. */
  async walk(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#stopped = resolve;
    });
    const request = this.#request;
    this.#request = null;
    if (request) request.goOn();
    else void this.#step().then(() => this.#stopped());
    await stopped;
  }

  /** For requests of the step. */
  wait(untilMs: number): Promise<void> {
    return new Promise((goOn) => {
      this.#request = { untilMs, goOn };
      this.#stopped();
    });
  }
}
