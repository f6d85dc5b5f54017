import { expect, test } from "vitest";
import { createLog } from "../../../src/worker/log.ts";

test("[V-08] an event that comes in a loop is sampled, and says how many lines were left out", () => {
  let nowMs = 1_800_000_000_000;
  const lines: string[] = [];
  const log = createLog(
    (line) => lines.push(line),
    () => nowMs,
  );
  // Ten times a second for ten minutes.
  for (let i = 0; i < 6_000; i++) {
    log("entry-rejected", { entry: i });
    nowMs += 100;
  }
  const printed = lines.map((line) => JSON.parse(line) as { entry: number; leftOut?: number });
  expect(printed.length).toBeGreaterThan(20);
  expect(printed.length).toBeLessThanOrEqual(10 + 60);
  expect(printed.slice(0, 10).map(({ entry }) => entry)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const leftOut = printed.reduce((sum, line) => sum + (line.leftOut ?? 0), 0);
  expect(printed.length + leftOut).toBe(printed.at(-1)!.entry + 1);
});

test("[V-08] each event is sampled for itself, and soon after a rest all of it is there again", () => {
  let nowMs = 1_800_000_000_000;
  const lines: string[] = [];
  const log = createLog(
    (line) => lines.push(line),
    () => nowMs,
  );
  for (let i = 0; i < 50; i++) log("entry-rejected");
  log("data-source-failed", { code: "timeout" });
  expect(lines.slice(10)).toEqual(['{"event":"data-source-failed","code":"timeout"}']);
  nowMs += 100_000;
  for (let i = 0; i < 10; i++) log("entry-rejected");
  expect(lines.slice(11)).toEqual([
    '{"event":"entry-rejected","leftOut":40}',
    ...Array.from({ length: 9 }, () => '{"event":"entry-rejected"}'),
  ]);
});
