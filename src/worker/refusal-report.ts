import { waitUntil } from "cloudflare:workers";
import type { Refusal } from "./auth.ts";
import { log } from "./log.ts";
import { Collector } from "./metrics.ts";

/** However many are refused, an isolate reports and logs no more often than this. */
const INTERVAL_MS = 2_000;

let isolate: string | undefined;
let reportDueMs = 0;
const counts = new Map<Refusal, number>();

/** Counts a refused request; why it was refused goes to the log, as a number. */
export function countRefusal(reason: Refusal, env: Env): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
  if (Date.now() < reportDueMs) return;
  reportDueMs = Date.now() + INTERVAL_MS;
  waitUntil(report(env));
}

/**
 * Each report stands for a new instance of the isolate's figures, so that it is added to those before however long
 * ago they came.
 */
async function report(env: Env): Promise<void> {
  await scheduler.wait(INTERVAL_MS);
  const taken = Object.fromEntries(counts);
  counts.clear();
  const collector = new Collector();
  for (const count of Object.values(taken)) collector.add("auth_refused_total", count);
  log("auth-refused", taken);
  isolate ??= crypto.randomUUID();
  try {
    const metrics = env.METRICS.getByName("metrics");
    await metrics.report(`worker:${isolate}`, crypto.randomUUID(), 1, collector.figures(0, false));
  } catch {
    log("report-failed");
  }
}
