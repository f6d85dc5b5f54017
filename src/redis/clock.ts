import { textOf } from "./base64.ts";
import { commandError, GatewayError, type Reply, type SendCommands } from "./gateway.ts";

/** Clocks drift by a few ms an hour at most; a command a minute costs next to nothing. */
const INTERVAL_MS = 60_000;
/** Of the last measurements the one whose way was the shortest counts. */
const REMEMBERED = 5;

/** How far the clock of Redis, which gives stream entries their ids, is ahead of ours. */
export class ClockOffset {
  readonly #send: SendCommands;
  readonly #now: () => number;
  #dueMs = 0;
  #measured: { readonly offsetMs: number; readonly roundTripMs: number }[] = [];

  /** `now`: ms since 1970. */
  constructor(send: SendCommands, now: () => number) {
    this.#send = send;
    this.#now = now;
  }

  /** 0 until it is known. */
  get ms(): number {
    const [best] = this.#measured.toSorted((a, b) => a.roundTripMs - b.roundTripMs);
    return best?.offsetMs ?? 0;
  }

  get isDue(): boolean {
    return this.#now() >= this.#dueMs;
  }

  /** Measures it. A gateway that fails is asked again when the next measurement is due. */
  async measure(): Promise<void> {
    const sentMs = this.#now();
    this.#dueMs = sentMs + INTERVAL_MS;
    try {
      const [answer] = await this.#send([["TIME"]]);
      if (answer && "error" in answer) throw commandError(answer.error);
      const roundTripMs = this.#now() - sentMs;
      const offsetMs = parseTime(answer?.result) - (sentMs + roundTripMs / 2);
      this.#measured = [...this.#measured, { offsetMs, roundTripMs }].slice(-REMEMBERED);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
    }
  }
}

/** Reads the reply of TIME, seconds and microseconds since 1970, as ms. Throws GatewayError. */
export function parseTime(reply: Reply | undefined): number {
  const [seconds, microseconds] = Array.isArray(reply) ? reply.map((part) => Number(textOf(part))) : [];
  const ms = Math.floor(seconds! * 1000 + microseconds! / 1000);
  if (!Number.isSafeInteger(ms)) throw new GatewayError("malformed", "the reply is no time");
  return ms;
}
