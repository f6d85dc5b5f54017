import { expect, test } from "vitest";
import { type EventItem, PENDING_CATALOGUE } from "../../../../src/client/index.ts";
import { EventLog } from "../../../../src/viewer/store/event-log.ts";

const event = (timeNs: bigint): EventItem => ({
  definitionId: 431,
  appName: "app",
  timeNs,
  statusText: "",
  values: Float64Array.of(1.5),
});

const released = (log: EventLog, untilNs: bigint) => log.release(untilNs, PENDING_CATALOGUE);

test("events are released once they may be seen, each once, late ones too", () => {
  const log = new EventLog();
  for (const timeNs of [2n, 9n, 5n]) log.add(event(timeNs));
  expect(released(log, 4n)).toMatchObject({ isFresh: true, added: [{ timeNs: 2n, title: "01AF:app" }] });
  expect(released(log, 4n)).toBeNull();
  log.add(event(3n));
  expect(released(log, 9n)?.added.map(({ timeNs }) => timeNs)).toEqual([9n, 5n, 3n]);
  expect(released(log, 99n)).toBeNull();
});

test("a longer delay takes back what had been released", () => {
  const log = new EventLog();
  for (const timeNs of [2n, 9n]) log.add(event(timeNs));
  released(log, 9n);
  log.restart();
  expect(released(log, 5n)).toMatchObject({ isFresh: true, added: [{ timeNs: 2n, values: [1.5] }] });
});

test("a flood is bounded, and the oldest are forgotten", () => {
  const log = new EventLog();
  for (let timeNs = 0n; timeNs <= 40_000n; timeNs++) log.add(event(timeNs));
  const times = released(log, 50_000n)!.added.map(({ timeNs }) => timeNs);
  expect(times).toHaveLength(20_000);
  expect(times).toContain(40_000n);
  expect(times).not.toContain(20_000n);
});
