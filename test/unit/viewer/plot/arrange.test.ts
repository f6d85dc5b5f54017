import { expect, test } from "vitest";
import type { PaneSpec } from "../../../../src/viewer/engine/messages.ts";
import {
  addTrace,
  isPlotted,
  MAX_PANES,
  MAX_TRACES_PER_PANE,
  movePane,
  moveTrace,
  removeTrace,
  setRange,
  setWeight,
  shiftPane,
  splitTrace,
  toggleScale,
} from "../../../../src/viewer/plot/arrange.ts";

type Panes = readonly PaneSpec[];

const named = (panes: Panes) => panes.map(({ traces }) => traces.map(({ parameter }) => parameter).join(" "));
const plotted = (...names: string[]) => names.reduce<Panes>((panes, name) => addTrace(panes, name), []);
const abc = plotted("a", "b", "c");
const idOf = (panes: Panes, name: string) => panes.find((pane) => named([pane])[0] === name)!.id;

test("each parameter gets a pane and a colour of its own, once", () => {
  expect(named(addTrace(abc, "b"))).toEqual(["a", "b", "c"]);
  expect(abc.map(({ traces }) => traces[0]!.color)).toEqual([0, 1, 2]);
  expect(new Set(abc.map(({ id }) => id)).size).toBe(3);
  expect([isPlotted(abc, "b"), isPlotted(abc, "d")]).toEqual([true, false]);
});

test("a colour that is free again is given again; the others keep theirs", () => {
  const again = addTrace(removeTrace(abc, "b"), "d");
  expect(again.map(({ traces }) => traces[0]!.color)).toEqual([0, 2, 1]);
  expect(new Set(again.map(({ id }) => id)).size).toBe(3);
});

test("traces move into other panes, and into panes of their own; empty panes go", () => {
  const joined = moveTrace(abc, "c", idOf(abc, "a"));
  expect(named(joined)).toEqual(["a c", "b"]);
  expect(named(splitTrace(joined, "c", idOf(abc, "b")))).toEqual(["a", "c", "b"]);
  expect(named(splitTrace(joined, "a", null))).toEqual(["c", "b", "a"]);
  expect(moveTrace(abc, "c", "nowhere")).toBe(abc);
});

test("panes move", () => {
  expect(named(movePane(abc, idOf(abc, "c"), idOf(abc, "a")))).toEqual(["c", "a", "b"]);
  expect(named(movePane(abc, idOf(abc, "a"), null))).toEqual(["b", "c", "a"]);
  expect(named(shiftPane(abc, idOf(abc, "a"), 1))).toEqual(["b", "a", "c"]);
  expect(named(shiftPane(abc, idOf(abc, "c"), -1))).toEqual(["a", "c", "b"]);
  expect(shiftPane(abc, idOf(abc, "a"), -1)).toBe(abc);
});

test("scales, ranges and weights belong to a pane", () => {
  const [first] = toggleScale(setRange(setWeight(abc, "pane-1", 2), "pane-1", "fit"), "pane-1");
  expect(first).toMatchObject({ scale: "shared", weight: 2, traces: [{ range: "fit" }] });
  expect(toggleScale([first!], "pane-1")[0]!.scale).toBe("own");
});

test("there is an end to panes, and to traces in a pane", () => {
  const some = plotted(...Array.from({ length: MAX_PANES + 2 }, (_, index) => `p${index}`));
  expect(some.map(({ traces }) => traces.length).slice(0, 3)).toEqual([2, 2, 1]);
  expect(splitTrace(some, "p0", null)).toBe(some);
  const full = plotted(
    ...Array.from({ length: MAX_PANES * MAX_TRACES_PER_PANE + 1 }, (_, index) => `p${index}`),
  );
  expect(full).toHaveLength(MAX_PANES);
  expect(full.at(-1)!.traces).toHaveLength(MAX_TRACES_PER_PANE);
  expect(moveTrace(full, "p0", full.at(-1)!.id)).toBe(full);
});
