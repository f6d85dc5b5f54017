import { Pacer } from "../../src/session/pacer.ts";
import type { Random } from "../fuzz/random.ts";

export interface Scenario {
  /** When entries are written, ms on our clock, ascending. */
  readonly arrivalsMs: readonly number[];
  readonly untilMs: number;
  readonly random: Random;
  /** To Redis and back. */
  readonly roundTripMs?: number;
  /** How far the clock of Redis is behind ours, at a time of ours. */
  readonly skewMs?: (atMs: number) => number;
  /** When viewers join, ascending: each is read for at once, those that come amid a read together after it. */
  readonly joinsMs?: readonly number[];
}

export interface Outcome {
  /** When each command was sent. */
  readonly commandsMs: readonly number[];
  /** For each entry, when it was written and how long it lay in Redis before a poll took it. */
  readonly waits: readonly { readonly writtenMs: number; readonly waitMs: number }[];
}

/** How often a session reads its entry along with the stream. */
const ENTRY_INTERVAL_MS = 5_000;

/** Lets a Pacer poll a simulated Redis, in simulated time: the same scenario has the same outcome. */
export function simulate(scenario: Scenario): Outcome {
  const { arrivalsMs, untilMs, random, roundTripMs = 4, skewMs = () => 1_234, joinsMs = [] } = scenario;
  const pacer = new Pacer(0);
  const commandsMs: number[] = [];
  const waits: { writtenMs: number; waitMs: number }[] = [];
  let nowMs = 0;
  let next = 0;
  let entryDueMs = 0;
  let joined = 0;
  for (;;) {
    // Timers fire on whole ms, and now and then one later.
    const wakeMs = Math.min(Math.ceil(pacer.nextMs), joinsMs[joined] ?? Number.POSITIVE_INFINITY);
    nowMs = Math.max(nowMs, wakeMs) + (random.chance(0.3) ? 1 : 0);
    if (nowMs >= untilMs) return { commandsMs, waits };
    const sentMs = nowMs;
    const before = joined;
    while (joinsMs[joined]! <= sentMs) joined++;
    // Who joins wants the session's entry as well.
    const commands = joined > before || sentMs >= entryDueMs ? 2 : 1;
    if (commands === 2) entryDueMs = sentMs + ENTRY_INTERVAL_MS;
    for (let i = 0; i < commands; i++) commandsMs.push(sentMs);
    const servedMs = sentMs + roundTripMs / 2;
    const ids: number[] = [];
    for (; next < arrivalsMs.length && arrivalsMs[next]! <= servedMs; next++) {
      const writtenMs = arrivalsMs[next]!;
      ids.push(Math.floor(writtenMs - skewMs(writtenMs)));
      waits.push({ writtenMs, waitMs: servedMs - writtenMs });
    }
    nowMs += roundTripMs;
    pacer.polled(sentMs, nowMs, ids, commands, false);
  }
}

/** Arrivals at a fixed period, each late by up to `jitterMs`. */
export function arrivals(
  fromMs: number,
  toMs: number,
  periodMs: number,
  random: Random,
  jitterMs = 0,
): number[] {
  const count = Math.ceil((toMs - fromMs) / periodMs);
  const times = Array.from({ length: count }, (_, i) => fromMs + i * periodMs);
  return times.map((time) => time + (random.below(1_000) / 1_000) * jitterMs).sort((a, b) => a - b);
}

/** The median wait when polls come at a fixed interval instead, as many as there were commands. */
export function medianAtFixedInterval(
  { commandsMs, waits }: Outcome,
  fromMs: number,
  untilMs: number,
): number {
  const intervalMs = untilMs / commandsMs.length;
  const late = waits.filter(({ writtenMs }) => writtenMs >= fromMs);
  const sorted = late.map(({ writtenMs }) => intervalMs - (writtenMs % intervalMs)).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Several producers in one stream. */
export function together(...producers: readonly (readonly number[])[]): number[] {
  return producers.flat().sort((a, b) => a - b);
}

/** The value below which `share` of the waits lie, of entries written in [fromMs, toMs). */
export function waitQuantile(
  { waits }: Outcome,
  share: number,
  fromMs = 0,
  toMs = Number.POSITIVE_INFINITY,
): number {
  const sorted = waits
    .filter(({ writtenMs }) => writtenMs >= fromMs && writtenMs < toMs)
    .map(({ waitMs }) => waitMs)
    .sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

/** The most commands that fall into any 10 s from `fromMs` on, per second. */
export function busiestRate({ commandsMs }: Outcome, fromMs = 0): number {
  const times = commandsMs.filter((time) => time >= fromMs);
  let most = 0;
  let first = 0;
  for (const [last, time] of times.entries()) {
    while (times[first]! <= time - 10_000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most / 10;
}
