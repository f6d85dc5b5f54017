import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Origin, startOrigin } from "../../src/cli/origin.ts";
import { type ProducerSession, periodicItem, timeRangeItem } from "../../src/producer/index.ts";
import { exactTimeText } from "../../src/viewer/time/time-text.ts";
import { type Stack, startStack } from "./stack.ts";
import { startChromium, ViewerPage } from "./viewer-page.ts";
import { startWireTap, type WireTap } from "./wire-tap.ts";

const WAIT = { timeout: 20_000, interval: 50 };
const INTERVAL_NS = 100_000_000n;
const PANE = "pane=alpha:app,0";

let origin: Origin;
let stack: Stack;
let tap: WireTap;
let browser: Browser;
let opened: ViewerPage[] = [];

beforeAll(async () => {
  origin = await startOrigin();
  stack = await startStack({ RTA_ORIGIN: origin.url });
  tap = await startWireTap(stack.url);
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await tap?.stop();
  await stack?.stop();
  await origin?.stop();
});

afterEach(async () => {
  for (const viewer of opened) await viewer.close();
  opened = [];
});

/** A session with one parameter, u16 at 10 Hz. */
async function newSession(identity: string): Promise<ProducerSession> {
  const bindings = [{ identifier: identity, channelOffset: 0 }];
  const text = JSON.stringify({ identity, state: "open", configBindings: bindings });
  origin.publishSession(text);
  origin.publishConfig(
    identity,
    JSON.stringify({
      app: {
        parameters: [{ id: "alpha:app", name: "alpha", unit: "V", min: 0, max: 100, channels: [0] }],
        channels: [{ id: 0, type: "u16", source: "periodic", interval: Number(INTERVAL_NS) }],
      },
    }),
  );
  const session = await stack.produce(identity, identity);
  await session.writeSessionJson(text);
  return session;
}

/** Samples number `from` to before `to` after `startNs`, each with its number as its value. */
function numbered(startNs: bigint, from: number, to: number): Uint8Array[] {
  const firstNs = startNs + BigInt(from) * INTERVAL_NS;
  const samples = Uint16Array.from({ length: to - from }, (_, index) => from + index);
  return [
    periodicItem({ channel: 0, startNs: firstNs, intervalNs: INTERVAL_NS, samples }),
    timeRangeItem(firstNs, startNs + BigInt(to - 1) * INTERVAL_NS),
  ];
}

async function open(identity: string, view: string): Promise<ViewerPage> {
  const viewer = await ViewerPage.open(browser);
  opened.push(viewer);
  await viewer.page.goto(`${tap.url}/viewer/?session=${identity}#v=1&${view}`);
  await viewer.page.locator('#link[data-state="live"]').waitFor({ timeout: WAIT.timeout });
  return viewer;
}

/** Samples that the page counts between its cursors. */
async function counted(viewer: ViewerPage): Promise<string | undefined> {
  const figures = viewer.page.locator(".readings li", { hasText: "alpha" }).locator("dd");
  return (await figures.allInnerTexts()).at(-1);
}

/** A window that stands still, with cursors at samples `from` and `to`. */
function window(startNs: bigint, from: number, to: number): string {
  const at = (sample: number) => startNs + BigInt(sample) * INTERVAL_NS;
  return `span=10&end=${at(95)}&cursor=${at(from)}&second=${at(to)}&${PANE}`;
}

const nowNs = () => BigInt(Date.now()) * 1_000_000n;

test("[W-16] a connection that is lost leaves no hole and nothing twice, though samples were written meanwhile", async () => {
  const session = await newSession("broken");
  const startNs = nowNs() - 10_000_000_000n;
  const viewer = await open("broken", window(startNs, 0, 59));
  await viewer.page.keyboard.press("2");
  await session.write(numbered(startNs, 0, 20));
  await vi.waitFor(async () => expect(await counted(viewer)).toBe("20"), WAIT);
  tap.conversation("broken").break(1011);
  await viewer.page.locator('#link[data-state="reconnecting"]').waitFor();
  await session.write(numbered(startNs, 20, 40));
  await viewer.page.locator('#link[data-state="live"]').waitFor();
  await session.write(numbered(startNs, 40, 60));
  await vi.waitFor(async () => expect(await counted(viewer)).toBe("60"), WAIT);
  expect(await viewer.page.locator("#link-lost").isVisible()).toBe(false);
});

test("[W-17] what was really lost is listed with its time, and the plot has a gap there", async () => {
  const session = await newSession("lossy");
  const startNs = nowNs() - 10_000_000_000n;
  const viewer = await open("lossy", window(startNs, 0, 59));
  await viewer.page.keyboard.press("2");
  await session.write(numbered(startNs, 0, 20));
  await vi.waitFor(async () => expect(await counted(viewer)).toBe("20"), WAIT);
  const wire = tap.conversation("lossy");
  wire.isCut = true;
  wire.break(1011);
  await viewer.page.locator('#link[data-state="reconnecting"]').waitFor();
  await session.write(numbered(startNs, 20, 40));
  await session.write(numbered(startNs, 40, 60));
  await stack.commands.xTrim("stream:lossy", "MAXLEN", 1);
  wire.isCut = false;
  await vi.waitFor(async () => expect(await counted(viewer)).toBe("40"), WAIT);
  await viewer.page.locator("#link-lost").waitFor();
  await viewer.page.click("#link summary");
  const at = (sample: number) => exactTimeText(startNs + BigInt(sample) * INTERVAL_NS).slice(0, 12);
  await vi.waitFor(async () => {
    expect(await viewer.page.locator(".losses li").allInnerTexts()).toEqual([
      `${at(19)} to ${at(40)}: lost while the connection was down: the server's buffer no longer reached back`,
    ]);
  }, WAIT);
  // The window begins with sample -5 and is a hundred samples wide.
  expect(await viewer.shortestTrace(0.06, 0.23)).toBeGreaterThan(50);
  expect(await viewer.shortestTrace(0.26, 0.44)).toBe(0);
  expect(await viewer.shortestTrace(0.46, 0.63)).toBeGreaterThan(50);
});

