import { describe, expect, test } from "vitest";
import type { Link } from "../../../src/client/index.ts";
import type { ParameterInfo } from "../../../src/viewer/engine/messages.ts";
import { firstTraces } from "../../../src/viewer/first-traces.ts";
import { delayWords, linkWords } from "../../../src/viewer/link/link-words.ts";
import { clockText, exactTimeText } from "../../../src/viewer/time/time-text.ts";
import { parametersOf } from "./parameters-of.ts";

const named = (...names: string[]) => parametersOf(...names.map((id) => ({ id })));
const ids = (parameters: readonly ParameterInfo[]) => parameters.map(({ id }) => id);

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
    { state: "reconnecting", cause: "server-error", retryAtMs: 61_000 },
    "The server cannot read its data at the moment. Trying again in 1 s.",
  ],
  [
    { state: "unavailable", cause: "no-such-session", retryAtMs: 59_000 },
    "There is no session with this identity. Trying again now.",
  ],
  [{ state: "closed", cause: "ended" }, "The session has ended; no more data will come."],
])("the link in words: %o", (link, words) => {
  expect(linkWords(link, 60_000, false)).toBe(words);
});

test.each([
  [null, "no samples yet"],
  [99_860, "newest sample 0.1 s behind the clock"],
  [100_250, "newest sample 0.3 s ahead of the clock"],
  [10_000, "newest sample 90 s behind the clock"],
  [100_000 - 7_200_000, "newest sample 2 h behind the clock"],
])("the newest sample at %d ms, the clock at 100 s: %s", (newestMs, words) => {
  expect(delayWords(newestMs === null ? null : BigInt(newestMs) * 1_000_000n, 100_000)).toBe(words);
});

test("[L-08] times are shown to the nanosecond", () => {
  const ns = 1795424400000000123n;
  expect(exactTimeText(ns)).toBe(`${clockText(1795424400)}.000000123`);
  expect(exactTimeText(-1n)).toBe(`${clockText(-1)}.999999999`);
});
