import type { ItemTable } from "../wire/burst.ts";
import { tooLarge } from "./errors.ts";

/** Readers are tuned to bursts of about this size before compression. */
export const TARGET_BURST_BYTES = 64 * 1024;
/** The protocol's ceiling before compression: readers may reuse buffers of this size. */
export const MAX_BURST_BYTES = 1024 * 1024;

/**
 * Cuts a walked burst between its items into bursts of at most `TARGET_BURST_BYTES`; a larger item goes alone.
 * Throws ProducerError `item-too-large` for one above `MAX_BURST_BYTES`.
 */
export function splitBurst(burst: Uint8Array, items: ItemTable): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let pieceStart = 0;
  let previousEnd = 0;
  for (const end of items.end.subarray(0, items.count)) {
    const itemBytes = end - previousEnd;
    if (itemBytes > MAX_BURST_BYTES) throw tooLarge(itemBytes, MAX_BURST_BYTES);
    if (end - pieceStart > TARGET_BURST_BYTES && previousEnd > pieceStart) {
      pieces.push(burst.subarray(pieceStart, previousEnd));
      pieceStart = previousEnd;
    }
    previousEnd = end;
  }
  if (previousEnd > pieceStart) pieces.push(burst.subarray(pieceStart, previousEnd));
  return pieces;
}
