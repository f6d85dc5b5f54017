import type { RunReader } from "../wire/run-reader.ts";
import {
  type ByteOrder,
  type ChannelType,
  SAMPLE_BYTES,
  type SampleArray,
  sampleArray,
} from "../wire/samples.ts";
import type { SampleRun } from "./samples.ts";

/** Room for some hundred runs: making a buffer for each array would cost more than reading the samples. */
const ARENA_BYTES = 64 * 1024;
const TIME_BYTES = BigInt64Array.BYTES_PER_ELEMENT;
/** Above this many samples the engine's own copy beats a loop (measured on V8). Typed arrays are little-endian everywhere. */
const LONG_COPY = 48;

/**
 * Makes runs whose arrays lie side by side in buffers that are filled once and never written to again. Periodic runs of
 * the same times, as the channels of one rate have them in a burst, share one array of times: writing new memory is
 * most of what reading samples costs.
 */
export class SampleArena {
  readonly #reader: RunReader;
  #buffer = new ArrayBuffer(0);
  #bytes = new Uint8Array(0);
  #halves = new Int32Array(0);
  #times = new BigInt64Array(0);
  #at = 0;
  /** The times of the last run, and what the reader's revision was. */
  #timesNs = new BigInt64Array(0);
  #revision = 0;

  constructor(reader: RunReader) {
    this.#reader = reader;
  }

  /** The samples that the reader has just read from `burst`. */
  run(burst: Uint8Array, type: ChannelType, order: ByteOrder): SampleRun {
    const reader = this.#reader;
    const count = reader.count(type);
    if (reader.revision !== this.#revision || count !== this.#timesNs.length) {
      this.#timesNs = this.#copyTimes(count);
      this.#revision = reader.revision;
    }
    const timesNs = this.#timesNs;
    const values = this.#take(type, count);
    if (count > LONG_COPY && order === "le") {
      const { dataStart } = reader;
      this.#bytes.set(burst.subarray(dataStart, dataStart + values.byteLength), values.byteOffset);
    } else {
      reader.values(type, order, values);
    }
    return { channel: reader.channel, type, timesNs, values };
  }

  #copyTimes(count: number): BigInt64Array<ArrayBuffer> {
    const reader = this.#reader;
    this.#reserve(count * TIME_BYTES);
    const first = this.#at / TIME_BYTES;
    if (count > LONG_COPY) {
      this.#times.set(reader.timesNs.subarray(0, count), first);
    } else {
      const from = reader.halves;
      const to = this.#halves;
      for (let i = 0, j = 2 * first; i < 2 * count; i++, j++) to[j] = from[i]!;
    }
    this.#at += count * TIME_BYTES;
    return new BigInt64Array(this.#buffer, first * TIME_BYTES, count);
  }

  #take(type: ChannelType, count: number): SampleArray {
    const bytes = Math.ceil((count * SAMPLE_BYTES[type]) / TIME_BYTES) * TIME_BYTES;
    this.#reserve(bytes);
    const values = sampleArray(type, count, this.#buffer, this.#at);
    this.#at += bytes;
    return values;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.byteLength) return;
    this.#buffer = new ArrayBuffer(Math.max(ARENA_BYTES, bytes));
    this.#bytes = new Uint8Array(this.#buffer);
    this.#halves = new Int32Array(this.#buffer);
    this.#times = new BigInt64Array(this.#buffer);
    this.#at = 0;
  }
}
