import { sampleArray } from "../wire/samples.ts";
import type { ChannelDefinition } from "./channel-definition.ts";
import { INITIAL_SAMPLES } from "./column.ts";
import type { Samples } from "./items.ts";
import { storeValues, type Values } from "./sample-values.ts";

/** Samples of one channel in the width and byte order in which it stores them. */
export class StoredSamples {
  readonly width: number;
  count = 0;
  readonly #channel: ChannelDefinition;
  #values: Samples;

  constructor(channel: ChannelDefinition) {
    this.#channel = channel;
    this.#values = sampleArray(channel.type, INITIAL_SAMPLES);
    this.width = this.#values.BYTES_PER_ELEMENT;
  }

  get capacity(): number {
    return this.#values.length;
  }

  /** Takes all or none. Throws what `storeValues` does. */
  append(values: Values): void {
    const { id, type } = this.#channel;
    const count = this.count + values.length;
    if (count > this.capacity) {
      const larger = sampleArray(type, Math.max(count, 2 * this.capacity));
      larger.set(this.#values.subarray(0, this.count));
      this.#values = larger;
    }
    storeValues(values, { channel: id, type, target: this.#values, at: this.count });
    this.count = count;
  }

  clear(): void {
    this.count = 0;
  }

  /** Of samples [from, to): good until the next `append`. */
  bytes(from: number, to: number): Uint8Array {
    const { buffer, byteOffset } = this.#values;
    const bytes = new Uint8Array(buffer, byteOffset + from * this.width, (to - from) * this.width);
    if (this.#channel.byteOrder !== "be") return bytes;
    // Typed arrays are little-endian wherever this runs.
    const swapped = bytes.slice();
    for (let at = 0; at < swapped.length; at += this.width) swapped.subarray(at, at + this.width).reverse();
    return swapped;
  }
}
