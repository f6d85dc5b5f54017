import { readFile } from "node:fs/promises";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Download } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Origin, startOrigin } from "../../src/cli/origin.ts";
import { bindingsOf } from "../../src/viewer/panels/keys.ts";
import { GUTTER_PX, GUTTER_RIGHT_PX } from "../../src/viewer/plot/frame.ts";
import { HOSTILE, type RecordedLaps, recordLaps } from "./recorded-laps.ts";
import { type Stack, startStack } from "./stack.ts";
import { startChromium, ViewerPage } from "./viewer-page.ts";

const WAIT = { timeout: 20_000, interval: 50 };
const DESKTOP = { width: 1280, height: 800 };

let origin: Origin;
let stack: Stack;
let browser: Browser;
let laps: RecordedLaps;
let opened: ViewerPage[] = [];

beforeAll(async () => {
  origin = await startOrigin();
  stack = await startStack({ RTA_ORIGIN: origin.url });
  browser = await startChromium();
  laps = await recordLaps(stack, origin, "recorded");
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await origin?.stop();
});

afterEach(async () => {
  for (const viewer of opened) await viewer.close();
  opened = [];
});

async function newPage(options?: BrowserContextOptions): Promise<ViewerPage> {
  const viewer = await ViewerPage.open(browser, options);
  opened.push(viewer);
  return viewer;
}

/** The recorded session with this view, once all that the view asks for has come. */
async function open(view: string, options?: BrowserContextOptions): Promise<ViewerPage> {
  const viewer = await newPage(options);
  await viewer.page.goto(`${stack.url}/viewer/?session=recorded#v=1&${view}`);
  await vi.waitFor(async () => expect(await viewer.text("#name")).toContain("Test day"), WAIT);
  return viewer;
}

/** Panes, and a window of 40 s that ends with the second lap. */
const view = (more: string) => `span=40&end=${laps.timeAt(400)}&${more}`;
const fragmentOf = ({ page }: ViewerPage) => new URL(page.url()).hash;
const press = (viewer: ViewerPage, key: string) => viewer.page.keyboard.press(key);

/** Pixels of a PNG that are nearly of a colour, counted by a page that may load it. */
async function pixelsLike(png: Buffer, color: readonly number[]): Promise<number> {
  const { page } = await newPage();
  return page.evaluate(
    async ({ data, color }) => {
      const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
      const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d")!;
      context.drawImage(picture, 0, 0);
      const pixels = context.getImageData(0, 0, picture.width, picture.height).data;
      let count = 0;
      for (let at = 0; at < pixels.length; at += 4) {
        const off = color.reduce((sum, part, index) => sum + Math.abs(part - pixels[at + index]!), 0);
        if (off < 60) count++;
      }
      return count;
    },
    { data: png.toString("base64"), color },
  );
}

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), "utf8");
}

