import { expect, test } from "vitest";
import type { Session, SessionState } from "../../../../src/client/index.ts";
import { ageText, sessionRows } from "../../../../src/viewer/panels/session-order.ts";

const NOW = Date.parse("2026-11-26T12:00:00Z");

function session(
  identity: string,
  state: SessionState,
  timestamp: string | null,
  more: object = {},
): Session {
  return {
    identity,
    identifier: `Name ${identity}`,
    state,
    timeRange: null,
    configBindings: [],
    json: { timestamp },
    ...more,
  } as Session;
}

const SESSIONS = [
  session("old", "closed", "2026-11-20T12:00:00Z"),
  session("ended", "closed", "2026-11-26T09:00:00Z", {
    timeRange: { startNs: 0n, endNs: BigInt(Date.parse("2026-11-26T10:30:00Z")) * 1_000_000n },
  }),
  session("live1", "open", "2026-11-26T11:00:00Z"),
  session("soon", "waiting", "2026-11-26T11:59:30Z"),
  session("live2", "open", "2026-11-26T11:55:00Z", {
    json: {
      timestamp: "2026-11-26T11:55:00Z",
      type: "race",
      details: { track: "Ring", laps: 3, fastestLap: "1:23.140" },
    },
  }),
  session("dark", "unknown", null),
];

test("live sessions come first, then those that may be, then the rest, the newest first", () => {
  expect(sessionRows(SESSIONS, "", NOW).map(({ identity }) => identity)).toEqual([
    ...["live2", "live1", "soon", "dark", "ended", "old"],
  ]);
});

test("each says how old it is and what else is known", () => {
  expect(sessionRows(SESSIONS, "", NOW).map(({ age }) => age)).toEqual([
    ...[
      "started 5 min ago",
      "started 60 min ago",
      "started 30 s ago",
      "",
      "ended 90 min ago",
      "started 6 days ago",
    ],
  ]);
  expect(sessionRows(SESSIONS, "", NOW)[0]).toMatchObject({
    name: "Name live2",
    about: "race · Ring",
    isLive: true,
  });
});

test.each([
  ["ring RACE", ["live2"]],
  ["open", ["live2", "live1"]],
  ["nothing", []],
])("search by any words: %j", (query, expected) => {
  expect(sessionRows(SESSIONS, query, NOW).map(({ identity }) => identity)).toEqual(expected);
});

test("clocks that disagree are said to, and sessions without identity are not listed", () => {
  const ahead = session("x", "open", "2026-11-26T13:00:00Z");
  expect(sessionRows([ahead, session("", "open", null)], "", NOW).map(({ age }) => age)).toEqual([
    "started by a clock ahead of this one",
  ]);
});

test.each([
  [0, "0 s"],
  [59_999, "59 s"],
  [119 * 60_000, "119 min"],
  [47 * 3_600_000, "47 h"],
  [48 * 3_600_000, "2 days"],
])("%i ms are %s", (ms, text) => {
  expect(ageText(ms)).toBe(text);
});
