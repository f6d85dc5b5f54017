import { Arena } from "./arena.ts";
import { ItemKind, type ItemTable } from "./burst.ts";
import { FieldReader } from "./field-reader.ts";
import {
  type ByteOrder,
  type ChannelType,
  copySamples,
  SAMPLE_BYTES,
  type SampleArray,
} from "./sample-type.ts";

/** Tags of TimestampedData and PeriodicData, which share fields 2, 3 and 5. */
const START = 0x11;
/** ns per delta unit of timestamped runs, ns between samples of periodic ones. */
const UNIT = 0x18;
const SAMPLES = 0x20;
const DELTA = 0x20;
const DELTAS_PACKED = 0x22;
const DATA = 0x2a;

const TWO_31 = 2 ** 31;
const TWO_32 = 2 ** 32;

/** Times of a common run. */
const ROOM_BYTES = 2048;

/**
 * Reads one run (a timestamped or periodic item) after another. Times are written to the arena: what is to last must be
 * taken there, or copied, before the next read.
 */
export class RunReader {
  /** Session channel number. */
  channel = 0;
  /** Times that the run declares, never more than it has bytes of data; `count` says how many have a sample. */
  times = 0;
  /** ns since 1970 of each sample, exact, in the order of the run: `times` of them, from `first` on. */
  timesNs = new BigInt64Array(0);
  first = 0;
  /** Where what was written ends: periodic runs of the same times may have fewer than are there. */
  end = 0;
  /** Another number whenever times are written: periodic runs of the same start and interval leave them as they are. */
  revision = 0;
  /** Where the raw samples are in the buffer that was read. */
  dataStart = 0;
  dataEnd = 0;

  readonly #arena: Arena;
  /** `timesNs` as halves, low first. */
  #halves = new Int32Array(0);
  #fields = new FieldReader(new Uint8Array(0), 0, 0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Time reached so far, and the way to the next, as signed halves. */
  #low = 0;
  #high = 0;
  #stepLow = 0;
  #stepHigh = 0;
  /** ns per delta unit, or between periodic samples. */
  #unitLow = 0;
  #unitHigh = 0;
  /** How many times of a periodic run are there, 0 for a timestamped one, and their interval. */
  #periodicTimes = 0;
  #intervalLow = 0;
  #intervalHigh = 0;

  constructor(arena = new Arena(ROOM_BYTES)) {
    this.#arena = arena;
  }

  /** Reads an item of `table`, which must be of `buffer` and timestamped or periodic. */
  read(buffer: Uint8Array, table: ItemTable, item: number): void {
    const start = table.bodyStart[item]!;
    const end = table.bodyEnd[item]!;
    const fields = this.#fields;
    if (buffer !== fields.buffer) this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    fields.load(buffer, start, end);

    this.channel = table.channel[item]!;
    this.times = 0;
    this.dataStart = this.dataEnd = end;
    this.#low = this.#high = this.#unitLow = this.#unitHigh = 0;
    const timestamped = table.kind[item] === ItemKind.timestamped;
    let samples = 0;
    let packedFields = 0;
    let deltasStart = end;
    let deltasEnd = end;
    while (fields.at < end) {
      const tag = fields.tag();
      if (tag === START) {
        this.#low = this.#view.getInt32(fields.at, true);
        this.#high = this.#view.getInt32(fields.at + 4, true);
        fields.skip(8);
      } else if (tag === UNIT) {
        fields.varint();
        this.#unitLow = fields.low;
        this.#unitHigh = fields.high;
      } else if (tag === DATA) {
        const length = fields.length();
        this.dataStart = fields.at;
        fields.skip(length);
        this.dataEnd = fields.at;
      } else if (tag === DELTAS_PACKED && timestamped) {
        const length = fields.length();
        packedFields++;
        deltasStart = fields.at;
        fields.skip(length);
        deltasEnd = fields.at;
      } else if (tag === SAMPLES && !timestamped) {
        fields.varint();
        samples = fields.low;
      } else {
        fields.skipField(tag);
      }
    }
    if (!timestamped) this.#repeatStep(samples);
    else if (packedFields === 1) this.#followDeltas(deltasStart, deltasEnd);
    else this.#followDeltaFields(start, end);
  }

  /** Samples of the run if the channel is of `type`: no more than it has times for, nor bytes. */
  count(type: ChannelType): number {
    return Math.min(this.times, Math.floor((this.dataEnd - this.dataStart) / SAMPLE_BYTES[type]));
  }

