import { encodeItems, periodicItem } from "../../src/producer/items.ts";
import { compress } from "../../src/wire/lz4.ts";

/** ns of the instant at which test sessions begin: 2026-11-23T09:00:00Z. */
export const T0_NS = 1_795_424_400_000_000_000n;

/** One sample of a channel that says which it is, so that a lost or repeated one is seen. */
export function numbered(channel: number, number: number): Uint8Array {
  const startNs = T0_NS + BigInt(number) * 10_000_000n;
  return periodicItem({ channel, startNs, intervalNs: 10_000_000n, samples: Float64Array.of(number) });
}

/** Items as a producer puts them into Redis: one burst in an LZ4 block. */
export function data(...items: Uint8Array[]): Uint8Array {
  return compress(encodeItems(items));
}
