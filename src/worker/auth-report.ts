import { waitUntil } from "cloudflare:workers";
import type { Refusal } from "./auth.ts";
import { log } from "./log.ts";
import { Collector } from "./metrics.ts";

/** However many are refused, an isolate reports and logs no more often than this. */
const INTERVAL_MS = 2_000;

type AuthEvent = Refusal | "authority-failed";

let isolate: string | undefined;
let reportDueMs = 0;
const counts = new Map<AuthEvent, number>();

/** Counts a refused request, or a failed one of ours to the authority; which it was goes to the log, as a number. */
export function countAuth(event: AuthEvent, env: Env): void {
  counts.set(event, (counts.get(event) ?? 0) + 1);
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
  const { "authority-failed": failed = 0, ...refused } = Object.fromEntries(counts);
  counts.clear();
  const collector = new Collector();
  collector.add("auth_authority_errors_total", failed);
  for (const count of Object.values(refused)) collector.add("auth_refused_total", count);
  if (Object.keys(refused).length > 0) log("auth-refused", refused);
  isolate ??= crypto.randomUUID();
  try {
    const metrics = env.METRICS.getByName("metrics");
    await metrics.report(`worker:${isolate}`, crypto.randomUUID(), 1, collector.figures(0, false));
  } catch {
    log("report-failed");
  }
}
