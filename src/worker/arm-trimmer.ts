import { waitUntil } from "cloudflare:workers";
import { readSettings, SettingsError } from "./config.ts";
import { log } from "./log.ts";

/** Sees to it that the trimmer runs, unless it is turned off. In nobody's way: not awaited, never throws. */
export function armTrimmer(env: Env): void {
  waitUntil(arm(env));
}

let armed = false;

/**
 * The same, for any request: once in the life of an isolate, unless it fails. Where no cron trigger fires, as under
 * `wrangler dev`, the trimmer then runs from the first request on, with viewers or without.
 */
export function armTrimmerOnce(env: Env): void {
  if (armed) return;
  armed = true;
  armTrimmer(env);
}

async function arm(env: Env): Promise<void> {
  try {
    if (readSettings(env).trimmerEnabled) await env.TRIMMER.getByName("trimmer").arm();
  } catch (error) {
    // Told by whoever needs the settings for more than this.
    if (error instanceof SettingsError) return;
    armed = false;
    log("trimmer-not-armed", { error: error instanceof Error ? error.name : "unknown" });
  }
}
