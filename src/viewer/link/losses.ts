import type { Hole, HoleCause } from "../../client/index.ts";
import type { Loss } from "../engine/messages.ts";

/** A page that is open for days must not fill up with them. */
const MAX_LOSSES = 100;
/** One event leaves holes in many channels, between samples that are not quite at the same times. */
const SAME_NS = 1_000_000_000n;

const WORDS: Readonly<Record<HoleCause, string>> = {
  reconnect: "lost while the connection was down: the server's buffer no longer reached back",
  "bad-frame": "lost in a message that could not be read",
  history: "between recorded history and the live stream",
  pending: "still on the way",
};

/** What was lost, and when: holes of channels put together by what caused them. */
export class Losses {
  #losses: Loss[] = [];

  add({ startNs, endNs, cause }: Hole, nowMs: number): void {
    const words = WORDS[cause];
    const same = this.#losses.findIndex(
      (loss) => loss.words === words && loss.startNs <= endNs + SAME_NS && loss.endNs >= startNs - SAME_NS,
    );
    const known = this.#losses[same];
    if (known === undefined) {
      this.#losses.push({ startNs, endNs, atMs: nowMs, words });
      this.#losses.splice(0, this.#losses.length - MAX_LOSSES);
      return;
    }
    this.#losses[same] = {
      ...known,
      startNs: startNs < known.startNs ? startNs : known.startNs,
      endNs: endNs > known.endNs ? endNs : known.endNs,
    };
  }

  list(): readonly Loss[] {
    return [...this.#losses];
  }
}
