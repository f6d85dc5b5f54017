import type { SealedBurst } from "./burst-sealer.ts";
import type { ProducerError } from "./errors.ts";
import { sessionJsonItem } from "./items.ts";
import { type Patience, pause } from "./retry.ts";
import type { ProducerSession } from "./session.ts";

/** Bursts that piled up are written together, in entries near the target size: the most in one write. */
const MAX_JOINED_BYTES = 512 * 1024;
/** After Redis refused a write, which is then tried again: an operator may put right what is wrong. */
const REFUSED_PAUSE_MS = 1000;

/** What a batch says beside what its functions return. */
export type BatchNotice =
  /** Redis takes nothing: data waits. Said once, then `back` when it is over. */
  | { kind: "away"; reason: Error }
  | { kind: "back" }
  /** Data was given up, since what waits reached the bound or the session ended. Times inclusive, ns since 1970. */
  | { kind: "lost"; samples: number; events: number; startNs: bigint; endNs: bigint }
  /** Nothing more can be written; every call throws this error from now on. */
  | { kind: "ended"; error: ProducerError };

/** Bursts on their way to Redis: one write at a time, in order, each tried until it is done. */
export class Outbox {
  readonly #session: Pick<ProducerSession, "write">;
  readonly #notify: (notice: BatchNotice) => void;
  readonly #stop = new AbortController();
  #waiting: SealedBurst[] = [];
  #waitingBytes = 0;
  #inFlightBytes = 0;
  /** The newest Session JSON that was not written. */
  #json: string | undefined;
  #isWriting = false;
  #isAway = false;
  #error: ProducerError | undefined;
  /** Bursts that came, and of these what was written or given up. */
  #pushed = 0;
  #settled = 0;
  readonly #listeners = new Set<() => void>();

  constructor(session: Pick<ProducerSession, "write">, notify: (notice: BatchNotice) => void) {
    this.#session = session;
    // Whatever listens does so outside of what goes on here.
    this.#notify = (notice) => queueMicrotask(() => notify(notice));
  }

  get bytes(): number {
    return this.#waitingBytes + this.#inFlightBytes;
  }

  /** Why nothing more can be written. */
  get error(): ProducerError | undefined {
    return this.#error;
  }

  push(bursts: readonly SealedBurst[]): void {
    this.#pushed += bursts.length;
    if (this.#error) {
      this.#lose(bursts);
      return;
    }
    for (const burst of bursts) {
      this.#waiting.push(burst);
      this.#waitingBytes += burst.bytes.length;
    }
    void this.#writeAll();
  }

  /** Goes out before the data that waits; one that is newer takes its place. */
  pushJson(json: string): void {
    this.#json = json;
    void this.#writeAll();
  }

  /** Gives up the oldest bursts that are not being written; false when there is none. */
  dropOldest(): boolean {
    const burst = this.#waiting.shift();
    if (burst === undefined) return false;
    this.#waitingBytes -= burst.bytes.length;
    this.#lose([burst]);
    return true;
  }

  /** Resolves when `isMet`, looked at after each write; rejects with what ended the outbox before. */
  async until(isMet: () => boolean): Promise<void> {
    for (;;) {
      if (this.#error) throw this.#error;
      if (isMet()) return;
      await new Promise<void>((resolve) => this.#listeners.add(resolve));
    }
  }

  /**
   * Resolves when what came until now is written, or was given up for something newer. Rejects when patience ends: then
   * all that waits is given up.
   */
  async drain({ retryForMs, signal }: Pick<Patience, "retryForMs" | "signal">): Promise<void> {
    const [pushed, json] = [this.#pushed, this.#json];
    const stop = () => this.#stop.abort();
    const timer = retryForMs < Number.POSITIVE_INFINITY && setTimeout(stop, retryForMs);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    try {
      await this.until(() => this.#settled >= pushed && (json === undefined || this.#json !== json));
    } finally {
      if (timer !== false) clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }

  async #writeAll(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#error === undefined && (this.#json !== undefined || this.#waiting.length > 0)) {
      const json = this.#json;
      const bursts = this.#takeSome();
      try {
        await this.#persist([
          ...(json === undefined ? [] : [sessionJsonItem(json)]),
          ...bursts.map(({ bytes }) => bytes),
        ]);
        if (this.#json === json) this.#json = undefined;
        this.#settled += bursts.length;
        if (this.#isAway) this.#notify({ kind: "back" });
        this.#isAway = false;
      } catch (error) {
        this.#end(error as ProducerError, bursts);
      }
      this.#inFlightBytes = 0;
      this.#tell();
    }
    this.#isWriting = false;
  }

  #takeSome(): SealedBurst[] {
    let count = 0;
    let bytes = 0;
    for (const burst of this.#waiting) {
      if (count > 0 && bytes + burst.bytes.length > MAX_JOINED_BYTES) break;
      count += 1;
      bytes += burst.bytes.length;
    }
    this.#waitingBytes -= bytes;
    this.#inFlightBytes = bytes;
    return this.#waiting.splice(0, count);
  }

  async #persist(items: Uint8Array[]): Promise<void> {
    const { signal } = this.#stop;
    const onRetry = (reason: Error) => this.#noteAway(reason);
    for (;;) {
      try {
        return await this.#session.write(items, { retryForMs: Number.POSITIVE_INFINITY, signal, onRetry });
      } catch (error) {
        if ((error as ProducerError).code !== "redis" || signal.aborted) throw error;
        this.#noteAway(error as Error);
        await pause(REFUSED_PAUSE_MS, signal);
      }
    }
  }

  #noteAway(reason: Error): void {
    if (!this.#isAway) this.#notify({ kind: "away", reason });
    this.#isAway = true;
  }

  #end(error: ProducerError, inFlight: readonly SealedBurst[]): void {
    this.#error = error;
    this.#lose([...inFlight, ...this.#waiting]);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#notify({ kind: "ended", error });
  }

  #lose(bursts: readonly SealedBurst[]): void {
    this.#settled += bursts.length;
    const [first] = bursts;
    if (first === undefined) return;
    const lost = { kind: "lost" as const, samples: 0, events: 0, startNs: first.startNs, endNs: first.endNs };
    for (const { samples, events, startNs, endNs } of bursts) {
      lost.samples += samples;
      lost.events += events;
      if (startNs < lost.startNs) lost.startNs = startNs;
      if (endNs > lost.endNs) lost.endNs = endNs;
    }
    this.#notify(lost);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
