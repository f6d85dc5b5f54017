const OPAQUE = 0xff000000;

/** Something between two rows of pixels, as fractions of them, in each column; NaN where there is nothing. */
export interface Spans {
  readonly top: Float64Array;
  readonly bottom: Float64Array;
}

/** A picture in memory, drawn pixel by pixel: cheaper than paths where each column of pixels has its own span. */
export class Raster {
  readonly width: number;
  readonly height: number;
  /** As ImageData has them: red in the lowest byte, on every platform there is. */
  readonly pixels: Uint32Array;

  constructor(width: number, height: number, bytes: ArrayBufferLike = new ArrayBuffer(4 * width * height)) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint32Array(bytes, 0, width * height);
  }

  fill(color: number): void {
    this.pixels.fill(pixelOf(color));
  }

  /** Rows `top` to before `bottom`; `alpha` from 0 to 1. Whatever lies outside of the picture is cut off. */
  band(top: number, bottom: number, color: number, alpha: number, left = 0, right = this.width): void {
    const from = Math.max(Math.round(top), 0);
    const to = Math.min(Math.round(bottom), this.height);
    for (let row = from; row < to; row++) {
      for (let column = left; column < right; column++) this.#blend(row * this.width + column, color, alpha);
    }
  }

  /** Column `x`, from top to bottom. */
  column(x: number, color: number, alpha: number): void {
    if (x < 0 || x >= this.width) return;
    for (let at = x; at < this.pixels.length; at += this.width) this.#blend(at, color, alpha);
  }

  /**
   * The spans from column `left` on, each widened by half of `thickness` on either side; edges that fall within a
   * pixel cover it in part.
   */
  spans({ top, bottom }: Spans, color: number, thickness: number, left = 0, alpha = 1): void {
    const half = thickness / 2;
    for (let column = 0; column < top.length; column++) {
      this.#run(left + column, top[column]! - half, bottom[column]! + half, color, alpha);
    }
  }

  /**
   * As `spans`, of a line: where it is steep it is `thickness` wide as well, into columns that it passes anyway. Less
   * than half a pixel to each side is not worth the work.
   */
  line(spans: Spans, color: number, thickness: number, left: number): void {
    const sideways = (thickness - 1) / 2;
    for (let reach = sideways < 0.5 ? 0 : Math.ceil(sideways); reach > 0; reach--) {
      this.#sides(spans, color, thickness / 2, left, reach, Math.min(sideways - reach + 1, 1));
    }
    this.spans(spans, color, thickness, left);
  }

  /** Above and below each span, as far as its neighbours `reach` columns away go. */
  #sides(
    { top, bottom }: Spans,
    color: number,
    half: number,
    left: number,
    reach: number,
    alpha: number,
  ): void {
    for (let column = 0; column < top.length; column++) {
      const from = top[column]! - half;
      const to = bottom[column]! + half;
      if (!(from <= to)) continue;
      for (const near of [column - reach, column + reach]) {
        if (top[near]! - half < from - 1) this.#run(left + column, top[near]! - half, from, color, alpha);
        if (bottom[near]! + half > to + 1) this.#run(left + column, to, bottom[near]! + half, color, alpha);
      }
    }
  }

  /** Rows `top` to `bottom` of a column, as fractions. */
  #run(x: number, top: number, bottom: number, color: number, alpha: number): void {
    const { width, height, pixels } = this;
    const from = Math.max(top, 0);
    const to = Math.min(bottom, height);
    if (!(from < to)) return;
    const first = Math.floor(from);
    const last = Math.ceil(to) - 1;
    if (first === last) {
      this.#blend(first * width + x, color, (to - from) * alpha);
      return;
    }
    this.#blend(first * width + x, color, (first + 1 - from) * alpha);
    const end = last * width + x;
    if (alpha === 1) {
      const solid = pixelOf(color);
      for (let at = (first + 1) * width + x; at < end; at += width) pixels[at] = solid;
    } else {
      for (let at = (first + 1) * width + x; at < end; at += width) this.#blend(at, color, alpha);
    }
    this.#blend(end, color, (to - last) * alpha);
  }

  /** A disc whose middle is at `x`, `y`. */
  dot(x: number, y: number, radius: number, color: number): void {
    for (let row = Math.floor(y - radius); row <= y + radius; row++) {
      for (let column = Math.floor(x - radius); column <= x + radius; column++) {
        if (row < 0 || column < 0 || row >= this.height || column >= this.width) continue;
        const off = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const cover = Math.min(Math.max(radius + 0.5 - off, 0), 1);
        this.#blend(row * this.width + column, color, cover);
      }
    }
  }

  /** Lays `color` (0xRRGGBB) over a pixel. */
  #blend(at: number, color: number, alpha: number): void {
    const under = this.pixels[at]!;
    const red = under & 0xff;
    const green = (under >>> 8) & 0xff;
    const blue = (under >>> 16) & 0xff;
    this.pixels[at] =
      (OPAQUE |
        ((blue + ((color & 0xff) - blue) * alpha) << 16) |
        ((green + (((color >>> 8) & 0xff) - green) * alpha) << 8) |
        (red + (((color >>> 16) & 0xff) - red) * alpha)) >>>
      0;
  }
}

/** An opaque colour, 0xRRGGBB, as a pixel. */
export function pixelOf(color: number): number {
  return (OPAQUE | ((color & 0xff) << 16) | (color & 0xff00) | (color >>> 16)) >>> 0;
}
