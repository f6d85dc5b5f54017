import type { Browser } from "playwright-core";
import { type Figure, type PartContext, percentile } from "../part.ts";
import { type Behaviour, startBrowser, WatchedPage } from "../viewer/browser.ts";
import { PANES, TRACES_PER_PANE, viewOf } from "../viewer/scene.ts";
import { type SceneServer, serveScene } from "../viewer/scene-server.ts";

export const title =
  "Viewer page in headless Chromium, software rendering: 50 traces in 10 panes at 1600 x 1200";

const CHANNELS = PANES * TRACES_PER_PANE;
const HZ = 100;
const SPAN_S = 60;
/** 50 traces at 100 Hz over this many seconds are a million points. */
const MILLION_SPAN_S = 200;
const BURST_SAMPLES = 2_000_000;
const SHORT_BURST_SAMPLES = 400_000;
/** Long enough for 144 times as fast: the four hours pass in 100 s. */
const FAST = 144;
const HOURS = 4;

export async function run(context: PartContext): Promise<Figure[]> {
  const server = await serveScene({
    channels: CHANNELS,
    hz: HZ,
    historyS: (context.short ? SPAN_S : MILLION_SPAN_S) + 20,
  });
  const browser = await startBrowser();
  try {
    return [
      ...(await besideUplot(browser, server, SPAN_S, 60, context)),
      ...(context.short ? [] : await besideUplot(browser, server, MILLION_SPAN_S, 30, context)),
      ...(await underBurst(browser, server, context)),
      ...(context.short ? [] : await overHours(browser, server, context)),
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** The same scene in both plotters, in turn. */
async function besideUplot(
  browser: Browser,
  server: SceneServer,
  spanS: number,
  wantedFps: number,
  { short, log }: PartContext,
): Promise<Figure[]> {
  const rounds = short ? 1 : 3;
  const seconds = short ? 2 : 8;
  const points = `${(CHANNELS * HZ * spanS).toLocaleString("en")} points in view`;
  const ours: Behaviour[] = [];
  const uplots: Behaviour[] = [];
  const clicks: number[] = [];
  for (let round = 0; round < rounds; round++) {
    log(`${points}: round ${round + 1} of ${rounds}`);
    const page = await openViewer(browser, server, spanS);
    ours.push(await page.watch(seconds));
    clicks.push(...(await clickAround(page, short ? 5 : 20)));
    await page.close();
    const uplot = await WatchedPage.open(browser, `${server.uplotUrl}?hz=${HZ}&span=${spanS}`);
    await uplot.page.waitForFunction("notes.drawn > 3");
    uplots.push(await uplot.watch(seconds));
    await uplot.close();
  }
  return [
    {
      name: `${points}: pictures a second`,
      unit: "",
      values: ours.map(({ pictures }) => pictures),
      target: { atLeast: wantedFps - 1 },
      beside: { uPlot: median(uplots, "pictures"), "refreshes of the page a second": median(ours, "frames") },
    },
    {
      name: `${points}: main thread busy`,
      unit: "",
      values: ours.map(({ busy }) => busy),
      target: { atMost: 0.5 },
      beside: { uPlot: median(uplots, "busy") },
    },
    {
      name: `${points}: CPU for a picture, uPlot / ours`,
      unit: "x",
      values: ours.map((each, round) => perPicture(uplots[round]!) / perPicture(each)),
      beside: {
        "ours, ms": median(
          ours.map((each) => ({ ms: perPicture(each) })),
          "ms",
        ),
      },
    },
    {
      name: `${points}: click to picture, p99`,
      unit: "ms",
      values: [percentile(clicks, 0.99)],
      target: { atMost: 100 },
      beside: { "median, ms": percentile(clicks, 0.5), clicks: clicks.length },
    },
  ];
}

function perPicture({ cpuMs, pictures }: { readonly cpuMs: number; readonly pictures: number }): number {
  return cpuMs / pictures;
}

function median<Key extends string>(all: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return percentile(
    all.map((each) => each[key]),
    0.5,
  );
}

async function openViewer(
  browser: Browser,
  server: SceneServer,
  spanS: number,
  keepS = 1800,
): Promise<WatchedPage> {
  const url = `${server.pageUrl}&keep=${keepS}${viewOf(spanS)}`;
  const page = await WatchedPage.open(browser, url);
  await page.page.waitForSelector('#link[data-state="live"]');
  const unseen = await page.page.locator(".pane").evaluateAll((panes) => {
    const { bottom } = document.querySelector("#time-axis")!.getBoundingClientRect();
    return panes.filter((pane) => pane.getBoundingClientRect().bottom > bottom).length;
  });
  if (unseen > 0) throw new Error(`${unseen} panes are out of view, and would not be drawn`);
  await page.page.waitForTimeout(1_000);
  return page;
}

/** Pauses and goes on, again and again; how long each press took to a picture. */
async function clickAround(page: WatchedPage, presses: number): Promise<number[]> {
  await page.reset();
  for (let press = 0; press < presses; press++) {
    await page.page.click("#pause");
    await page.page.waitForTimeout(130);
  }
  // Faster ones than 16 ms are not noted.
  const { clicks } = await page.notes();
  return [...clicks, ...Array<number>(presses - clicks.length).fill(16)];
}

async function underBurst(
  browser: Browser,
  server: SceneServer,
  { short, log }: PartContext,
): Promise<Figure[]> {
  const samples = short ? SHORT_BURST_SAMPLES : BURST_SAMPLES;
  const burst = `${samples.toLocaleString("en")} samples in a burst`;
  log(burst);
  const page = await openViewer(browser, server, SPAN_S);
  await page.reset();
  const startMs = performance.now();
  await server.burst(samples / (CHANNELS * HZ));
  const sentMs = performance.now() - startMs;
  await page.page.waitForTimeout(1_500);
  const { longestGapMs, longestTaskMs } = await page.notes();
  await page.close();
  return [
    {
      name: `${burst}: longest time without a refresh`,
      unit: "ms",
      values: [longestGapMs],
      target: { atMost: 100 },
      beside: { "longest task, ms (0: below 50)": longestTaskMs, "sending, ms": sentMs },
    },
  ];
}

/** Memory of the page's process after each hour; retention is half an hour. */
async function overHours(browser: Browser, server: SceneServer, { log }: PartContext): Promise<Figure[]> {
  const page = await openViewer(browser, server, SPAN_S);
  const megabytes: number[] = [];
  server.setSpeed(FAST);
  for (let hour = 1; hour <= HOURS; hour++) {
    await page.page.waitForTimeout((3600 * 1000) / FAST);
    megabytes.push(page.residentBytes / 1e6);
    log(`hour ${hour}: ${megabytes.at(-1)?.toFixed(0)} MB`);
  }
  server.setSpeed(1);
  const { frames } = await page.watch(3);
  await page.close();
  return [
    {
      name: "memory after 4 hours / after 1, retention half an hour",
      unit: "x",
      values: [megabytes.at(-1)! / megabytes[0]!],
      target: { atMost: 1.15 },
      beside: Object.fromEntries(megabytes.map((value, index) => [`hour ${index + 1}, MB`, value])),
    },
    { name: "refreshes a second after that", unit: "", values: [frames] },
  ];
}