describe("reading", () => {
  test("[W-02] values at the cursors and what is between them are those that were written", async () => {
    const pane = "pane=vCar:Car,0&pane=NGear:Car,1";
    const viewer = await open(view(`cursor=${laps.timeAt(100)}&second=${laps.timeAt(300)}&${pane}`));
    await press(viewer, "2");
    const row = viewer.page.locator(".readings li", { hasText: "vCar" });
    const written = laps.speeds.subarray(100, 301);
    const mean = written.reduce((sum, value) => sum + value, 0) / written.length;
    const variance = written.reduce((sum, value) => sum + (value - mean) ** 2, 0) / written.length;
    await vi.waitFor(
      async () =>
        expect(await row.locator(".row-value").first().innerText()).toBe(laps.speeds[100]!.toFixed(2)),
      WAIT,
    );
    expect(await row.locator(".second").innerText()).toBe(laps.speeds[300]!.toFixed(2));
    expect(await row.locator(".row-unit").innerText()).toBe("km/h");
    const figures = await row.locator("dd").allInnerTexts();
    const [first, last] = [laps.speeds[100]!, laps.speeds[300]!];
    expect(figures).toEqual([
      `${last > first ? "+" : ""}${(last - first).toFixed(2)}`,
      Math.min(...written).toFixed(2),
      Math.max(...written).toFixed(2),
      mean.toFixed(3),
      Math.sqrt(variance).toFixed(3),
      "201",
    ]);
    expect(await viewer.text(".reading-head")).toContain("Δt +20.000 s");
    const gear = viewer.page.locator(".readings li", { hasText: "NGear" });
    expect(await gear.locator(".row-value").first().innerText()).toBe("third");
    expect(viewer.complaints).toEqual([]);
  });

  test("[W-04] laps have their times, and choosing one shows it", async () => {
    const viewer = await open("pane=vCar:Car,0");
    await press(viewer, "3");
    const rows = viewer.page.locator(".laps tbody tr");
    await vi.waitFor(async () => expect(await rows.count()).toBe(3), WAIT);
    const told = (await rows.allInnerTexts()).map((text) => text.trim().split(/\s*\t\s*/));
    expect(told.slice(1)).toEqual([
      ["Lap 2", "0:18.750", "fastest"],
      ["Lap 1", "0:20.000", "+1.250"],
    ]);
    expect(told[0]![0]).toBe("Lap 3");
    await viewer.page.getByRole("button", { name: "Lap 2" }).click();
    await vi.waitFor(
      () => expect(fragmentOf(viewer)).toContain(`span=18.75&end=${laps.timeAt(387.5)}`),
      WAIT,
    );
  });

  test("[W-03] nothing is told before its time: a delay holds back events", async () => {
    const { timeAt, identity } = await recordLaps(stack, origin, "delayed");
    const delayMs = 50_000;
    const viewer = await newPage();
    await viewer.page.goto(
      `${stack.url}/viewer/?session=${identity}#v=1&delay=${delayMs / 1000}&pane=vCar:Car,0`,
    );
    const dueMs = Number(timeAt(200) / 1_000_000n) + delayMs;
    await press(viewer, "4");
    await viewer.page.locator("event-row", { hasText: "Gear change" }).waitFor({ timeout: WAIT.timeout });
    await viewer.page.locator("event-row", { hasText: "Lap 2" }).waitFor({ timeout: WAIT.timeout });
    expect(Date.now()).toBeGreaterThanOrEqual(dueMs);
  });

  test("events say what and how important, and choosing one takes the cursor there", async () => {
    const viewer = await open(view("pane=vCar:Car,0"));
    await press(viewer, "4");
    const events = viewer.page.locator("event-row");
    await vi.waitFor(async () => expect(await events.count()).toBe(3), WAIT);
    expect(
      await events.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.priority)),
    ).toEqual([...["high", "high", "low"]]);
    expect(await events.last().innerText()).toMatch(/0001:Car Gear change\s+third, fourth/);
    await viewer.page.getByLabel("Search events").fill("gear");
    await vi.waitFor(async () => expect(await events.count()).toBe(1), WAIT);
    await events.first().click();
    await vi.waitFor(() => expect(fragmentOf(viewer)).toContain(`cursor=${laps.timeAt(50)}`), WAIT);
    await press(viewer, "Escape");
    await viewer.page.locator("#name").click();
    await press(viewer, "c");
    for (const [key, step] of [
      ["p", 50],
      ["n", 200],
    ] as const) {
      await press(viewer, key);
      await vi.waitFor(() => expect(fragmentOf(viewer)).toContain(`cursor=${laps.timeAt(step)}`), WAIT);
    }
  });

  test("the lane shows events where they happened, says what they are, and takes the cursor there", async () => {
    const viewer = await open(view("pane=vCar:Car,0"));
    const lane = viewer.page.locator("#lane canvas");
    const box = (await lane.boundingBox())!;
    const share = 200 / 400;
    const x = GUTTER_PX + share * (box.width - GUTTER_PX - GUTTER_RIGHT_PX);
    await vi.waitFor(async () => {
      await lane.hover({ position: { x: x - 3, y: 15 } });
      await lane.hover({ position: { x, y: 15 } });
      expect(await viewer.text(".lane-tip")).toBe(`0003:Car Lap start Lap 2 ${HOSTILE}`);
    }, WAIT);
    await lane.click({ position: { x, y: 15 } });
    await vi.waitFor(() => expect(fragmentOf(viewer)).toContain(`cursor=${laps.timeAt(200)}`), WAIT);
  });

  test("[W-05] laps lie over one another in distance, with the time between them at the cursor", async () => {
    const both = `laps=${laps.timeAt(0)}+${laps.timeAt(200)}`;
    const viewer = await open(view(`axis=distance&${both}&cursor=${laps.timeAt(100)}&pane=vCar:Car,0`));
    const legend = viewer.page.locator(".lap-legend .lap");
    await vi.waitFor(async () => expect(await legend.count()).toBe(2), WAIT);
    // Half way round, the second lap is half of 1.25 s ahead.
    await vi.waitFor(async () => expect(await legend.last().innerText()).toMatch(/Δ -0\.62[45] s/), WAIT);
    expect(await viewer.text(".lap-legend .place")).toBe("500 m");
    expect(await viewer.page.locator("#stack").isVisible()).toBe(false);
    await viewer.page.locator("#distance canvas").hover();
    await viewer.page.mouse.wheel(0, -600);
    await vi.waitFor(() => expect(fragmentOf(viewer)).toMatch(/distance=\d+[.\d]*,\d+/), WAIT);
    await press(viewer, "k");
    expect(await viewer.page.locator("#stack").isVisible()).toBe(true);
    expect(viewer.complaints).toEqual([]);
  });

  test("the track map shows where the car was", async () => {
    const viewer = await open(view(`cursor=${laps.timeAt(100)}&pane=vCar:Car,0`));
    const colored = () =>
      viewer.page.locator(".map canvas").evaluate((canvas: HTMLCanvasElement) => {
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
        return data.filter((value, index) => index % 4 === 3 && value > 0).length;
      });
    await vi.waitFor(async () => expect(await colored()).toBeGreaterThan(500), WAIT);
    await press(viewer, "m");
    expect(await viewer.page.locator(".map").isVisible()).toBe(false);
  });
});

