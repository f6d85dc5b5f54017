import { describe, expect, test, vi } from "vitest";
import { Engine } from "../../../../src/viewer/engine/engine.ts";
import type { Command, DrawnNews, EventLine } from "../../../../src/viewer/engine/messages.ts";
import { EventStore } from "../../../../src/viewer/panels/event-store.ts";
import { Laps } from "../../../../src/viewer/panels/laps.ts";
import { latestOnly } from "../../../../src/viewer/panels/latest-only.ts";
import { likeReading, numberText, signed, spanText } from "../../../../src/viewer/panels/number-text.ts";
import { Watches } from "../../../../src/viewer/panels/watches.ts";

/** An engine whose worker only remembers what it was told. */
function engineWithout(): { engine: Engine; commands: Command[] } {
  const commands: Command[] = [];
  const worker = { onmessage: null, postMessage: (command: Command) => void commands.push(command) };
  return { engine: new Engine(worker as unknown as Worker), commands };
}

const event = (key: number, timeNs: bigint, more: Partial<EventLine> = {}): EventLine => ({
  ...{
    key,
    timeNs,
    title: `event ${key}`,
    detail: "",
    priority: "low",
    definitionId: 1,
    app: "a",
    values: [],
  },
  ...more,
});

const drawn = (shownUntilNs: bigint): DrawnNews => ({
  ...{
    startNs: 0n,
    endNs: shownUntilNs,
    shownUntilNs,
    newestNs: shownUntilNs,
    oldestNs: 0n,
    scales: new Map(),
  },
});

describe("events", () => {
  test("are kept in order of time, however late they come", () => {
    const { engine } = engineWithout();
    const store = new EventStore(engine);
    engine.tell("events", { isFresh: false, added: [event(1, 10n), event(2, 30n)] });
    engine.tell("events", { isFresh: false, added: [event(3, 20n), event(4, 30n)] });
    expect(store.all.map(({ key }) => key)).toEqual([1, 3, 2, 4]);
    expect(store.indexAfter(10n)).toBe(1);
    expect(store.neighbour(10n, 1)?.key).toBe(3);
    expect(store.neighbour(30n, 1)).toBeUndefined();
    expect(store.neighbour(30n, -1)?.key).toBe(3);
    expect(store.neighbour(10n, -1)).toBeUndefined();
  });

  test("begin anew when told to, as after another delay", () => {
    const { engine } = engineWithout();
    const store = new EventStore(engine);
    engine.tell("events", { isFresh: false, added: [event(1, 10n)] });
    engine.tell("events", { isFresh: true, added: [event(2, 5n)] });
    expect(store.all.map(({ key }) => key)).toEqual([2]);
  });

  test("of too many the oldest go", () => {
    const { engine } = engineWithout();
    const store = new EventStore(engine);
    for (let batch = 0; batch < 5; batch++) {
      const added = Array.from({ length: 5_000 }, (_, index) => event(index, BigInt(batch * 5_000 + index)));
      engine.tell("events", { isFresh: false, added });
    }
    expect(store.all).toHaveLength(20_000);
    expect(store.all[0]?.timeNs).toBe(5_000n);
  });
});

describe("laps", () => {
  const session = (markers: unknown) =>
    ({ identity: "x", identifier: "x", state: "open", json: { markers } }) as const;
  const markers = [{ type: "lap", label: "Lap 1", startTime: 100, endTime: 200 }];

  test("come from markers, none before its time", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { engine } = engineWithout();
    const laps = new Laps(engine);
    engine.tell("session", session(markers));
    expect(laps.latest("laps")).toEqual([]);
    for (const untilNs of [150n, 250n]) {
      vi.advanceTimersByTime(1_000);
      engine.tell("drawn", drawn(untilNs));
      const first = { label: "Lap 1", startNs: 100n, endNs: untilNs > 200n ? 200n : null };
      const next = { label: "Lap 2", startNs: 200n, endNs: null };
      expect(laps.latest("laps")).toEqual(untilNs > 200n ? [first, next] : [first]);
    }
    vi.useRealTimers();
  });

  test("come from events where there are no markers, and are told only when they change", () => {
    const { engine } = engineWithout();
    const laps = new Laps(engine);
    const told = vi.fn();
    engine.tell("drawn", drawn(500n));
    laps.on("laps", told);
    const start = { title: "0003:Car Lap start" };
    engine.tell("events", {
      isFresh: false,
      added: [event(1, 300n, { ...start, detail: "Lap 3 after 1:32" })],
    });
    engine.tell("events", { isFresh: false, added: [event(2, 350n)] });
    engine.tell("events", { isFresh: false, added: [event(3, 400n, start)] });
    expect(told.mock.lastCall).toEqual([
      [
        { label: "Lap 3", startNs: 300n, endNs: 400n },
        { label: "Lap 2", startNs: 400n, endNs: null },
      ],
    ]);
    expect(told).toHaveBeenCalledTimes(3);
    engine.tell("events", { isFresh: true, added: [] });
    expect(laps.latest("laps")).toEqual([]);
  });
});

test("what is watched is the union of what the panels want, told when it changes", () => {
  const { engine, commands } = engineWithout();
  const watches = new Watches(engine);
  watches.set("table", ["a", "b"]);
  watches.set("map", ["b", "c"]);
  watches.set("map", ["b", "c"]);
  watches.set("table", []);
  expect(commands).toEqual(
    [
      ["a", "b"],
      ["a", "b", "c"],
      ["b", "c"],
    ].map((parameters) => ({ kind: "watch", parameters })),
  );
});

test("a task that takes a while runs once at a time, and once more for all that came meanwhile", async () => {
  const ends: (() => void)[] = [];
  const ask = latestOnly(() => new Promise((resolve) => ends.push(resolve)));
  ask();
  ask();
  ask();
  expect(ends).toHaveLength(1);
  ends[0]!();
  await vi.waitFor(() => expect(ends).toHaveLength(2));
  ends[1]!();
  await Promise.resolve();
  ask();
  await vi.waitFor(() => expect(ends).toHaveLength(3));
});

test.each([
  [numberText(0), "0"],
  [numberText(12.5), "12.5"],
  [numberText(1234567.891), "1234568"],
  [numberText(100), "100"],
  [numberText(0.000123456), "0.0001"],
  [numberText(-1.23456789), "-1.2346"],
  [numberText(1.2e-7), "1.200e-7"],
  [numberText(3e12), "3.000e+12"],
  [numberText(Number.NaN), "–"],
  [likeReading(2.639e-39, "44.5"), "0.0"],
  [likeReading(215.1684, "152.04", 1), "215.168"],
  [likeReading(9905.74, "9447"), "9906"],
  [likeReading(-0.04, "44.5"), "0.0"],
  [likeReading(-0.06, "44.5"), "-0.1"],
  [likeReading(-0.4, "44"), "0"],
  [likeReading(12.5, "ff"), "12.5"],
  [likeReading(12.5, ""), "12.5"],
  [likeReading(Number.NaN, "1.0"), "–"],
  [signed("2.50"), "+2.50"],
  [signed("-2"), "-2"],
  [signed("0.00"), "0.00"],
  [signed("0.01"), "+0.01"],
  [spanText(1_500_000_000n), "+1.500 s"],
  [spanText(-250_000_000n), "-0.250 s"],
])("numbers read as %s", (text, expected) => {
  expect(text).toBe(expected);
});
