import type { Wake } from "../session/ports.ts";

/** Longest sleep: the next wake is asked for again, since timers have a limit of their own. */
const LONGEST_SLEEP_MS = 60_000;

export interface LoopDeps {
  readonly nextWake: () => Wake;
  /** Must not throw. */
  readonly step: () => Promise<void>;
  /** The loop has ended: what comes next can wait for an alarm, or for nothing at all. */
  readonly ended?: (wake: Wake) => void;
}

/** Runs steps one after the other while they are wanted. */
export class Loop {
  readonly #deps: LoopDeps;
  #ranMs = 0;
  #runningSinceMs: number | null = null;
  #interrupt: () => void = () => {};

  constructor(deps: LoopDeps) {
    this.#deps = deps;
  }

  /** How long it has run until now: as long it has kept its object from hibernation. */
  get ranMs(): number {
    return this.#ranMs + (this.#runningSinceMs === null ? 0 : Date.now() - this.#runningSinceMs);
  }

  /** Something has changed: looks anew at when the next step is due. */
  kick(): void {
    if (this.#runningSinceMs !== null) this.#interrupt();
    else {
      this.#runningSinceMs = Date.now();
      void this.#run();
    }
  }

  /** A step now, unless the loop is running anyway; then on as the session wants it. */
  async check(): Promise<void> {
    if (this.#runningSinceMs !== null) return;
    this.#runningSinceMs = Date.now();
    await this.#deps.step();
    void this.#run();
  }

  async #run(): Promise<void> {
    let wake = this.#deps.nextWake();
    for (; wake.kind === "poll"; wake = this.#deps.nextWake()) {
      const waitMs = wake.atMs - Date.now();
      if (waitMs > 0) await this.#sleep(Math.min(waitMs, LONGEST_SLEEP_MS));
      else await this.#deps.step();
    }
    this.#ranMs = this.ranMs;
    this.#runningSinceMs = null;
    this.#deps.ended?.(wake);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