test("[W-17] the link is said to be stale when nothing comes, and to be catching up when what comes is old", async () => {
  const session = await newSession("silent");
  const startNs = nowNs();
  const viewer = await open("silent", `span=10&${PANE}`);
  await session.write(numbered(startNs, 0, 1));
  await viewer.page.locator('#link[data-state="stale"]').waitFor({ timeout: WAIT.timeout });
  expect(await viewer.text("#link-words")).toMatch(
    /^The connection stands, but nothing has arrived for \d+ s\. Waiting for more\.$/,
  );
  let old = 0;
  await vi.waitFor(async () => {
    await session.write(numbered(startNs, old - 600, old - 590));
    old += 10;
    expect((await viewer.text("#link-state")).toLowerCase()).toBe("catching up");
  }, WAIT);
  expect(await viewer.text("#link-words")).toBe("Older samples are coming in.");
  await vi.waitFor(async () => expect((await viewer.text("#link-state")).toLowerCase()).toBe("live"), WAIT);
});

test("[W-15] a picture that stands still stays as it is while samples come in; going on, it is live again", async () => {
  const session = await newSession("paused");
  const startNs = nowNs() - 8_000_000_000n;
  const viewer = await open("paused", `span=10&${PANE}`);
  await session.write(numbered(startNs, 0, 60));
  await vi.waitFor(async () => expect(await viewer.shortestTrace()).toBeGreaterThan(100), WAIT);
  await vi.waitFor(async () => expect((await viewer.row("alpha")).value).toBe("59"), WAIT);
  await viewer.page.click("#pause");
  expect(await viewer.text("#pause")).toBe("Go on");
  let before = 0;
  await vi.waitFor(async () => {
    const last = before;
    before = await viewer.shortestTrace();
    expect(before).toBe(last); // the picture that was on its way has come
  }, WAIT);
  await session.write(numbered(startNs, 60, 80));
  await vi.waitFor(async () => expect((await viewer.row("alpha")).value).toBe("79"), WAIT);
  // The line from the last sample now reaches the edge of the picture, which is less than an interval away.
  expect(Math.abs((await viewer.shortestTrace()) - before)).toBeLessThan(40);
  expect(await viewer.text("#position")).toBe("2 s behind");
  await viewer.page.click("#live");
  await vi.waitFor(async () => expect(await viewer.shortestTrace()).toBeGreaterThan(before + 100), WAIT);
  expect(await viewer.text("#position")).toBe("");
});

test("wheel, drag and double click move through time, down to single samples", async () => {
  const session = await newSession("moved");
  const startNs = nowNs() - 9_000_000_000n;
  const viewer = await open("moved", `span=8&end=${startNs + 9_000_000_000n}&${PANE}`);
  await session.write(numbered(startNs, 0, 90));
  await vi.waitFor(async () => expect(await viewer.shortestTrace()).toBeGreaterThan(100), WAIT);
  const plot = (await viewer.page.locator(".pane canvas").boundingBox())!;
  const [x, y] = [plot.x + plot.width / 2, plot.y + plot.height / 2];
  await viewer.page.mouse.move(x, y);
  const underPointer = async () => Number.parseInt(await viewer.text(".pane-value"), 10);
  await vi.waitFor(async () => expect(await underPointer()).toBeLessThan(80), WAIT);
  const before = await underPointer();
  for (let notch = 0; notch < 12; notch++) await viewer.page.mouse.wheel(0, -100);
  await vi.waitFor(async () => expect(await viewer.text("#span")).toMatch(/ ms$/), WAIT);
  // What is under the pointer stays there.
  await vi.waitFor(async () => expect(Math.abs((await underPointer()) - before)).toBeLessThan(2), WAIT);

  const position = await viewer.text("#position");
  await viewer.page.mouse.down();
  await viewer.page.mouse.move(x + 200, y, { steps: 4 });
  await viewer.page.mouse.up();
  await vi.waitFor(async () => expect(await viewer.text("#position")).not.toBe(position), WAIT);
  await viewer.page.mouse.dblclick(x, y);
  await vi.waitFor(async () => expect(await viewer.text("#position")).toBe(""), WAIT);
});

test("[W-14] with a broadcast delay samples are on the page, but nobody sees them before their time", async () => {
  const session = await newSession("delayed");
  const viewer = await open("delayed", `span=10&delay=2.5&${PANE}`);
  expect(await viewer.text("#live")).toBe("Live −2.5 s");
  const startNs = nowNs();
  await session.write(numbered(startNs, 0, 1));
  await vi.waitFor(() => expect(tap.conversation("delayed").received).toContain(0), WAIT);
  const seen: string[] = [];
  await vi.waitFor(async () => {
    seen.push((await viewer.row("alpha")).value);
    const ageNs = nowNs() - startNs;
    if (seen.at(-1) !== "0") throw new Error("not yet");
    expect(ageNs).toBeGreaterThanOrEqual(2_500_000_000n);
  }, WAIT);
  expect(new Set(seen.slice(0, -1))).toEqual(new Set([""]));
});
