import { timeRangeBurst } from "../wire/burst.ts";
import { tooLarge } from "./errors.ts";
import { ItemWriter } from "./item-writer.ts";
import type { TimeRange } from "./session-entry.ts";
import { MAX_BURST_BYTES, TARGET_BURST_BYTES } from "./split.ts";

/** What an item, or a burst, tells: inclusive times, and how much. */
export interface Contents extends TimeRange {
  samples?: number;
  events?: number;
}

/** A burst that is ready to be written, its time range the last item. */
export interface SealedBurst extends Required<Contents> {
  bytes: Uint8Array;
}

const RANGE_BYTES = timeRangeBurst(0n, 0n).length;

/** Gathers items into bursts near the target size, each with the time range of what is in it. */
export class BurstSealer {
  readonly writer = new ItemWriter();
  #contents: Required<Contents> | undefined;
  /** Where the last item ends. */
  #end = 0;
  #sealed: SealedBurst[] = [];

  /** Bytes of items that are in no sealed burst. */
  get openBytes(): number {
    return this.writer.length;
  }

  /** Says what is in the item that `writer` just wrote; takes it back and throws ProducerError `item-too-large`. */
  added({ startNs, endNs, samples = 0, events = 0 }: Contents): void {
    const itemBytes = this.writer.length - this.#end;
    if (itemBytes > MAX_BURST_BYTES) {
      this.writer.length = this.#end;
      throw tooLarge(itemBytes, MAX_BURST_BYTES);
    }
    if (this.#end > 0 && this.writer.length + RANGE_BYTES > TARGET_BURST_BYTES) this.#seal();
    const before = this.#contents ?? { startNs, endNs, samples: 0, events: 0 };
    this.#contents = {
      startNs: startNs < before.startNs ? startNs : before.startNs,
      endNs: endNs > before.endNs ? endNs : before.endNs,
      samples: before.samples + samples,
      events: before.events + events,
    };
    this.#end = this.writer.length;
  }

  /** Every burst since the last call. */
  take(): SealedBurst[] {
    this.#seal();
    const sealed = this.#sealed;
    this.#sealed = [];
    return sealed;
  }

  #seal(): void {
    if (this.#contents === undefined) return;
    const bytes = new Uint8Array(this.#end + RANGE_BYTES);
    bytes.set(this.writer.view(0, this.#end));
    bytes.set(timeRangeBurst(this.#contents.startNs, this.#contents.endNs), this.#end);
    this.#sealed.push({ ...this.#contents, bytes });
    this.writer.clear(this.#end);
    this.#contents = undefined;
    this.#end = 0;
  }
}
