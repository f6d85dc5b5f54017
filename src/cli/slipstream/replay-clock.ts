import { compareStreamIds, parseStreamId, streamIdMs } from "../../wire/stream-id.ts";

/** How fast a recording is replayed: times its own pace, or as fast as Redis takes it. */
export type Speed = number | "max";

/** Throws SyntaxError for what is no speed. */
export function speedFrom(text: string): Speed {
  if (text === "max") return "max";
  const speed = Number(text);
  if (text.trim() === "" || !Number.isFinite(speed) || speed <= 0) {
    throw new SyntaxError("must be a number above 0, or max");
  }
  return speed;
}

/**
 * What ids replayed entries get.
 * `shifted`: those of now, as far apart as they were recorded, divided by the speed.
 * `recorded`: those that they had. `now`: each the next that the stream allows.
 */
export type IdRule = "shifted" | "recorded" | "now";

/** When entries of a recording are due again, and under which ids. */
export class ReplayClock {
  readonly rule: IdRule;
  readonly #firstMs: number;
  readonly #speed: Speed;
  readonly #startMs: number;

  /**
   * @param firstId of the recording
   * @param lastId that the stream gave so far, `0-0` in a new one
   * @param startMs now, by the clock of Redis
   */
  constructor(firstId: string, lastId: string, speed: Speed, startMs: number) {
    const isFree = compareStreamIds(lastId, firstId) < 0;
    this.rule = speed !== "max" ? "shifted" : isFree ? "recorded" : "now";
    this.#firstMs = streamIdMs(firstId);
    this.#speed = speed;
    this.#startMs = startMs;
  }

  /** How long after the start the entry is due. */
  dueAfterMs(id: string): number {
    return this.#speed === "max" ? 0 : Math.max(0, (streamIdMs(id) - this.#firstMs) / this.#speed);
  }

  /** The id for the entry that was recorded as `id`, in a stream whose last one is `lastId`. */
  idFor(id: string, lastId: string): string {
    const wanted = this.#wantedFor(id);
    if (compareStreamIds(wanted, lastId) > 0) return wanted;
    const { ms, seq } = parseStreamId(lastId)!;
    return `${ms}-${seq + 1n}`;
  }

  #wantedFor(id: string): string {
    if (this.rule === "recorded") return id;
    if (this.rule === "now") return `${this.#startMs}-0`;
    return `${this.#startMs + Math.round(this.dueAfterMs(id))}-${parseStreamId(id)!.seq}`;
  }
}
