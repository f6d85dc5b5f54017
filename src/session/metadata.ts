import { type TimeRange, unite } from "../redis/session-entry.ts";
import { sessionJsonBurst, timeRangeBurst } from "../wire/burst.ts";
import { compress } from "../wire/lz4.ts";

/** Whether more data is to be expected, as far as a Session JSON tells. */
export type Expectation = "more" | "closed" | "unknown";

const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  waiting: "more",
  open: "more",
  closed: "closed",
  truncated: "closed",
  failed: "closed",
  abandoned: "closed",
};

/**
 * Reads `state` of a Session JSON and nothing else: the text itself travels as it is, since a parser would
 * round 64-bit integers and lose the difference between null, empty and absent.
 */
export function expectationOf(json: string): Expectation {
  try {
    const state = (JSON.parse(json) as { state?: unknown } | null)?.state;
    return typeof state === "string" && Object.hasOwn(EXPECTATIONS, state) ? EXPECTATIONS[state]! : "unknown";
  } catch {
    return "unknown";
  }
}

/** The session's current Session JSON and time range, exact up to the cursor. */
export class Metadata {
  #json: string | null = null;
  #jsonMessage: Uint8Array | null = null;
  #range: TimeRange | null = null;
  #expectation: Expectation = "unknown";

  get json(): string | null {
    return this.#json;
  }

  get range(): TimeRange | null {
    return this.#range;
  }

  /** By the last state that said something: `unknown` changes nothing. */
  get closed(): boolean {
    return this.#expectation === "closed";
  }

  setJson(json: string): void {
    if (json === this.#json) return;
    this.#json = json;
    this.#jsonMessage = null;
    const expectation = expectationOf(json);
    if (expectation !== "unknown") this.#expectation = expectation;
  }

  /** Updates only ever widen the range. */
  widen(range: TimeRange | null): void {
    this.#range = unite(this.#range, range);
  }

  /** A message with the Session JSON alone; null while there is none. */
  jsonMessage(): Uint8Array | null {
    if (this.#json === null) return null;
    this.#jsonMessage ??= compress(sessionJsonBurst(this.#json));
    return this.#jsonMessage;
  }

  /** A message with the time range alone; null while there is none. */
  rangeMessage(): Uint8Array | null {
    return this.#range && compress(timeRangeBurst(this.#range.startNs, this.#range.endNs));
  }
}
