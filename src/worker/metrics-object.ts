import { DurableObject } from "cloudflare:workers";
import type { Env } from "./env.ts";
import { addFigures, type Figures, NO_FIGURES } from "./metrics.ts";

/** What one session object said last. */
interface Report {
  /** Differs each time the object is made anew: its figures then begin at zero again. */
  readonly instance: string;
  /** Reports of the instance are numbered as they are sent; they may arrive in another order. */
  readonly number: number;
  readonly figures: Figures;
  readonly atMs: number;
}

/** A session object with viewers reports at least every 20 s; one that has not for this long was lost. */
const LOST_AFTER_MS = 120_000;
const PAST_KEY = "past";
const REPORT_PREFIX = "report:";

/**
 * The figures of all session objects, whatever isolate they run in. Reports are cumulative: one that comes
 * twice or out of order changes nothing, one that is lost is made good by the next.
 */
export class MetricsObject extends DurableObject<Env> {
  /** Takes the figures of the session object `id` since `instance` was made. */
  report(id: string, instance: string, number: number, figures: Figures): void {
    const key = REPORT_PREFIX + id;
    const { kv } = this.ctx.storage;
    const before = kv.get<Report>(key);
    if (before?.instance === instance && before.number >= number) return;
    if (before && before.instance !== instance) this.#archive(before.figures);
    kv.put(key, { instance, number, figures, atMs: Date.now() } satisfies Report);
  }

  /** All sessions together, since the first report. */
  totals(): Figures {
    const nowMs = Date.now();
    const { kv } = this.ctx.storage;
    for (const [key, { figures, atMs }] of [...kv.list<Report>({ prefix: REPORT_PREFIX })]) {
      if (nowMs - atMs < LOST_AFTER_MS) continue;
      this.#archive(figures);
      kv.delete(key);
    }
    let sum = kv.get<Figures>(PAST_KEY) ?? NO_FIGURES;
    for (const [, { figures }] of kv.list<Report>({ prefix: REPORT_PREFIX })) sum = addFigures(sum, figures);
    return sum;
  }

  /** What has grown stays; nobody is connected to an object that is gone. */
  #archive({ growing }: Figures): void {
    const { kv } = this.ctx.storage;
    const past = kv.get<Figures>(PAST_KEY) ?? NO_FIGURES;
    kv.put(PAST_KEY, addFigures(past, { ...NO_FIGURES, growing }));
  }
}
