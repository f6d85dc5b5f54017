/** Text that others wrote, made fit for a terminal: it must not move the cursor. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, "\u{fffd}");
}

/** At most so many characters, with an ellipsis for what is left out. */
export function clipped(text: string, width: number): string {
  if (text.length <= width) return text;
  return width > 0 ? `${text.slice(0, width - 1)}…` : "";
}

/** `2026-11-26T12:00:00.123456789Z` */
export function isoTime(timeNs: bigint): string {
  const ms = timeNs >= 0n ? timeNs / 1_000_000n : -((-timeNs + 999_999n) / 1_000_000n);
  const iso = new Date(Number(ms)).toISOString();
  return `${iso.slice(0, -1)}${`${timeNs - ms * 1_000_000n}`.padStart(6, "0")}Z`;
}
