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

/** Session JSONs of which it is remembered that they were current once. */
const REMEMBERED = 64;

/** FNV-1a, 32 bits twice: tells texts apart, and takes no room for them. */
function digest(text: string): string {
  let a = 0x811c9dc5;
  let b = 0xc9dc5118;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ (unit + i), 0x01000193);
  }
  return `${text.length}:${a}:${b}`;
}

/** The session's current Session JSON and time range, exact up to the cursor. */
export class Metadata {
  #json: string | null = null;
  #jsonMessage: Uint8Array | null = null;
  #range: TimeRange | null = null;
  #expectation: Expectation = "unknown";
  readonly #known = new Set<string>();

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

  /** The Session JSONs that were current lately, as digests, the oldest first. */
  get known(): readonly string[] {
    return [...this.#known];
  }

  /** Takes up what outlived hibernation. */
  restore(json: string | null, known: readonly string[]): void {
    for (const each of known) this.#known.add(each);
    if (json !== null) this.setJson(json);
  }

  /** Whether a Session JSON is the current one, or was lately. */
  knows(json: string): boolean {
    return json === this.#json || this.#known.has(digest(json));
  }

  setJson(json: string): void {
    if (json === this.#json) return;
    this.#known.add(digest(json));
    for (const oldest of this.#known) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(oldest);
    }
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
