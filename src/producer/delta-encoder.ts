import { ByteWriter } from "./byte-writer.ts";

const TWO_32 = 2 ** 32;

/** int64 halves of times in ns, low first: typed arrays are little-endian wherever this runs. */
export function halvesOf(timesNs: BigInt64Array): Int32Array {
  return new Int32Array(timesNs.buffer, timesNs.byteOffset, 2 * timesNs.length);
}

/** ns from the time before to the one at `index`: no safe integer if that is more than 104 days. */
export function stepNs(halves: Int32Array, index: number): number {
  const at = 2 * index;
  return (halves[at + 1]! - halves[at - 1]!) * TWO_32 + (halves[at]! >>> 0) - (halves[at - 2]! >>> 0);
}

/**
 * Encodes the times of a run as differences in units of their greatest common divisor. Works on doubles, which hold
 * differences of up to 104 days exactly; a longer one ends the run.
 */
export class DeltaEncoder {
  /** The differences as packed varints, the first 0. */
  readonly bytes = new ByteWriter();
  /** ns of one unit. */
  unitNs = 1;
  /** Of the earliest and the latest sample after the first, ns. */
  earliestNs = 0;
  latestNs = 0;
  #deltas = new Float64Array(256);

  /** Encodes as much of the times [from, to) as makes one run, and returns where it ends. */
  encode(halves: Int32Array, from: number, to: number): number {
    if (to - from > this.#deltas.length) this.#deltas = new Float64Array(to - from);
    const deltas = this.#deltas;
    let unit = 0;
    let previous = 0;
    let offset = 0;
    let earliest = 0;
    let latest = 0;
    let end = from + 1;
    for (; end < to; end += 1) {
      const delta = stepNs(halves, end);
      offset += delta;
      if (!(Number.isSafeInteger(delta) && Number.isSafeInteger(offset))) break;
      if (delta !== previous && unit !== 1) unit = greatestCommonDivisor(unit, Math.abs(delta));
      if (offset > latest) latest = offset;
      else if (offset < earliest) earliest = offset;
      deltas[end - from] = previous = delta;
    }
    this.unitNs = unit || 1;
    this.earliestNs = earliest;
    this.latestNs = latest;
    this.bytes.clear();
    this.bytes.byte(0);
    for (let i = 1; i < end - from; i += 1) this.bytes.varint(deltas[i]! / this.unitNs);
    return end;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  let [large, small] = [b, a];
  while (small !== 0) [large, small] = [small, large % small];
  return large;
}
