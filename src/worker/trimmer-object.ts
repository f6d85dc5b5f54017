import { DurableObject } from "cloudflare:workers";
import { createSender, GatewayError } from "../redis/gateway.ts";
import { trimStreams } from "../redis/trimmer.ts";
import { readSettings, type Settings, SettingsError } from "./config.ts";
import { log } from "./log.ts";
import { NO_TRIMMING, type TrimmerFigures } from "./trimmer-figures.ts";

const FIGURES_KEY = "figures";

/** Trims the streams of the whole account, round after round. There is one, named `trimmer`. */
export class TrimmerObject extends DurableObject<Env> {
  /** Sees to it that rounds go on: the next one at once when none is planned, else within the interval. */
  async arm(): Promise<void> {
    const settings = this.#settings();
    if (!settings) return;
    const { storage } = this.ctx;
    const plannedMs = await storage.getAlarm();
    const latestMs = Date.now() + settings.trimmerIntervalMs;
    if (plannedMs === null) await storage.setAlarm(Date.now());
    else if (plannedMs > latestMs) await storage.setAlarm(latestMs);
  }

  /** A round. The next one is planned first, so that whatever happens to this one stops none that follow. */
  override async alarm(): Promise<void> {
    const settings = this.#settings();
    if (!settings) return;
    await this.ctx.storage.setAlarm(Date.now() + settings.trimmerIntervalMs);
    await this.#round(settings);
  }

  /** Since the first round ever. */
  figures(): TrimmerFigures {
    return this.ctx.storage.kv.get<TrimmerFigures>(FIGURES_KEY) ?? NO_TRIMMING;
  }

  /** Null when there is nothing to be done: turned off, or settings that the whole service refuses. */
  #settings(): Settings | null {
    try {
      const settings = readSettings(this.env);
      return settings.trimmerEnabled ? settings : null;
    } catch (error) {
      if (error instanceof SettingsError) return null;
      throw error;
    }
  }

  async #round({ redisUrl: url, redisToken: token, ...settings }: Settings): Promise<void> {
    const send = createSender({ url, token, fetch: (input, init) => fetch(input, init) });
    const rule = {
      length: settings.trimmerLength,
      approximate: settings.trimmerApproximate,
      retentionMs: settings.trimmerRetentionMs,
    };
    try {
      const results = await trimStreams(send, rule);
      const trimmed = results.reduce((sum, each) => sum + each.trimmed, 0);
      const errors = results.flatMap(({ error }) => error ?? []);
      this.#note({ streams: results.length, lastRunMs: Date.now() }, trimmed, errors);
    } catch (error) {
      this.#note({}, 0, [error]);
    }
  }

  /** What goes wrong round after round is logged once, and once more when it is over. */
  #note(news: Partial<TrimmerFigures>, trimmed: number, errors: readonly unknown[]): void {
    const before = this.figures();
    const failing = errors.length > 0;
    if (failing !== before.failing) {
      const [error] = errors;
      const reason = error instanceof GatewayError ? error.message : "internal";
      if (failing) log("trimming-fails", { errors: errors.length, reason });
      else log("trimming-works");
    }
    this.ctx.storage.kv.put(FIGURES_KEY, {
      ...before,
      ...news,
      entriesTrimmed: before.entriesTrimmed + trimmed,
      errors: before.errors + errors.length,
      failing,
    } satisfies TrimmerFigures);
  }
}
