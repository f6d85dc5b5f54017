/** Amounts in words for people. */

const BYTES = ["B", "kB", "MB", "GB", "TB"] as const;

export function bytesText(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < BYTES.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${BYTES[unit]}`;
}

/** `0.8 s`, `42 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function durationText(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const sign = ms < 0 ? "-" : "";
  if (seconds < 9.95) return `${sign}${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${sign}${seconds.toFixed(0)} s`;
  const minutes = seconds / 60;
  if (minutes < 60) return `${sign}${Math.floor(minutes)} min ${Math.floor(seconds % 60)} s`;
  const hours = minutes / 60;
  if (hours < 48) return `${sign}${Math.floor(hours)} h ${Math.floor(minutes % 60)} min`;
  return `${sign}${Math.floor(hours / 24)} d ${Math.floor(hours % 24)} h`;
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
