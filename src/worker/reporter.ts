import { log } from "./log.ts";
import type { Figures } from "./metrics.ts";

/** Each report is a billed request and a billed row. */
const INTERVAL_MS = 5_000;

/** Brings the figures of one session object to the one that adds them up. */
export class Reporter {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #figures: () => Figures;
  readonly #instance = crypto.randomUUID();
  #number = 0;
  #last: { figures: Figures; atMs: number } | null = null;

  constructor(ctx: DurableObjectState, env: Env, figures: () => Figures) {
    this.#ctx = ctx;
    this.#env = env;
    this.#figures = figures;
  }

  /** At once when viewers came or went, else now and then. */
  reportIfDue(): void {
    const { viewers, liveSessions } = this.#figures();
    const last = this.#last;
    const changed = viewers !== last?.figures.viewers || liveSessions !== last.figures.liveSessions;
    if (changed || Date.now() - last.atMs >= INTERVAL_MS) this.report();
  }

  report(): void {
    const figures = this.#figures();
    this.#last = { figures, atMs: Date.now() };
    const { id } = this.#ctx;
    const metrics = this.#env.METRICS.getByName("metrics");
    const sent = metrics.report(id.toString(), this.#instance, ++this.#number, figures);
    this.#ctx.waitUntil(sent.catch(() => log("report-failed", { session: id.toString() })));
  }
}
