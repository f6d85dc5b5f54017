import type { Chunk } from "./chunk.ts";
import type { Hole } from "./samples.ts";
import type { ChunkedSamples, Span } from "./series.ts";
import type { Within } from "./store.ts";

/** The samples within, cut at the ends of chunks and at holes. `holes` are in order. */
export function spansOf(samples: ChunkedSamples, holes: readonly Hole[], { startNs, endNs }: Within): Span[] {
  const spans: Span[] = [];
  const { chunks } = samples;
  let hole = 0;
  let afterHole = false;
  for (let at = startNs === undefined ? 0 : samples.chunkFrom(startNs); at < chunks.length; at++) {
    const chunk = chunks[at]!;
    const to = endNs === undefined ? chunk.count : chunk.indexOf(endNs + 1n);
    let from = startNs === undefined ? 0 : chunk.indexOf(startNs);
    while (from < to) {
      // A hole ends where samples begin again.
      const firstNs = timeOf(chunk, from);
      while (hole < holes.length && holes[hole]!.endNs <= firstNs) {
        afterHole = spans.length > 0 || holes[hole]!.endNs === firstNs;
        hole++;
      }
      const next = holes[hole];
      const end = next === undefined ? to : Math.min(to, Math.max(from + 1, chunk.indexOf(next.endNs)));
      spans.push({
        baseNs: chunk.baseNs,
        offsetsNs: chunk.offsetsNs.subarray(from, end),
        values: chunk.values.subarray(from, end),
        afterHole,
        chunk,
        revision: chunk.revision,
      });
      afterHole = false;
      from = end;
    }
    if (endNs !== undefined && to < chunk.count) break;
  }
  return spans;
}

function timeOf(chunk: Chunk, index: number): bigint {
  return chunk.baseNs + BigInt(chunk.offsetsNs[index]!);
}
