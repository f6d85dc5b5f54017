import type { Browser, CDPSession } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Origin, startOrigin } from "../../src/cli/origin.ts";
import { GUTTER_PX, GUTTER_RIGHT_PX } from "../../src/viewer/plot/frame.ts";
import { readView } from "../../src/viewer/sharing/view-link.ts";
import type { ViewState } from "../../src/viewer/view.ts";
import { type RecordedLaps, recordLaps } from "./recorded-laps.ts";
import { type Stack, startStack } from "./stack.ts";
import { startChromium, ViewerPage } from "./viewer-page.ts";

const WAIT = { timeout: 20_000, interval: 50 };
const SPAN_S = 20;
const PANES = "pane=vCar:Car,0&pane=xCar:Car,1&pane=yCar:Car,2";

let origin: Origin;
let stack: Stack;
let browser: Browser;
let laps: RecordedLaps;
let opened: Gestured[] = [];

/** As the protocol counts modifiers. */
const SHIFT = 8;

interface TouchOptions {
  readonly modifiers?: number;
  readonly end?: "touchEnd" | "touchCancel" | null;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

beforeAll(async () => {
  origin = await startOrigin();
  stack = await startStack({ RTA_ORIGIN: origin.url });
  browser = await startChromium();
  laps = await recordLaps(stack, origin, "gestures");
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await origin?.stop();
});

afterEach(async () => {
  for (const { viewer } of opened) await viewer.close();
  opened = [];
});

/** A page that hands and mice act upon, and what they have made of its view. */
class Gestured {
  readonly viewer: ViewerPage;
  readonly #touch: CDPSession;

  private constructor(viewer: ViewerPage, touch: CDPSession) {
    this.viewer = viewer;
    this.#touch = touch;
  }

  /** A window of 20 s that ends at `endS`; live without. */
  static async open(endS: number | null, panes = PANES): Promise<Gestured> {
    const viewer = await ViewerPage.open(browser, { hasTouch: true });
    const { page } = viewer;
    const gestured = new Gestured(viewer, await page.context().newCDPSession(page));
    opened.push(gestured);
    const end = endS === null ? "" : `&end=${timeAt(endS)}`;
    await page.goto(`${stack.url}/viewer/?session=gestures#v=1&span=${SPAN_S}${end}&${panes}`);
    await vi.waitFor(async () => expect(await viewer.shortestTrace()).toBeGreaterThan(50), WAIT);
    return gestured;
  }

  /** What the address says of the view, which is all there is to it. */
  view(): Partial<ViewState> {
    const read = readView(new URL(this.viewer.page.url()).hash);
    if (read.kind !== "view") throw new Error("The address has no view");
    return read.view;
  }

  /** Names of the traces in each pane, from above. */
  arranged(): string[][] {
    return this.view().panes!.map(({ traces }) => traces.map(({ parameter }) => parameter.split(":")[0]!));
  }

  /** Where the window lies on the page. */
  async window(): Promise<{ left: number; width: number; y: number }> {
    const box = (await this.viewer.page.locator(".pane canvas").first().boundingBox())!;
    const width = box.width - GUTTER_PX - GUTTER_RIGHT_PX;
    return { left: box.x + GUTTER_PX, width, y: box.y + box.height / 2 };
  }

  async center(selector: string, nth = 0): Promise<Point> {
    const { x, y, width, height } = (await this.viewer.page.locator(selector).nth(nth).boundingBox())!;
    return { x: x + width / 2, y: y + height / 2 };
  }

  async drag(from: Point, to: Point): Promise<void> {
    const { mouse } = this.viewer.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(to.x, to.y, { steps: 5 });
    await mouse.up();
  }

  /** Each finger goes from its first to its last place, all at once; `end` null: and stays down. */
  async touch(
    { modifiers = 0, end = "touchEnd" }: TouchOptions,
    ...fingers: (readonly [from: Point, to: Point])[]
  ): Promise<void> {
    const steps = 10;
    for (let step = 0; step <= steps && fingers.length > 0; step++) {
      const touchPoints = fingers.map(([from, to], id) => ({
        id,
        x: from.x + ((to.x - from.x) * step) / steps,
        y: from.y + ((to.y - from.y) * step) / steps,
      }));
      await this.#touch.send("Input.dispatchTouchEvent", {
        type: step === 0 ? "touchStart" : "touchMove",
        touchPoints,
        modifiers,
      });
    }
    if (end !== null) await this.#touch.send("Input.dispatchTouchEvent", { type: end, touchPoints: [] });
  }
}

/** Seconds after the beginning of what was recorded, ten steps each. */
const timeAt = (seconds: number) => laps.timeAt(seconds * 10);
const secondsAt = (ns: bigint | null | undefined) => Number(ns! - timeAt(0)) / 1e9;

