import { beforeEach, describe, expect, test } from "vitest";
import type { Engine } from "../../../../src/viewer/engine/engine.ts";
import type { DrawnNews, News } from "../../../../src/viewer/engine/messages.ts";
import { Told } from "../../../../src/viewer/engine/told.ts";
import {
  goLive,
  jumpTo,
  MAX_SPAN_NS,
  MIN_SPAN_NS,
  pan,
  setDelay,
  showRange,
  togglePause,
  zoom,
} from "../../../../src/viewer/time/navigate.ts";
import { View } from "../../../../src/viewer/view.ts";

const S = 1_000_000_000n;
const EDGE = 1_000n * S;

let view: View;
let navigation: { engine: Engine; view: View };

/** A picture of the last 30 s, of a session that is kept from second 100 on. */
beforeEach(() => {
  view = new View();
  const engine = new Told<News>();
  const drawn: DrawnNews = {
    ...{ startNs: EDGE - 30n * S, endNs: EDGE, shownUntilNs: EDGE, newestNs: EDGE, oldestNs: 100n * S },
    scales: new Map(),
  };
  engine.tell("drawn", drawn);
  navigation = { engine: engine as unknown as Engine, view };
});

describe("zooming", () => {
  test("keeps the leading edge while it is followed", () => {
    zoom(navigation, 0.5, EDGE - 20n * S);
    expect(view.state).toMatchObject({ spanNs: 15e9, endNs: null });
  });

  test("keeps what is under the pointer where it is", () => {
    view.change({ endNs: 500n * S });
    const fixed = 490n * S; // a third of the width from the right edge
    zoom(navigation, 0.1, fixed);
    expect(view.state.spanNs).toBe(3e9);
    expect(view.state.endNs).toBe(fixed + S);
  });

  test("has an end on either side", () => {
    for (let step = 0; step < 100; step++) zoom(navigation, 0.5);
    expect(view.state.spanNs).toBe(MIN_SPAN_NS);
    for (let step = 0; step < 100; step++) zoom(navigation, 2);
    expect(view.state.spanNs).toBe(MAX_SPAN_NS);
  });

  test("shows exactly a stretch that was selected", () => {
    showRange(navigation, 400n * S, 402n * S);
    expect(view.state).toMatchObject({ spanNs: 2e9, endNs: 402n * S });
  });
});

describe("moving", () => {
  test("back leaves the leading edge, and forward to it follows it again", () => {
    pan(navigation, -5e9);
    expect(view.state.endNs).toBe(EDGE - 5n * S);
    pan(navigation, 2e9);
    expect(view.state.endNs).toBe(EDGE - 3n * S);
    pan(navigation, 3e9);
    expect(view.state.endNs).toBeNull();
  });

  test("ends where what is kept begins", () => {
    pan(navigation, -2_000e9);
    expect(view.state.endNs).toBe(100n * S);
  });

  test("to an instant puts it in the middle, as far as there is something to its right", () => {
    jumpTo(navigation, 400n * S);
    expect(view.state.endNs).toBe(415n * S);
    jumpTo(navigation, EDGE - S);
    expect(view.state.endNs).toBe(EDGE);
  });
});

test("pausing holds what is shown; going on follows", () => {
  togglePause(navigation);
  expect(view.state.endNs).toBe(EDGE);
  togglePause(navigation);
  expect(view.state.endNs).toBeNull();
  pan(navigation, -1e9);
  goLive(navigation);
  expect(view.state.endNs).toBeNull();
});

test.each([
  [2_349, 2_300],
  [-5, 0],
  [999_999, 180_000],
  [Number.NaN, 0],
])("a broadcast delay of %d ms becomes %d: whole tenths, up to 180 s", (wanted, delayMs) => {
  setDelay(navigation, wanted);
  expect(view.state.delayMs).toBe(delayMs);
});
