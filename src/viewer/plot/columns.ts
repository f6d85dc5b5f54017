import {
  type Extent,
  firstAfter,
  firstAtOrAfter,
  firstTime,
  type Line,
  lastTime,
  type Piece,
  pieceFrom,
} from "./line.ts";

/** Equal slices of time, one for each column of pixels. */
export interface Slices {
  readonly startNs: number;
  /** Of one column. */
  readonly widthNs: number;
  /** Nothing after this is seen. */
  readonly untilNs: number;
}

/** With more samples than this to a column, looking for its end and summing up by blocks is quicker than one by one. */
const DENSE = 48;

/**
 * What lines cover in each column: all values that samples in it have, and all that the line passes on the way
 * through. No peak is lost, however many samples share a column. NaN where there is nothing.
 */
export class Columns {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly #extent: Extent = { min: 0, max: 0 };

  constructor(count: number) {
    this.low = new Float64Array(count).fill(Number.NaN);
    this.high = new Float64Array(count).fill(Number.NaN);
  }

  clear(): void {
    this.low.fill(Number.NaN);
    this.high.fill(Number.NaN);
  }

  add(line: Line, slices: Slices): void {
    const { pieces } = line;
    const endNs = Math.min(slices.startNs + this.low.length * slices.widthNs, slices.untilNs);
    // One piece more on the left: the line may come in from there.
    const first = Math.max(pieceFrom(pieces, slices.startNs) - 1, 0);
    for (let at = first; at < pieces.length; at++) {
      const piece = pieces[at]!;
      const before = pieces[at - 1];
      if (before !== undefined && at > first && !piece.afterHole) {
        this.#joinPieces(line, before, piece, slices);
      }
      this.#addPiece(line, piece, slices);
      if (lastTime(piece) > endNs) return;
    }
    const last = pieces.at(-1);
    if (line.isStep && last !== undefined) this.#hold(line, last, slices);
  }

  /** The lowest and the highest value of all columns. */
  extent(): Extent {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (const value of this.low) if (value < min) min = value;
    for (const value of this.high) if (value > max) max = value;
    return { min, max };
  }

  #addPiece(line: Line, piece: Piece, slices: Slices): void {
    const { startNs, widthNs, untilNs } = slices;
    const { offsetsNs, shiftNs, values } = piece;
    const extent = this.#extent;
    const count = firstAfter(piece, untilNs);
    const perColumn = samplesPer(widthNs, piece);
    const isDense = perColumn > DENSE;
    let from = Math.max(firstAtOrAfter(piece, startNs) - 1, 0);
    while (from < count) {
      const column = Math.floor((offsetsNs[from]! + shiftNs - startNs) / widthNs);
      if (column >= this.low.length) return;
      const border = startNs + (column + 1) * widthNs - shiftNs;
      let to = from + 1;
      let min = Number.POSITIVE_INFINITY;
      let max = Number.NEGATIVE_INFINITY;
      if (isDense) {
        // Most channels are even: the border is where the average puts it, or near.
        const guess = Math.min(from + Math.floor(((border - offsetsNs[from]!) / widthNs) * perColumn), count);
        const isPast = guess > from && offsetsNs[guess - 1]! >= border;
        to = Math.max(
          isPast ? lowerBound(offsetsNs, from, guess, border) : gallop(offsetsNs, count, guess, border),
          to,
        );
        extent.min = min;
        extent.max = max;
        piece.widen(extent, from, to);
        min = extent.min;
        max = extent.max;
      } else {
        const first = values[from]!;
        if (!Number.isNaN(first)) min = max = first;
        for (; to < count && offsetsNs[to]! < border; to++) {
          const value = values[to]!;
          if (value < min) min = value;
          if (value > max) max = value;
        }
      }
      if (column >= 0) this.#widen(column, min, max);
      if (to < count) {
        const before = offsetsNs[to - 1]! + shiftNs;
        const after = offsetsNs[to]! + shiftNs;
        if (after - before <= line.gapNs)
          this.#join(line, before, values[to - 1]!, after, values[to]!, slices);
      }
      from = to;
    }
  }

  #joinPieces(line: Line, from: Piece, to: Piece, slices: Slices): void {
    const [before, after] = [lastTime(from), firstTime(to)];
    if (after - before > line.gapNs || after > slices.untilNs) return;
    this.#join(line, before, from.values[from.values.length - 1]!, after, to.values[0]!, slices);
  }

  /** The last value of a step line stands until now. */
  #hold(line: Line, last: Piece, slices: Slices): void {
    const from = lastTime(last);
    const value = last.values[last.values.length - 1]!;
    if (slices.untilNs > from && slices.untilNs - from <= line.gapNs)
      this.#join(line, from, value, slices.untilNs, value, slices);
  }

  /** The line from one sample to the next covers what it has at the borders of columns. */
  #join(
    line: Line,
    fromNs: number,
    from: number,
    toNs: number,
    to: number,
    { startNs, widthNs }: Slices,
  ): void {
    const first = Math.max(Math.floor((fromNs - startNs) / widthNs) + 1, 0);
    const last = Math.min(Math.floor((toNs - startNs) / widthNs), this.low.length);
    const perNs = line.isStep ? 0 : (to - from) / (toNs - fromNs);
    for (let border = first; border <= last; border++) {
      const value = from + (startNs + border * widthNs - fromNs) * perNs;
      if (border > 0) this.#widen(border - 1, value, value);
      if (border < this.low.length) this.#widen(border, value, value);
    }
    if (line.isStep && last >= 0 && last < this.low.length) this.#widen(last, from, from);
  }

  /** Comparisons with NaN are false: what is empty takes any number, and a NaN widens nothing. */
  #widen(column: number, min: number, max: number): void {
    if (!(min <= max)) return;
    if (!(this.low[column]! <= min)) this.low[column] = min;
    if (!(this.high[column]! >= max)) this.high[column] = max;
  }
}

/** How many samples of the piece a stretch of time has on average. */
function samplesPer(widthNs: number, piece: Piece): number {
  return (piece.offsetsNs.length * widthNs) / Math.max(lastTime(piece) - firstTime(piece), 1);
}

/** Index of the first of `count` ascending numbers that is not below `wanted`; quick where it is near `from`. */
function gallop(ascending: Float64Array, count: number, from: number, wanted: number): number {
  let step = 1;
  let low = from;
  let high = from;
  while (high < count && ascending[high]! < wanted) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  return lowerBound(ascending, low, Math.min(high, count), wanted);
}

/** Index from `low` on of the first of ascending numbers that is not below `wanted`; `high` when all before it are. */
function lowerBound(ascending: Float64Array, low: number, high: number, wanted: number): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (ascending[middle]! < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
