import { DurableObject } from "cloudflare:workers";
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

/** A session object with viewers reports at least every 20 s; one that has not for this long lost them. */
const LOST_AFTER_MS = 120_000;
/** An instance that was silent for this long does not come back: until then its next report replaces the last. */
const OVER_AFTER_MS = 3_600_000;
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
    let sum = NO_FIGURES;
    for (const [key, { figures, atMs }] of [...kv.list<Report>({ prefix: REPORT_PREFIX })]) {
      const silentMs = nowMs - atMs;
      if (silentMs >= OVER_AFTER_MS) {
        this.#archive(figures);
        kv.delete(key);
      } else {
        sum = addFigures(sum, silentMs < LOST_AFTER_MS ? figures : withoutViewers(figures));
      }
    }
    return addFigures(sum, kv.get<Figures>(PAST_KEY) ?? NO_FIGURES);
  }

  #archive(figures: Figures): void {
    const { kv } = this.ctx.storage;
    kv.put(PAST_KEY, addFigures(kv.get<Figures>(PAST_KEY) ?? NO_FIGURES, withoutViewers(figures)));
  }
}

/** What has grown stays; nobody is connected to an object that is gone. */
function withoutViewers({ growing }: Figures): Figures {
  return { ...NO_FIGURES, growing };
}