  /** Writes the run's values to `target` from `at` on and returns their count. */
  values(type: ChannelType, order: ByteOrder, target: SampleArray, at = 0): number {
    const count = this.count(type);
    copySamples(this.#view, this.dataStart, count, type, order, target, at);
    return count;
  }

  /**
   * Writes the first `count` bytes of the raw samples to the arena, from byte `at` on, a multiple of four. By words:
   * for runs of some hundred samples that is quicker than a view of them and the engine's own copy (measured on V8).
   */
  copyData({ halves, bytes }: Arena, at: number, count: number): void {
    const view = this.#view;
    const end = at + count;
    const lastHalf = end >> 2;
    let from = this.dataStart;
    for (let half = at >> 2; half < lastHalf; half++, from += 4) halves[half] = view.getInt32(from, true);
    for (let to = 4 * lastHalf; to < end; to++, from++) bytes[to] = view.getUint8(from);
  }

  #repeatStep(samples: number): void {
    const times = Math.max(0, Math.min(samples, this.dataEnd - this.dataStart));
    if (times > this.#periodicTimes || !this.#isAsBefore()) this.#writePeriodic(times);
    this.times = times;
  }

  #writePeriodic(times: number): void {
    this.#reserve(times);
    this.#setStep(1, 0);
    this.#periodicTimes = times;
    this.#intervalLow = this.#unitLow;
    this.#intervalHigh = this.#unitHigh;
    const halves = this.#halves;
    const stepLow = this.#stepLow;
    const stepHigh = this.#stepHigh;
    let low = this.#low;
    let high = this.#high;
    this.end = this.first + times;
    const end = 2 * this.end;
    let i = 2 * this.first;
    while (i < end) {
      // Where a step has no high half, the high one stays until the low one overflows.
      const steps = stepHigh === 0 ? Math.ceil((TWO_32 - (low >>> 0)) / (stepLow >>> 0)) : 1;
      const stop = Math.min(end, i + 2 * steps) | 0;
      for (; i < stop; i += 2) {
        halves[i] = low;
        halves[i + 1] = high;
        low = (low + stepLow) | 0;
      }
      high = (high + stepHigh + carry(low, stepLow)) | 0;
    }
  }

  /** Whether the periodic run starts and steps as the one whose times are there. */
  #isAsBefore(): boolean {
    return (
      this.#halves[2 * this.first] === this.#low &&
      this.#halves[2 * this.first + 1] === this.#high &&
      this.#intervalLow === this.#unitLow &&
      this.#intervalHigh === this.#unitHigh
    );
  }

  /** For deltas that are not packed, or packed in parts: a second pass over the fields, now that the unit is known. */
  #followDeltaFields(start: number, end: number): void {
    const fields = this.#fields;
    fields.at = start;
    while (fields.at < end) {
      const tag = fields.tag();
      const length = tag === DELTAS_PACKED ? fields.length() : 0;
      const deltasStart = fields.at;
      if (tag === DELTAS_PACKED) fields.skip(length);
      else fields.skipField(tag);
      if (tag === DELTAS_PACKED || tag === DELTA) {
        const deltasEnd = fields.at;
        this.#followDeltas(deltasStart, deltasEnd);
        fields.at = deltasEnd;
      }
    }
  }

  /** Appends a time for each varint of `buffer[start, end)`, as long as there are bytes of data for them. */
  #followDeltas(start: number, end: number): void {
    const fields = this.#fields;
    const { buffer } = fields;
    const most = Math.min(this.dataEnd - this.dataStart, this.times + end - start);
    this.#reserve(most);
    const halves = this.#halves;
    const { first } = this;
    let times = this.times;
    let low = this.#low;
    let high = this.#high;
    const unit = this.#unitHigh === 0 ? this.#unitLow >>> 0 : Number.NaN;
    let at = start;
    while (at < end && times < most) {
      // Deltas of up to 21 bits are read here, and steps of up to 31 bits have no high half.
      let next = at + 1;
      let delta = buffer[at]!;
      if (delta >= 0x80) {
        const second = buffer[next++]!;
        delta = (delta & 0x7f) | ((second & 0x7f) << 7);
        if (second >= 0x80) {
          const third = buffer[next++]!;
          delta = third < 0x80 ? delta | (third << 14) : Number.NaN;
        }
      }
      let stepLow = unit * delta;
      let stepHigh = 0;
      if (stepLow < TWO_31) {
        at = next;
      } else {
        fields.at = at;
        fields.varint();
        at = fields.at;
        this.#setStep(fields.low, fields.high);
        stepLow = this.#stepLow;
        stepHigh = this.#stepHigh;
      }
      low = (low + stepLow) | 0;
      high = (high + stepHigh + carry(low, stepLow)) | 0;
      const half = 2 * (first + times);
      halves[half] = low;
      halves[half + 1] = high;
      times++;
    }
    this.times = times;
    this.end = first + times;
    this.#low = low;
    this.#high = high;
  }

  /** Multiplies the unit: as doubles where these are exact. */
  #setStep(low: number, high: number): void {
    const unit = this.#unitHigh * TWO_32 + (this.#unitLow >>> 0);
    const step = unit * (high * TWO_32 + (low >>> 0));
    if (Math.abs(step) <= Number.MAX_SAFE_INTEGER) {
      this.#stepLow = step | 0;
      this.#stepHigh = Math.floor(step / TWO_32);
    } else {
      const exact = join(low, high) * join(this.#unitLow, this.#unitHigh);
      this.#stepLow = Number(BigInt.asIntN(32, exact));
      this.#stepHigh = Number(BigInt.asIntN(32, exact >> 32n));
    }
  }

  /** Makes room for so many times, which are about to be written; those that the run has already stay. */
  #reserve(times: number): void {
    this.revision++;
    this.#periodicTimes = 0;
    const arena = this.#arena;
    arena.reserve(times);
    if (this.times > 0 && arena.words !== this.timesNs) {
      arena.words.set(this.timesNs.subarray(this.first, this.first + this.times), arena.at);
    }
    this.timesNs = arena.words;
    this.#halves = arena.halves;
    this.first = arena.at;
  }
}

/** 1 if adding `added` made the low half `sum` overflow. */
function carry(sum: number, added: number): number {
  return sum >>> 0 < added >>> 0 ? 1 : 0;
}

function join(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}
