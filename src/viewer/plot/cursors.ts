import { element } from "../dom.ts";
import type { DrawnNews } from "../engine/messages.ts";

/** Upright lines over all panes: under the pointer, and where cursors were set down. */
export class Cursors {
  readonly #lines = {
    pointer: element("div", { class: "cursor cursor-pointer" }),
    first: element("div", { class: "cursor cursor-first" }),
    second: element("div", { class: "cursor cursor-second" }),
  };

  constructor(overlay: HTMLElement) {
    overlay.append(...Object.values(this.#lines));
  }

  /** Puts a line where its time is; null, or out of view: hidden. */
  draw(name: "pointer" | "first" | "second", ns: bigint | null, drawn: DrawnNews): void {
    const line = this.#lines[name];
    const share = ns === null ? Number.NaN : shareOf(ns, drawn);
    const isInView = share >= 0 && share <= 1;
    line.hidden = !isInView;
    if (isInView) line.style.left = `${share * 100}%`;
  }
}

/** Where a time is between the left (0) and the right edge (1) of the plots. */
export function shareOf(ns: bigint, { startNs, endNs }: DrawnNews): number {
  return Number(ns - startNs) / Number(endNs - startNs);
}

/** The time at a share of the width. */
export function timeAt(share: number, { startNs, endNs }: DrawnNews): bigint {
  return startNs + BigInt(Math.round(share * Number(endNs - startNs)));
}
