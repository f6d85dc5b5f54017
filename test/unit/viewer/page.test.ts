import { describe, expect, test } from "vitest";
import { type Configuration, type Parameter, parseConfiguration } from "../../../src/client/configuration.ts";
import type { EventItem, Link, SampleRun } from "../../../src/client/index.ts";
import { EventLog } from "../../../src/viewer/event-log.ts";
import { firstTraces } from "../../../src/viewer/first-traces.ts";
import { LatestValues } from "../../../src/viewer/latest-values.ts";
import { delayWords, linkWords } from "../../../src/viewer/link-words.ts";
import { searchParameters } from "../../../src/viewer/search.ts";
import { clockText, exactTimeText } from "../../../src/viewer/time-text.ts";

function parametersOf(...parameters: object[]): readonly Parameter[] {
  const json = { app: { parameters: parameters.map((parameter) => ({ channels: [1], ...parameter })) } };
  return (parseConfiguration(json, 0) satisfies Configuration).parameters;
}

const named = (...names: string[]) => parametersOf(...names.map((id) => ({ id })));
const ids = (parameters: readonly Parameter[]) => parameters.map(({ id }) => id);

describe("the first traces", () => {
  test.each([
    [
      "race car names",
      ["vWheelFL", "NGear", "pBrake", "TBrakeFL", "rThrottle", "nEngine", "vCar", "aSteering"],
    ],
    ["plain names", ["Gear", "Brake", "Throttle", "RPM", "Speed", "Steering"]],
  ])("are chosen by name: %s", (_title, names) => {
    const chosen = ids(firstTraces(named(...names))).map((id) => id.toLowerCase());
    for (const [index, part] of ["car|speed", "throttle", "brake", "gear", "engine|rpm", "steer"].entries()) {
      expect(chosen[index]).toMatch(new RegExp(part));
    }
    expect(chosen).toHaveLength(6);
  });

  test("are chosen by description where the name says nothing", () => {
    expect(ids(firstTraces(parametersOf({ id: "x1" }, { id: "x2", desc: "Car speed" })))).toEqual(["x2"]);
  });

  test("are the first four when nothing is familiar, leaving out what has no channel", () => {
    const parameters = [...parametersOf({ id: "virtual", channels: [] }), ...named("a", "b", "c", "d", "e")];
    expect(ids(firstTraces(parameters))).toEqual(["a", "b", "c", "d"]);
  });
});

test("the search wants every word, in name, description, unit or group", () => {
  const parameters = parametersOf(
    { id: "vCar", desc: "Car speed", unit: "km/h" },
    { id: "vWheel", desc: "Wheel speed", unit: "km/h" },
    { id: "nEngine", unit: "rpm" },
  );
  expect(ids(searchParameters(parameters, "KM/H  wheel"))).toEqual(["vWheel"]);
  expect(ids(searchParameters(parameters, "speed"))).toEqual(["vCar", "vWheel"]);
  expect(searchParameters(parameters, " ")).toBe(parameters);
});

describe("latest values", () => {
  const run = (channel: number, times: bigint[], values: number[]): SampleRun => ({
    channel,
    type: "s16",
    timesNs: BigInt64Array.from(times),
    values: Float64Array.from(values),
  });
  const [parameter] = parametersOf({ id: "p", channels: [1, 2], offset: 100, warnMin: 100, warnMax: 110 });

  test("are those of the newest sample, whatever arrives after it, of any of the channels", () => {
    const latest = new LatestValues();
    expect(latest.text(parameter!)).toBe("");
    latest.take(run(1, [10n, 30n, 20n], [1, 3, 2]));
    latest.take(run(1, [5n, 6n], [5, 6]));
    expect(latest.text(parameter!)).toBe("103");
    latest.take(run(2, [31n], [9]));
    expect(latest.text(parameter!)).toBe("109");
  });

  test("tell when they are outside the warning limits", () => {
    const latest = new LatestValues();
    expect(latest.isOutside(parameter!)).toBe(false);
    latest.take(run(1, [1n], [10]));
    expect(latest.isOutside(parameter!)).toBe(false);
    latest.take(run(1, [2n], [11]));
    expect(latest.isOutside(parameter!)).toBe(true);
    expect(latest.isOutside({ ...parameter!, warnMin: 0, warnMax: 0 })).toBe(false);
  });
});

describe("the event log", () => {
  const event = (timeNs: bigint, statusText = ""): EventItem => ({
    definitionId: 1,
    appName: "app",
    timeNs,
    statusText,
    values: new Float64Array(),
  });
  const times = (log: EventLog, count = 10) => log.latest(count).map(({ timeNs }) => timeNs);

  test("has the newest first, in whatever order they come", () => {
    const log = new EventLog();
    for (const timeNs of [2n, 9n, 5n]) log.add(event(timeNs));
    expect(times(log)).toEqual([9n, 5n, 2n]);
    expect(times(log, 2)).toEqual([9n, 5n]);
  });

  test("[D-11] [L-05] equal events of one connection all count, those told again by the next do not", () => {
    const log = new EventLog();
    log.add(event(1n));
    log.add(event(1n));
    log.reconnected();
    log.add(event(1n));
    expect(times(log)).toEqual([1n, 1n]);
    log.add(event(1n));
    log.add(event(1n));
    log.add(event(1n, "other"));
    expect(times(log)).toEqual([1n, 1n, 1n, 1n]);
  });

  test("is bounded, and forgets the oldest", () => {
    const log = new EventLog();
    for (let timeNs = 0n; timeNs < 10_000n; timeNs++) log.add(event(timeNs));
    expect(times(log, 10_000).length).toBeLessThanOrEqual(400);
    expect(times(log, 1)).toEqual([9_999n]);
  });
});

test.each<[Link, string]>([
  [{ state: "live" }, "Data arrives as it is written."],
  [
    { state: "stale", sinceMs: 0 },
    "The connection stands, but nothing has arrived for 60 s. Waiting for more.",
  ],
  [
    { state: "reconnecting", cause: "dropped", retryAtMs: 62_500 },
    "The connection broke. Trying again in 3 s.",
  ],
  [
    { state: "unavailable", cause: "no-such-session", retryAtMs: 59_000 },
    "There is no session with this identity. Trying again now.",
  ],
  [{ state: "closed", cause: "ended" }, "The session has ended; no more data will come."],
])("the link in words: %o", (link, words) => {
  expect(linkWords(link, 60_000)).toBe(words);
});

test.each([
  [Number.NaN, "no samples yet"],
  [99.86, "newest sample 0.1 s behind the clock"],
  [100.25, "newest sample 0.3 s ahead of the clock"],
  [10, "newest sample 90 s behind the clock"],
  [100 - 7200, "newest sample 2 h behind the clock"],
])("the newest sample at %d, the clock at 100: %s", (newest, words) => {
  expect(delayWords(newest, 100)).toBe(words);
});

test("[L-08] times are shown to the nanosecond", () => {
  const ns = 1795424400000000123n;
  expect(exactTimeText(ns)).toBe(`${clockText(1795424400)}.000000123`);
  expect(exactTimeText(-1n)).toBe(`${clockText(-1)}.999999999`);
});
