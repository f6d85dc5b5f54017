/** One lap, by the clock of the session: nanoseconds since 1970. */
export interface Lap {
  /** As its source calls it, else numbered from 1. */
  readonly label: string;
  readonly startNs: bigint;
  /** Null while it is driven. */
  readonly endNs: bigint | null;
}

/** A passage of the start line. */
export interface LapLine {
  readonly timeNs: bigint;
  /** Of the lap that begins here; empty when the source does not tell. */
  readonly label: string;
}

/** The laps among the markers of a Session JSON, in order; members that are not what they should be are left out. */
export function lapsOfMarkers(markers: unknown): Lap[] {
  const list: readonly unknown[] = Array.isArray(markers) ? markers : [];
  const laps = list.flatMap((marker): Lap[] => {
    if (typeof marker !== "object" || marker === null) return [];
    const { type, label, startTime, endTime } = marker as Record<string, unknown>;
    const startNs = nanoseconds(startTime);
    if (typeof type !== "string" || !/^lap/i.test(type) || startNs === null) return [];
    const endNs = nanoseconds(endTime);
    return [
      {
        label: typeof label === "string" ? label : "",
        startNs,
        endNs: endNs !== null && endNs > startNs ? endNs : null,
      },
    ];
  });
  laps.sort((a, b) => (a.startNs < b.startNs ? -1 : 1));
  // A marker without an end lasts until the next one begins.
  return laps
    .filter(({ startNs }, index) => startNs !== laps[index + 1]?.startNs)
    .map(({ label, startNs, endNs }, index, all) => ({
      label: label || `Lap ${index + 1}`,
      startNs,
      endNs: endNs ?? all[index + 1]?.startNs ?? null,
    }));
}

/** Laps between passages of the start line, and the one after the last. */
export function lapsBetween(lines: readonly LapLine[]): Lap[] {
  const sorted = [...lines].sort((a, b) => (a.timeNs < b.timeNs ? -1 : 1));
  const distinct = sorted.filter(({ timeNs }, index) => timeNs !== sorted[index - 1]?.timeNs);
  return distinct.map(({ timeNs, label }, index) => ({
    label: label || `Lap ${index + 1}`,
    startNs: timeNs,
    endNs: distinct[index + 1]?.timeNs ?? null,
  }));
}

/** True for an event that says by its description that a lap begins. */
export function isLapStart(description: string): boolean {
  return /\blap\b.*\b(start|begin|began|trigger|beacon)|\b(start|new|begin) (of )?lap\b|start.?finish/i.test(
    description,
  );
}

/** The name of the lap that begins, in the text of such an event: `Lap 3 after 1:32.1` names `Lap 3`. */
export function lapLabel(text: string): string {
  const number = /\blap\s*(\d{1,6})\b/i.exec(text)?.[1];
  return number === undefined ? "" : `Lap ${Number(number)}`;
}

/**
 * The laps as they stood at a time, so that nothing is told early: those that had begun, with the end of those that
 * had ended, and the one that was driven then.
 */
export function lapsAt(laps: readonly Lap[], nowNs: bigint): Lap[] {
  const begun = laps
    .filter(({ startNs }) => startNs <= nowNs)
    .map((lap) => (lap.endNs !== null && lap.endNs > nowNs ? { ...lap, endNs: null } : lap));
  const last = begun.at(-1);
  if (last === undefined || last.endNs === null) return begun;
  return [...begun, { label: following(last.label), startNs: last.endNs, endNs: null }];
}

/** Index of the fastest finished lap; -1 without one. */
export function fastestLap(laps: readonly Lap[]): number {
  return laps.reduce((best, lap, index) => {
    const time = durationNs(lap);
    const bestTime = laps[best] && durationNs(laps[best]);
    return time !== null && (bestTime == null || time < bestTime) ? index : best;
  }, -1);
}

/** Null for a lap that is still driven. */
export function durationNs({ startNs, endNs }: Lap): bigint | null {
  return endNs === null ? null : endNs - startNs;
}

/** `1:32.105`; rounded to the nearest thousandth of a second. */
export function lapTimeText(ns: bigint): string {
  const ms = (ns + 500_000n) / 1_000_000n;
  const seconds = `${(ms / 1000n) % 60n}`.padStart(2, "0");
  return `${ms / 60_000n}:${seconds}.${`${ms % 1000n}`.padStart(3, "0")}`;
}

function following(label: string): string {
  const number = /^(.*?)(\d{1,9})$/.exec(label);
  return number === null ? "In progress" : `${number[1]}${Number(number[2]) + 1}`;
}

function nanoseconds(value: unknown): bigint | null {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : null;
}