test("[W-18] two fingers zoom around what is between them, one pans, and neither sets a cursor", async () => {
  const page = await Gestured.open(30);
  const { left, width, y } = await page.window();
  const at = (share: number) => ({ x: left + share * width, y });
  // Half way between them is second 25, three quarters of the window: it stays there.
  await page.touch({}, [at(0.7), at(0.65)], [at(0.8), at(0.85)]);
  await vi.waitFor(() => expect(page.view().spanNs! / 1e9).toBeCloseTo(SPAN_S / 2, 0), WAIT);
  const zoomed = page.view();
  expect(secondsAt(zoomed.endNs)).toBeCloseTo(25 + (0.25 * zoomed.spanNs!) / 1e9, 0);

  await page.touch({}, [at(0.4), at(0.7)]);
  await vi.waitFor(() => {
    const moved = page.view();
    expect(moved.spanNs).toBe(zoomed.spanNs);
    expect(secondsAt(zoomed.endNs) - secondsAt(moved.endNs)).toBeCloseTo((0.3 * zoomed.spanNs!) / 1e9, 0);
  }, WAIT);
  expect(page.view().cursorNs).toBeUndefined();
});

test("[W-18] two fingers on a live picture zoom, and leave it live", async () => {
  const page = await Gestured.open(null);
  const { left, width, y } = await page.window();
  const at = (share: number) => ({ x: left + share * width, y });
  await page.touch({}, [at(0.4), at(0.3)], [at(0.6), at(0.7)]);
  await vi.waitFor(() => expect(page.view().spanNs! / 1e9).toBeCloseTo(SPAN_S / 2, 0), WAIT);
  expect(page.view().endNs).toBeUndefined();
});

test("[W-18] a pane is dragged by its handle, a trace by its name: into a pane, or between two", async () => {
  const page = await Gestured.open(30);
  const within = async (pane: number, share: number) => {
    const { x, y, width, height } = (await page.viewer.page.locator(".pane").nth(pane).boundingBox())!;
    return { x: x + width / 2, y: y + share * height };
  };
  const isArranged = (panes: string[][]) => vi.waitFor(() => expect(page.arranged()).toEqual(panes), WAIT);
  await page.drag(await page.center(".pane-handle", 2), await within(0, 0.3));
  await isArranged([["yCar"], ["vCar"], ["xCar"]]);
  await page.drag(await page.center(".pane-name", 0), await within(1, 0.5));
  await isArranged([["vCar", "yCar"], ["xCar"]]);
  await page.drag(await page.center(".pane-name", 0), await within(1, 0.95));
  await isArranged([["yCar"], ["xCar"], ["vCar"]]);
  await page.touch({}, [await page.center(".pane-handle", 0), await within(2, 0.9)]);
  await isArranged([["xCar"], ["vCar"], ["yCar"]]);
  expect(secondsAt(page.view().endNs)).toBe(30);
});

test("[W-18] a drag with shift selects what is then shown", async () => {
  const page = await Gestured.open(30);
  const { left, width, y } = await page.window();
  await page.viewer.page.keyboard.down("Shift");
  await page.drag({ x: left + 0.75 * width, y }, { x: left + 0.25 * width, y });
  await page.viewer.page.keyboard.up("Shift");
  await vi.waitFor(() => expect(page.view().spanNs! / 1e9).toBeCloseTo(SPAN_S / 2, 1), WAIT);
  expect(secondsAt(page.view().endNs)).toBeCloseTo(25, 1);
  expect(await page.viewer.page.locator(".selection").isVisible()).toBe(false);
});

test("[W-18] nothing comes of a selection that the browser takes away", async () => {
  const page = await Gestured.open(30);
  const { left, width, y } = await page.window();
  const at = (share: number) => ({ x: left + share * width, y });
  const selection = page.viewer.page.locator(".selection");
  await page.touch({ modifiers: SHIFT, end: null }, [at(0.3), at(0.6)]);
  await selection.waitFor();
  await page.touch({ end: "touchCancel" });
  await selection.waitFor({ state: "hidden" });
  await page.touch({}, [at(0.4), at(0.7)]);
  await vi.waitFor(() => expect(secondsAt(page.view().endNs)).toBeCloseTo(30 - 0.3 * SPAN_S, 0), WAIT);
  expect(page.view().spanNs).toBe(SPAN_S * 1e9);
});

test("[W-18] on the value axis wheel and drag fix the scale, a double click sets it free", async () => {
  const page = await Gestured.open(30);
  const axis = await page.center(".pane-gutter");
  const { height } = (await page.viewer.page.locator(".pane-gutter").first().boundingBox())!;
  const range = () => page.view().panes![0]!.traces[0]!.range as { min: number; max: number };
  const { mouse } = page.viewer.page;
  await mouse.move(axis.x, axis.y);
  await mouse.wheel(0, -200);
  await vi.waitFor(() => expect(range()).toMatchObject({ min: expect.any(Number) }), WAIT);
  const zoomed = range();
  expect(zoomed.max).toBeGreaterThan(zoomed.min);
  await page.drag(axis, { ...axis, y: axis.y + height / 4 });
  const by = (zoomed.max - zoomed.min) / 4;
  await vi.waitFor(() => {
    expect(range().min / by).toBeCloseTo((zoomed.min + by) / by, 1);
    expect(range().max / by).toBeCloseTo((zoomed.max + by) / by, 1);
  }, WAIT);
  expect(page.view().panes![1]!.traces[0]!.range).toBeNull();
  await mouse.dblclick(axis.x, axis.y);
  await vi.waitFor(() => expect(range()).toBeNull(), WAIT);
  expect([page.view().spanNs, secondsAt(page.view().endNs)]).toEqual([SPAN_S * 1e9, 30]);
});
