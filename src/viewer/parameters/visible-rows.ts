/** Where a long list stands, in pixels. */
export interface Viewport {
  readonly scrollTop: number;
  readonly height: number;
}

/** Rows beyond either edge, so that scrolling does not meet blanks. */
const SPARE_ROWS = 2;

/** The rows of `count` that must exist: from the first, up to but not including the last. */
export function visibleRows(
  { scrollTop, height }: Viewport,
  rowPx: number,
  count: number,
): [from: number, to: number] {
  const from = Math.min(Math.max(Math.floor(scrollTop / rowPx) - SPARE_ROWS, 0), count);
  const to = Math.min(Math.ceil((Math.max(scrollTop, 0) + height) / rowPx) + SPARE_ROWS, count);
  return [from, Math.max(from, to)];
}

/** How far to scroll so that a row is wholly in view: as little as possible. */
export function scrollToRow({ scrollTop, height }: Viewport, rowPx: number, row: number): number {
  return Math.max(Math.min(scrollTop, row * rowPx), (row + 1) * rowPx - height);
}
