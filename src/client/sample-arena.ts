import {
  Arena,
  type ByteOrder,
  type ChannelType,
  RunReader,
  SAMPLE_BYTES,
  type SampleArray,
  sampleArray,
} from "../wire/samples.ts";
import type { SampleRun } from "./samples.ts";

/** Room for some hundred runs. */
const ARENA_BYTES = 64 * 1024;
const TIME_BYTES = BigInt64Array.BYTES_PER_ELEMENT;

/**
 * Makes runs whose arrays lie side by side in an arena; the reader writes their times there itself. Periodic runs of
 * the same times, as the channels of one rate have them in a burst, share one array of times: writing new memory is
 * most of what reading samples costs.
 */
export class SampleArena {
  readonly #arena = new Arena(ARENA_BYTES);
  readonly reader = new RunReader(this.#arena);
  /** The times of the last run, and what the reader's revision was. */
  #timesNs = new BigInt64Array(0);
  #revision = 0;

  /** The samples that the reader has just read. */
  run(type: ChannelType, order: ByteOrder): SampleRun {
    const { reader } = this;
    const count = reader.count(type);
    const isNew = reader.revision !== this.#revision;
    if (isNew || count !== this.#timesNs.length) {
      this.#timesNs = new BigInt64Array(reader.timesNs.buffer, reader.first * TIME_BYTES, count);
    }
    if (isNew) {
      this.#arena.at = reader.end;
      this.#revision = reader.revision;
    }
    return {
      channel: reader.channel,
      type,
      timesNs: this.#timesNs,
      values: this.#values(type, order, count),
    };
  }

  #values(type: ChannelType, order: ByteOrder, count: number): SampleArray {
    const arena = this.#arena;
    const bytes = count * SAMPLE_BYTES[type];
    const at = arena.take(bytes);
    const values = sampleArray(type, count, arena.buffer, at);
    if (order === "le") this.reader.copyData(arena, at, bytes);
    else this.reader.values(type, order, values);
    return values;
  }
}
