const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

/** Milliseconds before retry number `attempt` (from 0): 1 s, doubled, at most 30 s, with full jitter. */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(FIRST_DELAY_MS * 2 ** attempt, MAX_DELAY_MS);
}
