import type { Series, Span } from "../../client/index.ts";
import { type Extent, firstTime, type Line, lastTime, type Piece } from "../plot/line.ts";

/** Samples summed up by one pair of minimum and maximum. */
const BLOCK = 16;
/** Neighbours of a channel without a period have a gap when they are this many usual distances apart. */
const GAP_STEPS = 20;
const LEAST_GAP_NS = 1e9;
const PERIODIC_GAP_INTERVALS = 2.5;

/** How the samples of a channel become the line of a parameter. */
export interface TrackKind {
  readonly originNs: bigint;
  /** ns between samples of a periodic channel, else 0. */
  readonly intervalNs: number;
  readonly isState: boolean;
  /** Raw values to values of the parameter. */
  readonly convert: (raw: ArrayLike<number>) => Float64Array;
}

/**
 * One channel as a parameter shows it: converted, and with minima and maxima of blocks so that long views are quick.
 * What is converted stays with the chunks of the series; only those that have changed are done again.
 */
export class Track implements Line {
  readonly #series: Series;
  readonly #kind: TrackKind;
  readonly #known = new WeakMap<object, SpanPiece[]>();
  #pieces: SpanPiece[] = [];
  #revision = -1;
  /** Samples from here on have changed since the pieces were made. */
  #changedFromNs: bigint | null = null;

  constructor(series: Series, kind: TrackKind) {
    this.#series = series;
    this.#kind = kind;
  }

  get revision(): number {
    return this.#series.revision;
  }

  get isStep(): boolean {
    return this.#kind.isState;
  }

  get pieces(): readonly Piece[] {
    this.#catchUp();
    return this.#pieces;
  }

  get gapNs(): number {
    const { intervalNs, isState } = this.#kind;
    if (intervalNs > 0) return PERIODIC_GAP_INTERVALS * intervalNs;
    const last = this.pieces.at(-1)?.offsetsNs;
    if (isState || last === undefined || last.length < 2) return Number.POSITIVE_INFINITY;
    const usual = (last[last.length - 1]! - last[0]!) / (last.length - 1);
    return Math.max(GAP_STEPS * usual, LEAST_GAP_NS);
  }

  /** Samples at or after the time are new or different. */
  changed(fromNs: bigint): void {
    if (this.#changedFromNs === null || fromNs < this.#changedFromNs) this.#changedFromNs = fromNs;
  }

  #catchUp(): void {
    if (this.#revision === this.#series.revision) return;
    const { originNs } = this.#kind;
    const firstNs = this.#series.first()?.timeNs;
    const kept = firstNs === undefined || this.#series.holes().length > 0 ? 0 : this.#untouched();
    // The last chunk that is untouched may have grown.
    const again = this.#pieces[kept - 1];
    const startNs = again === undefined ? undefined : originNs + BigInt(firstTime(again));
    const fresh = this.#series.spans(startNs === undefined ? {} : { startNs });
    const first = firstNs === undefined ? 0 : Number(firstNs - originNs);
    this.#pieces = [
      ...this.#pieces.slice(0, Math.max(kept - 1, 0)).filter((piece) => lastTime(piece) >= first),
      ...fresh.map((span) => this.#pieceOf(span)),
    ];
    this.#revision = this.#series.revision;
    this.#changedFromNs = null;
  }

  /** How many pieces end before the first change. */
  #untouched(): number {
    if (this.#changedFromNs === null) return 0;
    const from = Number(this.#changedFromNs - this.#kind.originNs);
    const at = this.#pieces.findLastIndex((piece) => lastTime(piece) < from);
    return at + 1;
  }

  #pieceOf(span: Span): SpanPiece {
    const made = this.#known.get(span.chunk) ?? [];
    const known = made.find((piece) => piece.isOf(span));
    if (known !== undefined) return known;
    const piece = new SpanPiece(span, this.#kind);
    this.#known.set(span.chunk, [...made.filter((each) => each.revision === span.revision), piece]);
    return piece;
  }
}

class SpanPiece implements Piece {
  readonly shiftNs: number;
  readonly offsetsNs: Float64Array;
  readonly values: Float64Array;
  readonly afterHole: boolean;
  readonly revision: number;
  readonly #minima: Float64Array;
  readonly #maxima: Float64Array;

  constructor({ baseNs, offsetsNs, values, afterHole, revision }: Span, { originNs, convert }: TrackKind) {
    this.shiftNs = Number(baseNs - originNs);
    this.offsetsNs = offsetsNs;
    this.values = convert(values);
    this.afterHole = afterHole;
    this.revision = revision;
    const blocks = Math.floor(this.values.length / BLOCK);
    this.#minima = new Float64Array(blocks);
    this.#maxima = new Float64Array(blocks);
    for (let block = 0; block < blocks; block++) {
      const extent = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
      this.#scan(extent, block * BLOCK, (block + 1) * BLOCK);
      this.#minima[block] = extent.min;
      this.#maxima[block] = extent.max;
    }
  }

  isOf({ offsetsNs, afterHole, revision }: Span): boolean {
    return (
      this.revision === revision &&
      this.afterHole === afterHole &&
      this.offsetsNs.buffer === offsetsNs.buffer &&
      this.offsetsNs.byteOffset === offsetsNs.byteOffset &&
      this.offsetsNs.length === offsetsNs.length
    );
  }

  widen(extent: Extent, from: number, to: number): void {
    const firstBlock = Math.ceil(from / BLOCK);
    const lastBlock = Math.floor(to / BLOCK);
    if (firstBlock >= lastBlock) {
      this.#scan(extent, from, to);
      return;
    }
    this.#scan(extent, from, firstBlock * BLOCK);
    for (let block = firstBlock; block < lastBlock; block++) {
      if (this.#minima[block]! < extent.min) extent.min = this.#minima[block]!;
      if (this.#maxima[block]! > extent.max) extent.max = this.#maxima[block]!;
    }
    this.#scan(extent, lastBlock * BLOCK, to);
  }

  #scan(extent: Extent, from: number, to: number): void {
    const { values } = this;
    let { min, max } = extent;
    for (let at = from; at < to; at++) {
      const value = values[at]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    extent.min = min;
    extent.max = max;
  }
}