describe("sharing", () => {
  test("[W-01] a link shows exactly what was seen, in another browser", async () => {
    const viewer = await open(view("pane=vCar:Car,0,fit+TWater:Car,2!shared&pane=xCar:Car,1,-500,500!2"));
    await press(viewer, "]");
    await press(viewer, "c");
    await press(viewer, "+");
    await vi.waitFor(() => expect(fragmentOf(viewer)).toMatch(/span=32&.*delay=0\.1&cursor=\d+/), WAIT);
    const link = viewer.page.url();
    const other = await newPage();
    await other.page.goto(link);
    await vi.waitFor(async () => expect(await other.plots()).toEqual(["vCar", "TWater", "xCar"]), WAIT);
    await press(other, "t");
    await vi.waitFor(() => expect(other.page.url()).toBe(link), WAIT);
    expect(await other.page.inputValue("#broadcast-delay")).toBe("0.1");
    expect(other.complaints).toEqual([]);
  });

  test("[W-01] a link that is damaged is said to be, and does no harm", async () => {
    const viewer = await open("delay=999&pane=vCar:Car,0");
    expect(await viewer.text("#notice")).toBe(
      "The view in this link cannot be shown: its delay is not a number that can be.",
    );
    await vi.waitFor(async () => expect((await viewer.plots()).length).toBeGreaterThan(0), WAIT);
  });

  test("[W-10] the layout is there again at the next visit", async () => {
    const viewer = await open("pane=TWater:Car,5!2&span=12");
    await vi.waitFor(async () => expect(await viewer.plots()).toEqual(["TWater"]), WAIT);
    await press(viewer, "3");
    await press(viewer, "t");
    await vi.waitFor(
      async () =>
        expect(await viewer.page.evaluate(() => localStorage.getItem("slipstream-layouts"))).toContain(
          "TWater",
        ),
      WAIT,
    );
    await viewer.page.goto(`${stack.url}/viewer/`);
    await viewer.page.goto(`${stack.url}/viewer/?session=recorded`);
    await vi.waitFor(async () => expect(await viewer.plots()).toEqual(["TWater"]), WAIT);
    expect(await viewer.page.getByRole("tab", { name: "Laps" }).getAttribute("aria-selected")).toBe("true");
    await vi.waitFor(() => expect(fragmentOf(viewer)).toContain("span=12&pane=TWater:Car,5!2"), WAIT);
    expect(await viewer.page.evaluate(() => document.documentElement.style.colorScheme)).toBe("dark");
  });

  test("[W-06] CSV has every sample in view, and says where some are missing", async () => {
    const viewer = await open(
      `span=10&end=${laps.timeAt(360)}&pane=vCar:Car,0+TWater:Car,1&pane=NGear:Car,2`,
    );
    await vi.waitFor(
      async () => expect(await viewer.page.locator(".pane-value").first().innerText()).toContain("km/h"),
      WAIT,
    );
    const download = viewer.page.waitForEvent("download");
    await press(viewer, "e");
    const lines = (await textOf(await download))
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
    expect(lines[0]).toEqual(["time", "seconds", "vCar [km/h]", "TWater [°C]", "NGear"]);
    const samples = lines.slice(1).filter(([, , speed]) => speed !== "");
    expect(samples.map(([, , speed]) => Number(speed))).toEqual([...laps.speeds.subarray(260, 361)]);
    expect(samples.map(([, , , , gear]) => gear)).toContain("fourth");
    const water = lines.slice(1).map(([, , , value]) => value);
    expect(water.filter((value) => value === "gap")).toHaveLength(1);
    expect(water.filter((value) => value !== "" && value !== "gap")).toHaveLength(40 + 11);
    expect(lines[1]![0]).toBe(
      `${new Date(Number(laps.timeAt(260) / 1_000_000n)).toISOString().slice(0, -1)}000000Z`,
    );
  });

  test("PNG has the panes in it", async () => {
    const viewer = await open(view("pane=vCar:Car,0,fit"), { colorScheme: "dark" });
    await vi.waitFor(async () => expect(await viewer.shortestTrace()).toBeGreaterThan(200), WAIT);
    const download = viewer.page.waitForEvent("download");
    await press(viewer, "i");
    const bytes = await readFile(await (await download).path());
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    const box = await viewer.page.locator("#stack").boundingBox();
    expect([width, height]).toEqual([Math.round(box!.width), Math.round(box!.height + 26)]);
    expect(await pixelsLike(bytes, [0x4d, 0xb2, 0xff])).toBeGreaterThan(200);
  });
});

