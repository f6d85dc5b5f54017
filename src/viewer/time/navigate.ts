import type { Engine } from "../engine/engine.ts";
import type { View } from "../view.ts";

/** Short enough to see neighbours of the fastest channels apart. */
export const MIN_SPAN_NS = 1_000;
export const MAX_SPAN_NS = 12 * 3600e9;
export const MAX_DELAY_MS = 180_000;
const DELAY_STEP_MS = 100;

/** Whoever moves through time needs to know what is shown, and to say what should be. */
export interface Navigation {
  readonly engine: Engine;
  readonly view: View;
}

/** Makes the span `factor` times as long, around `aroundNs`; the leading edge stays where it is while following. */
export function zoom({ engine, view }: Navigation, factor: number, aroundNs: bigint | null = null): void {
  const { spanNs, endNs } = view.state;
  const wanted = Math.min(Math.max(spanNs * factor, MIN_SPAN_NS), MAX_SPAN_NS);
  const drawn = engine.latest("drawn");
  if (endNs === null || drawn === undefined) {
    view.change({ spanNs: wanted });
    return;
  }
  const fixed = aroundNs ?? endNs - BigInt(Math.round(spanNs / 2));
  const right = (Number(endNs - fixed) * wanted) / spanNs;
  view.change({ spanNs: wanted, endNs: fixed + BigInt(Math.round(right)) });
}

/** Shows exactly this stretch. */
export function showRange({ view }: Navigation, startNs: bigint, endNs: bigint): void {
  const spanNs = Math.min(Math.max(Number(endNs - startNs), MIN_SPAN_NS), MAX_SPAN_NS);
  view.change({ spanNs, endNs });
}

/** Moves by `byNs`, back when negative; arriving at the leading edge, follows it. */
export function pan({ engine, view }: Navigation, byNs: number): void {
  const drawn = engine.latest("drawn");
  if (drawn === undefined) return;
  const { shownUntilNs, oldestNs } = drawn;
  const from = view.state.endNs ?? drawn.endNs;
  const endNs = from + BigInt(Math.round(byNs));
  if (byNs > 0 && shownUntilNs !== null && endNs >= shownUntilNs) {
    goLive({ engine, view });
    return;
  }
  view.change({ endNs: oldestNs !== null && endNs < oldestNs ? oldestNs : endNs });
}

/** Jumps to an instant: it comes to the middle. */
export function jumpTo({ engine, view }: Navigation, ns: bigint): void {
  const endNs = ns + BigInt(Math.round(view.state.spanNs / 2));
  const shownUntilNs = engine.latest("drawn")?.shownUntilNs ?? null;
  view.change({ endNs: shownUntilNs !== null && endNs > shownUntilNs ? shownUntilNs : endNs });
}

/** Holds the picture; samples keep coming in. */
export function pause({ engine, view }: Navigation): void {
  const drawn = engine.latest("drawn");
  if (drawn !== undefined && view.state.endNs === null) view.change({ endNs: drawn.endNs });
}

export function goLive({ view }: Navigation): void {
  view.change({ endNs: null });
}

export function togglePause(navigation: Navigation): void {
  if (navigation.view.state.endNs === null) pause(navigation);
  else goLive(navigation);
}

/** Sets the broadcast delay: whole tenths of a second, 0 to 180 s. */
export function setDelay({ view }: Navigation, delayMs: number): void {
  if (Number.isNaN(delayMs)) return;
  const tenths = Math.round(delayMs / DELAY_STEP_MS) * DELAY_STEP_MS;
  view.change({ delayMs: Math.min(Math.max(tenths, 0), MAX_DELAY_MS) });
}
