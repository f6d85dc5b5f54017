import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../../src/cli/car-random.ts";
import type { PaneSpec } from "../../../../src/viewer/engine/messages.ts";
import { readView, writeView } from "../../../../src/viewer/sharing/view-link.ts";
import { INITIAL_VIEW, type ViewState } from "../../../../src/viewer/view.ts";

const TIME = 1_795_000_000_123_456_789n;

test("a view reads as people would say it", () => {
  const view: ViewState = {
    ...INITIAL_VIEW,
    endNs: TIME,
    delayMs: 12_500,
    cursorNs: TIME - 5n,
    axis: "distance",
    lapStartsNs: [1n, 2n],
    distance: { min: 0, max: 2600.5 },
    panes: [
      {
        id: "a",
        traces: [{ parameter: "vCar:Car", color: 0, range: { min: 0, max: 350 } }],
        scale: "own",
        weight: 1,
      },
      {
        id: "b",
        traces: [
          { parameter: "rThrottle:Car", color: 1, range: null },
          { parameter: "p Brake+!,&=#:é", color: 2, range: null },
        ],
        scale: "shared",
        weight: 1.5,
      },
    ],
  };
  expect(writeView(view)).toBe(
    "v=1&span=30&end=1795000000123456789&delay=12.5&cursor=1795000000123456784&axis=distance&laps=1+2&distance=0,2600.5" +
      "&pane=vCar:Car,0,0,350&pane=rThrottle:Car,1+p%20Brake%2B%21%2C%26%3D%23:%C3%A9,2!shared!1.5",
  );
});

describe("[W-01] every view comes back from its link as it was", () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed))("seed %i", (seed) => {
    const view = randomView(seededRandom(seed));
    const read = readView(`#${writeView(view)}`);
    const panes = view.panes.map((pane, index) => ({ ...pane, id: `pane-${index + 1}` }));
    expect(read).toEqual({ kind: "view", view: expect.anything() });
    expect({ ...INITIAL_VIEW, ...(read.kind === "view" && read.view) }).toEqual({ ...view, panes });
  });
});

describe("other fragments", () => {
  test.each(["", "#", "#events", "#access_token=abc", "#span=30"])("%j is no view", (fragment) => {
    expect(readView(fragment)).toEqual({ kind: "none" });
  });

  test.each([
    ["#v=2&span=30", "it was made by another version of this page"],
    [`#v=1&pane=${"x".repeat(9000)},0`, "it is too long"],
    ["#v=1&span=0", "its span is not a number that can be"],
    ["#v=1&span=1e99", "its span is not a number that can be"],
    ["#v=1&span=Infinity", "its span is not a number that can be"],
    ["#v=1&end=-5", "its end is not a time"],
    ["#v=1&end=99999999999999999999", "its end is not a time"],
    ["#v=1&cursor=now", "its cursor is not a time"],
    ["#v=1&delay=180.1", "its delay is not a number that can be"],
    ["#v=1&axis=sideways", "its axis is unknown"],
    ["#v=1&laps=a", "its laps is not a time"],
    ["#v=1&distance=5", "its range is not a number that can be"],
    ["#v=1&pane=,0", "it has a trace of no parameter"],
    ["#v=1&pane=a,-1", "its color is not a number that can be"],
    ["#v=1&pane=a,0,5,5", "its range is empty"],
    ["#v=1&pane=a,0,5", "its range is not a number that can be"],
    ["#v=1&pane=%zz,0", "it is damaged"],
    [`#v=1${"&pane=a,0".repeat(65)}`, "it has too many panes"],
    [`#v=1&pane=${"a,0+".repeat(256)}a,0`, "it has too many traces"],
  ])("%.40s is refused with a reason", (fragment, why) => {
    expect(readView(fragment)).toEqual({ kind: "bad", why });
  });

  test("members that nobody knows are passed over, as are those for other readers", () => {
    expect(readView("#v=1&new=thing&delay=1&access_token=x")).toEqual({
      kind: "view",
      view: { delayMs: 1000 },
    });
  });
});

function randomView(random: () => number): ViewState {
  const below = (most: number) => Math.floor(random() * most);
  const time = () => (random() < 0.3 ? null : TIME + BigInt(below(1e15)));
  const text = () =>
    Array.from({ length: 1 + below(8) }, () => String.fromCodePoint(33 + below(400))).join("");
  const pane = (): PaneSpec => ({
    id: text(),
    traces: Array.from({ length: below(4) }, () => {
      const min = (random() - 0.5) * 10 ** below(20);
      const range =
        random() < 0.3 ? null : random() < 0.3 ? "fit" : { min, max: min + 1 + Math.abs(min) * random() };
      return { parameter: `${text()}:${text()}`, color: below(24), range };
    }),
    scale: random() < 0.5 ? "own" : "shared",
    weight: random() < 0.5 ? 1 : 0.1 + random(),
  });
  return {
    panes: Array.from({ length: below(6) }, pane),
    spanNs: 1 + below(3.6e12),
    endNs: time(),
    delayMs: below(1801) * 100,
    cursorNs: time(),
    secondCursorNs: time(),
    axis: random() < 0.5 ? "time" : "distance",
    lapStartsNs: Array.from({ length: below(4) }, () => BigInt(below(1e15))),
    distance: random() < 0.5 ? null : { min: -random(), max: 5000 * random() },
  };
}