describe("for people", () => {
  test("[W-09] the help sheet has every key, opens and closes by keys, and holds them meanwhile", async () => {
    const viewer = await open(view("pane=vCar:Car,0"));
    await press(viewer, "?");
    const sheet = viewer.page.getByRole("dialog", { name: "Keys and gestures" });
    await sheet.waitFor();
    const shown = await sheet.locator("kbd").count();
    expect(shown).toBeGreaterThanOrEqual([...bindingsOf().keys()].filter((key) => !key.endsWith("=")).length);
    await press(viewer, "k");
    await press(viewer, "Escape");
    await sheet.waitFor({ state: "hidden" });
    expect(await viewer.page.locator("#stack").isVisible()).toBe(true);
  });

  test("typing in a field is no command", async () => {
    const viewer = await open(view("pane=vCar:Car,0"));
    await press(viewer, "1");
    await press(viewer, "/");
    await viewer.page.keyboard.type("km/h");
    expect(await viewer.page.inputValue("#search")).toBe("km/h");
    await vi.waitFor(async () => expect(await viewer.text("#count")).toBe("1 of 6"), WAIT);
    await press(viewer, "Enter");
    await press(viewer, "Enter");
    await vi.waitFor(async () => expect(await viewer.plots()).toEqual([]), WAIT);
  });

  test("[W-19] keys that are single characters can be turned off, and stay so", async () => {
    const viewer = await open(view("pane=vCar:Car,0"));
    await press(viewer, "?");
    await viewer.page.getByLabel("Letters, digits and signs").uncheck();
    await press(viewer, "Escape");
    await viewer.page.reload();
    await viewer.page.locator(".row-value:not(:empty)").first().waitFor();
    for (const key of ["k", "Shift+j", "?"]) await press(viewer, key);
    expect(await viewer.page.locator("#stack").isVisible()).toBe(true);
    expect(await viewer.page.locator("dialog[open], .pane:focus").count()).toBe(0);
    await press(viewer, "Alt+-");
    await vi.waitFor(() => expect(fragmentOf(viewer)).toContain("pane=vCar:Car,0!0.8"), WAIT);
    await viewer.page.getByRole("button", { name: "Keys" }).click();
    await viewer.page.getByLabel("Letters, digits and signs").check();
    await press(viewer, "Escape");
    await press(viewer, "k");
    expect(await viewer.page.locator("#stack").isVisible()).toBe(false);
  });

  test("[W-09] the range of a pane is set in numbers, one that is empty is not taken", async () => {
    const viewer = await open(view("pane=vCar:Car,0&pane=xCar:Car,1"));
    await vi.waitFor(async () => expect(await viewer.shortestTrace()).toBeGreaterThan(50), WAIT);
    for (const key of ["j", "j", "r"]) await press(viewer, key);
    expect(await viewer.page.getByLabel("From", { exact: true }).inputValue()).toMatch(/^-4\d\d$/);
    const type = (keys: string) => viewer.page.keyboard.type(keys);
    await press(viewer, "ControlOrMeta+a");
    await type("100");
    await press(viewer, "Tab");
    await type("-12.5");
    await press(viewer, "Enter");
    expect(await viewer.page.getByRole("dialog").isVisible()).toBe(true);
    await press(viewer, "ControlOrMeta+a");
    await type("312.5");
    await press(viewer, "Enter");
    await vi.waitFor(
      () => expect(fragmentOf(viewer)).toMatch(/pane=vCar:Car,0&pane=xCar:Car,1,100,312\.5$/),
      WAIT,
    );
    await press(viewer, "r");
    await viewer.page.getByRole("button", { name: "Free" }).press("Enter");
    await vi.waitFor(() => expect(fragmentOf(viewer)).toMatch(/pane=xCar:Car,1$/), WAIT);
  });

  test("how long samples are kept is chosen beside the memory that they take, and what is seen stays", async () => {
    const viewer = await open(view("pane=vCar:Car,0"));
    await viewer.page.click("#link summary");
    await viewer.page.getByLabel(/^Samples are kept for/).selectOption("an hour");
    await vi.waitFor(() => expect(new URL(viewer.page.url()).searchParams.get("keep")).toBe("3600"), WAIT);
    expect(fragmentOf(viewer)).toContain(`end=${laps.timeAt(400)}`);
    await vi.waitFor(async () => expect(await viewer.shortestTrace()).toBeGreaterThan(50), WAIT);
    await viewer.page.click("#link summary");
    expect(await viewer.page.getByLabel(/^Samples are kept for/).inputValue()).toBe("3600");
  });

  test("panes are arranged by keys", async () => {
    const viewer = await open(view("pane=vCar:Car,0&pane=xCar:Car,1&pane=yCar:Car,2"));
    await vi.waitFor(async () => expect(await viewer.plots()).toEqual(["vCar", "xCar", "yCar"]), WAIT);
    for (const key of ["j", "j", "Alt+ArrowUp"]) await press(viewer, key);
    expect(await viewer.plots()).toEqual(["xCar", "vCar", "yCar"]);
    for (const key of ["j", "g"]) await press(viewer, key);
    expect(await viewer.page.locator(".pane").count()).toBe(2);
    await press(viewer, "Delete");
    expect(await viewer.page.locator(".pane").count()).toBe(1);
  });

  test.each([
    ["session", "?session=recorded#v=1&span=40&pane=vCar:Car,0&pane=NGear:Car,1", ".row-value:not(:empty)"],
    ["start", "", "#sessions a"],
  ] as const)(
    "nothing that axe finds stands in anybody's way, dark or light: %s",
    async (_title, path, shown) => {
      const viewer = await newPage({ viewport: DESKTOP });
      await viewer.page.goto(`${stack.url}/viewer/${path}`);
      await viewer.page.locator(shown).first().waitFor();
      await viewer.page.evaluate(axe.source);
      for (const colorScheme of ["dark", "light"] as const) {
        await viewer.page.emulateMedia({ colorScheme });
        const violations = await viewer.page.evaluate(async () => {
          const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
        });
        expect(violations).toEqual([]);
      }
    },
  );

  test.each([
    ["portrait", { width: 390, height: 844 }],
    ["landscape", { width: 844, height: 390 }],
  ] as const)("fits a phone, %s: nothing is cut off", async (name, viewport) => {
    const panes = ["vCar", "xCar", "yCar", "sLap", "NGear", "TWater"].map(
      (id, color) => `pane=${id}:Car,${color}`,
    );
    const viewer = await open(view(`delay=12.5&${panes.join("&")}`), {
      ...{ viewport, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
    });
    await viewer.page.locator(".row-value:not(:empty)").first().waitFor();
    await vi.waitFor(async () => expect(await viewer.text("#position")).toMatch(/behind/), WAIT);
    await viewer.screenshot(`viewer-panels-${name}`);
    const { wide, tall, uncovered, cut } = await viewer.page.evaluate(() => {
      const box = (each: Element) => each.getBoundingClientRect();
      const of = (selector: string) => [...document.querySelectorAll(selector)];
      const bar = box(of(".time-bar")[0]!);
      const axis = box(of("#time-axis")[0]!);
      return {
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        tall: box(of("#stack")[0]!).height,
        uncovered: box(of("#plots")[0]!).height - box(of("#over")[0]!).height,
        cut: [
          ...of(".time-bar *").filter((each) => box(each).right > bar.right || box(each).left < bar.left),
          ...of(".pane").filter((each) => box(each).top < axis.top - 2 && box(each).bottom > axis.top + 2),
        ].map((each) => each.outerHTML.slice(0, 80)),
      };
    });
    expect(cut).toEqual([]);
    expect(uncovered).toBe(0);
    expect(wide).toBe(0);
    expect(tall).toBeGreaterThan(viewport.height / 2);
    expect(viewer.complaints).toEqual([]);
  });
});

describe("safe", () => {
  test("[W-08] what comes from a session is never markup, and nothing comes from elsewhere", async () => {
    const viewer = await newPage();
    const asked = new Set<string>();
    viewer.page.on("request", (request) => asked.add(new URL(request.url()).origin));
    await viewer.page.goto(`${stack.url}/viewer/?session=recorded#v=1&span=40&pane=TWater:Car,0`);
    await vi.waitFor(async () => expect(await viewer.text("#name")).toContain("<img src=x"), WAIT);
    for (const key of ["1", "2", "3", "4", "k"]) await press(viewer, key);
    await viewer.page.goto(`${stack.url}/viewer/`);
    await viewer.page.locator("#sessions a", { hasText: "<img" }).first().waitFor();
    expect(await viewer.page.locator("img").count()).toBe(0);
    expect([...asked]).toEqual([stack.url]);
    expect(viewer.complaints).toEqual([]);
  });
});

describe("without a session", () => {
  test("live sessions come first, and are found by any words", async () => {
    const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
    const publish = (identity: string, state: string, hoursAgo: number) =>
      origin.publishSession(
        JSON.stringify({ identity, identifier: identity, state, timestamp: at(hoursAgo) }),
      );
    publish("ended lately", "closed", 0);
    publish("alive for long", "open", 5);
    publish("yet to come", "waiting", 1);
    const viewer = await newPage();
    await viewer.page.goto(`${stack.url}/viewer/`);
    const names = () => viewer.page.locator(".session-name").allInnerTexts();
    await vi.waitFor(async () => expect(await names()).toContain("ended lately"), WAIT);
    expect((await names()).slice(-3)).toEqual(["alive for long", "yet to come", "ended lately"]);
    expect(await viewer.page.locator("#sessions").innerText()).toContain("started 5 h ago");
    await viewer.page.getByLabel("Search sessions").fill("alive open");
    expect(await names()).toEqual(["alive for long"]);
  });

  test("a list that cannot be had is said to be, and asked for again", async () => {
    const viewer = await newPage();
    await viewer.page.clock.install();
    await viewer.page.route("**/rta/v2/sessions", (route) => route.abort());
    await viewer.page.goto(`${stack.url}/viewer/`);
    await vi.waitFor(
      async () =>
        expect(await viewer.text("#sessions-note")).toBe(
          "The list of sessions cannot be had at the moment (no connection). Asking again every 10 s.",
        ),
      WAIT,
    );
    await viewer.page.unroute("**/rta/v2/sessions");
    await viewer.page.clock.fastForward(10_000);
    await viewer.page.locator(".session-name").first().waitFor();
    expect(await viewer.text("#sessions-note")).toBe("");
  });
});
