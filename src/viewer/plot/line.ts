/** The smallest and the largest of some values; Infinity and -Infinity without numbers. */
export interface Extent {
  min: number;
  max: number;
}

/** Neighbouring samples. Sample i is at `offsetsNs[i] + shiftNs`, ns after the session's origin, ascending. */
export interface Piece {
  readonly shiftNs: number;
  readonly offsetsNs: Float64Array;
  /** In the parameter's unit; NaN interrupts the line. */
  readonly values: Float64Array;
  /** No line goes from the piece before to this one: samples may be missing between them. */
  readonly afterHole: boolean;
  /** Widens `extent` by samples `from` to before `to`. */
  widen(extent: Extent, from: number, to: number): void;
}

/** Samples in order of time, and how the line through them goes. */
export interface Line {
  readonly pieces: readonly Piece[];
  /** Neighbours farther apart than this, in ns, have a gap between them. */
  readonly gapNs: number;
  /** Each value holds until the next; otherwise straight lines join them. */
  readonly isStep: boolean;
}

/** Index of the first piece that has a sample at or after the time. */
export function pieceFrom(pieces: readonly Piece[], timeNs: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lastTime(pieces[middle]!) < timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function firstTime({ offsetsNs, shiftNs }: Piece): number {
  return offsetsNs[0]! + shiftNs;
}

export function lastTime({ offsetsNs, shiftNs }: Piece): number {
  return offsetsNs[offsetsNs.length - 1]! + shiftNs;
}

/** Index of the first sample at or after the time, not before `from`. */
export function firstAtOrAfter({ offsetsNs, shiftNs }: Piece, timeNs: number, from = 0): number {
  const wanted = timeNs - shiftNs;
  let low = from;
  let high = offsetsNs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsetsNs[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first sample after the time. */
export function firstAfter({ offsetsNs, shiftNs }: Piece, timeNs: number): number {
  const wanted = timeNs - shiftNs;
  let low = 0;
  let high = offsetsNs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsetsNs[middle]! <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A sample with its way to the one before it. */
export interface Visit {
  readonly timeNs: number;
  readonly value: number;
  /** True for the first one, and for one after a gap. */
  readonly isApart: boolean;
}

/** The samples from `startNs` to `endNs`, both included, in order; and the last one before, so that lines can enter. */
export function* samplesWithin(line: Line, startNs: number, endNs: number): Generator<Visit> {
  const { pieces, gapNs } = line;
  let at = pieceFrom(pieces, startNs);
  let index = at < pieces.length ? firstAtOrAfter(pieces[at]!, startNs) - 1 : -1;
  if (index < 0) index = --at >= 0 ? pieces[at]!.offsetsNs.length - 1 : 0;
  let before = Number.NEGATIVE_INFINITY;
  for (at = Math.max(at, 0); at < pieces.length; at++) {
    const { offsetsNs, values, shiftNs, afterHole } = pieces[at]!;
    for (; index < offsetsNs.length; index++) {
      const timeNs = offsetsNs[index]! + shiftNs;
      if (timeNs > endNs) return;
      const isApart =
        timeNs - before > gapNs || (index === 0 && afterHole) || before === Number.NEGATIVE_INFINITY;
      yield { timeNs, value: values[index]!, isApart };
      before = timeNs;
    }
    index = 0;
  }
}

/** How many samples there are from `startNs` to `endNs`, both included. */
export function countWithin({ pieces }: Line, startNs: number, endNs: number): number {
  let count = 0;
  for (let at = pieceFrom(pieces, startNs); at < pieces.length; at++) {
    const piece = pieces[at]!;
    const after = firstAfter(piece, endNs);
    count += Math.max(after - firstAtOrAfter(piece, startNs), 0);
    if (after < piece.offsetsNs.length) break;
  }
  return count;
}
