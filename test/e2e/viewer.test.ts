import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type RunningCar, startCar } from "../../src/cli/car.ts";
import { CHANNELS } from "../../src/cli/car-channels.ts";
import { CHANNEL_OFFSET } from "../../src/cli/car-telemetry.ts";
import { type Origin, startOrigin } from "../../src/cli/origin.ts";
import { eventItem, type ProducerSession, periodicItem, timeRangeItem } from "../../src/producer/index.ts";
import { type Stack, startStack } from "./stack.ts";
import { startChromium, ViewerPage } from "./viewer-page.ts";
import { startWireTap, type WireTap } from "./wire-tap.ts";

const WAIT = { timeout: 20_000, interval: 50 };
const PHONE = { width: 390, height: 844 };

let origin: Origin;
let stack: Stack;
let tap: WireTap;
let browser: Browser;
let cleanUps: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  origin = await startOrigin();
  stack = await startStack({ RTA_ORIGIN: origin.url, RTA_LINGER__SECONDS: "1" });
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
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

async function newPage(options?: BrowserContextOptions): Promise<ViewerPage> {
  const viewer = await ViewerPage.open(browser, options);
  cleanUps.push(() => viewer.close());
  return viewer;
}

async function openViewer(identity: string, options?: BrowserContextOptions): Promise<ViewerPage> {
  const viewer = await newPage(options);
  await viewer.page.goto(`${tap.url}/viewer/?session=${encodeURIComponent(identity)}`);
  return viewer;
}

async function newCar(): Promise<RunningCar> {
  const car = await startCar({
    redisUrl: stack.redis.url,
    log: () => {},
    onSession: (json) => origin.publishSession(json),
  });
  cleanUps.push(() => car.stop());
  origin.publishConfig(car.configIdentifier, car.configJson);
  return car;
}

/** A session whose parameters are `names`, channel i being name i: u16 at 10 Hz. */
async function newSession(identity: string, names: string[], json: object = {}): Promise<ProducerSession> {
  const text = JSON.stringify({
    identity,
    state: "open",
    configBindings: [{ identifier: identity, channelOffset: 0 }],
    ...json,
  });
  origin.publishSession(text);
  origin.publishConfig(
    identity,
    JSON.stringify({
      app: {
        parameters: names.map((name, id) => ({
          id: `${name}:app`,
          name,
          desc: "",
          unit: "V",
          channels: [id],
        })),
        channels: names.map((_, id) => ({ id, type: "u16", source: "periodic", interval: 100_000_000 })),
      },
    }),
  );
  const session = await stack.produce(identity);
  await session.writeSessionJson(text);
  return session;
}

/** One sample for each of the channels, and the range that holds it. */
function samples(channels: number[], value: number): Uint8Array[] {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  return [
    ...channels.map((channel) =>
      periodicItem({ channel, startNs: nowNs, intervalNs: 100_000_000n, samples: Uint16Array.of(value) }),
    ),
    timeRangeItem(nowNs, nowNs),
  ];
}

const untilLink = (viewer: ViewerPage, state: string) =>
  viewer.page.locator(`#link[data-state="${state}"]`).waitFor({ timeout: WAIT.timeout });

test("shows a car: familiar traces that move, names, units and the state of the link", async () => {
  const car = await newCar();
  const viewer = await openViewer(car.identity);
  await untilLink(viewer, "live");
  const first = ["vCar", "rThrottle", "pBrake", "NGear", "nEngine", "aSteering"];
  await vi.waitFor(async () => expect(await viewer.plots()).toEqual(first), WAIT);
  expect(await viewer.text("#name")).toContain("Demo car");
  expect(await viewer.text("#state")).toBe("session open");

  await vi.waitFor(async () => expect(await viewer.shortestTrace()).toBeGreaterThan(20), WAIT);
  const before = await viewer.shortestTrace();
  await vi.waitFor(async () => expect(await viewer.shortestTrace()).toBeGreaterThan(before + 20), WAIT);
  const delay = /^newest sample \d\.\d s behind the clock$/;
  await vi.waitFor(async () => expect(await viewer.text("#delay")).toMatch(delay), WAIT);
  expect((await viewer.row("vCar")).unit).toBe("km/h");
  expect((await viewer.row("nEngine")).unit).toBe("rpm");
  expect(viewer.complaints).toEqual([]);
});

test("values are those that the producer wrote, to the last one", async () => {
  const car = await newCar();
  const viewer = await openViewer(car.identity);
  const other = await stack.follow(car.identity);
  other.subscribe({ allDataChannels: true });
  await untilLink(viewer, "live");
  await vi.waitFor(async () => expect((await viewer.row("vCar")).value).not.toBe(""), WAIT);
  await car.stop("truncated");
  await untilLink(viewer, "closed");
  await other.closed;

  const last = (name: string) => {
    const index = CHANNELS.findIndex((channel) => channel.name === name);
    const runs = other.items.flatMap(({ periodicData: run }) =>
      run?.channelId === index + CHANNEL_OFFSET ? [Buffer.from(run.buffer!)] : [],
    );
    return { bytes: runs.at(-1)!, channel: CHANNELS[index]! };
  };
  const speed = last("vCar").bytes;
  const shown = async (name: string) => {
    await viewer.page.fill("#search", `name:${name}`);
    return (await viewer.row(name)).value;
  };
  await vi.waitFor(
    async () => expect(await shown("vCar")).toBe(speed.readDoubleLE(speed.length - 8).toFixed(2)),
    WAIT,
  );
  const brake = last("pBrake").bytes;
  expect(await shown("pBrake")).toBe(brake.readFloatLE(brake.length - 4).toFixed(1));
  const engine = last("nEngine").bytes;
  expect(await shown("nEngine")).toBe((engine.readUInt16LE(engine.length - 2) * 0.25).toFixed(0));
  const gear = last("NGear").bytes;
  expect(await shown("NGear")).toBe("N12345678"[gear.at(-1)!]);
  expect(await viewer.text("#state")).toBe("session truncated");
  expect(await viewer.text("#link-words")).toBe("The session has ended; no more data will come.");
  expect(viewer.complaints).toEqual([]);
});

test("[L-06] subscribes to what is shown and nothing else, however many parameters there are", async () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `p${String(index).padStart(5, "0")}`);
  const session = await newSession("many", names);
  const viewer = await openViewer("many");
  const wire = tap.conversation("many");
  await untilLink(viewer, "live");
  await vi.waitFor(() => expect(wire.subscribed.size).toBeGreaterThan(10), WAIT);
  expect(await viewer.plots()).toEqual(["p00000", "p00001", "p00002", "p00003"]);
  expect(await viewer.text("#count")).toBe("20000");
  const atFirst = wire.subscribed.size;
  expect(atFirst).toBeLessThan(40);
  expect(await viewer.page.locator(".row").count()).toBeLessThan(40);

  await session.write(samples([0, 5, 9_999, 19_999], 7));
  await vi.waitFor(async () => expect((await viewer.row("p00005")).value).toBe("7"), WAIT);
  expect([...wire.received].sort((a, b) => a - b)).toEqual([0, 5]);

  await viewer.page
    .locator("#panel-parameters .rows")
    .evaluate((rows) => rows.scrollTo(0, rows.scrollHeight));
  await vi.waitFor(() => expect(wire.subscribed).toContain(19_999), WAIT);
  expect(wire.subscribed.size).toBeLessThan(2 * atFirst + 5);

  await viewer.page.fill("#search", "p09999 v");
  await vi.waitFor(() => expect(wire.subscribed).toContain(9_999), WAIT);
  expect(await viewer.text("#count")).toBe("1 of 20000");
  await session.write(samples([9_999], 8));
  await vi.waitFor(async () => expect(await viewer.row("p09999")).toEqual({ value: "8", unit: "V" }), WAIT);

  expect(wire.requests.some(({ allDataChannels }) => allDataChannels)).toBe(false);
  const asked = wire.requests.flatMap(({ channelIds }) => channelIds);
  expect(asked).toHaveLength(new Set(asked).size);
  expect(viewer.complaints).toEqual([]);
});

test("a click on a row adds its trace, another one removes it", async () => {
  await newSession("click", ["alpha", "beta", "gamma", "delta", "epsilon"]);
  const viewer = await openViewer("click");
  const row = viewer.page.getByRole("option", { name: /^epsilon/ });
  await row.click();
  expect(await viewer.plots()).toEqual(["alpha", "beta", "gamma", "delta", "epsilon"]);
  expect(await row.getAttribute("aria-selected")).toBe("true");
  await viewer.page.keyboard.press("k");
  expect(await viewer.text("#notice")).toBe(
    "This session has no distance parameter that is known by its name.",
  );
  expect(await viewer.page.locator("#stack").isVisible()).toBe(true);
  await row.click();
  await viewer.page.getByRole("button", { name: "Remove beta from the plots" }).click();
  expect(await viewer.plots()).toEqual(["alpha", "gamma", "delta"]);
});

test("without a configuration channels are listed by number, and data is never markup", async () => {
  const hostile = '<img src="x" onerror="alert(1)">';
  const session = await newSession("plain", [], { configBindings: null, identifier: hostile });
  const viewer = await openViewer("plain");
  await untilLink(viewer, "live");
  const startNs = BigInt(Date.now()) * 1_000_000n;
  await session.write([
    periodicItem({ channel: 42, startNs, intervalNs: 1n, samples: Float64Array.of(1.5) }),
    eventItem({ definition: 431, app: hostile, timestampNs: startNs, text: hostile }),
  ]);
  await vi.waitFor(async () => expect((await viewer.row("channel 42")).value).toBe("1.5"), WAIT);
  expect(await viewer.plots()).toEqual(["channel 42"]);
  expect(await viewer.text("#guessed")).toContain("listed by number");
  expect(await viewer.text("#name")).toBe(hostile);
  await viewer.page.keyboard.press("4");
  const event = viewer.page.locator("event-row");
  expect(await event.getAttribute("title")).toMatch(/^\d\d:\d\d:\d\d\.\d{9} · /);
  expect(await event.innerText()).toContain(`01AF:${hostile}`);
  expect(await viewer.page.locator("img").count()).toBe(0);
  expect(viewer.complaints).toEqual([]);
});

test("[L-01] [L-02] a session that does not exist is said to be missing, and followed once it is there", async () => {
  const viewer = await openViewer("later");
  await untilLink(viewer, "unavailable");
  expect(await viewer.text("#link-words")).toMatch(
    /^There is no session with this identity\. Trying again (in \d+ s|now)\.$/,
  );
  await newSession("later", ["alpha"]);
  await untilLink(viewer, "live");
  expect(await viewer.plots()).toEqual(["alpha"]);
});

test("a connection that breaks is said to be broken, and everything shown is subscribed again", async () => {
  const session = await newSession("break", ["alpha", "beta"]);
  const viewer = await newPage();
  await viewer.page.goto(`${tap.url}/viewer/?session=break`);
  await untilLink(viewer, "live");
  tap.conversation("break").break(1011);
  await untilLink(viewer, "reconnecting");
  expect(await viewer.text("#link-words")).toMatch(
    /^The server cannot read its data at the moment\. Trying again/,
  );
  await untilLink(viewer, "live");
  await session.write(samples([1], 3));
  await vi.waitFor(async () => expect((await viewer.row("beta")).value).toBe("3"), WAIT);
});

test("a browser without WebSocket is told so", async () => {
  await newSession("old", ["alpha"]);
  const viewer = await newPage();
  await viewer.withoutWebSocket();
  await viewer.page.goto(`${tap.url}/viewer/?session=old`);
  await untilLink(viewer, "closed");
  expect(await viewer.text("#link-words")).toBe("This browser has no WebSocket, which live data needs.");
});

test("without a session: a list of those that REST has, and a form for any identity", async () => {
  await newSession("a b/c%?", ["alpha"], { identifier: "Shakedown" });
  const viewer = await newPage();
  await viewer.page.goto(`${tap.url}/viewer/`);
  await viewer.page.getByRole("link", { name: "Shakedown" }).click();
  await untilLink(viewer, "live");
  await viewer.page.getByRole("link", { name: "Slipstream" }).click();
  await viewer.page.getByLabel("Session identity").fill("a b/c%?");
  await viewer.page.getByRole("button", { name: "Follow" }).click();
  await untilLink(viewer, "live");
  expect(await viewer.text("#session-identity")).toBe("a b/c%?");
  expect(viewer.complaints).toEqual([]);
});

test("the page comes with a policy that lets it run its own script and style, and nothing else", async () => {
  const response = await fetch(`${tap.url}/viewer/`);
  expect(response.headers.get("content-security-policy")).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
      "base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  );
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("referrer-policy")).toBe("no-referrer");
  expect(await response.text()).not.toMatch(/<style| style=|<script>|\son\w+=/);
});

test.each([
  ["dark", { colorScheme: "dark" }],
  ["light", { colorScheme: "light" }],
  ["phone", { colorScheme: "dark", viewport: PHONE }],
] as const)("fits its window without scrolling sideways: %s", async (name, options) => {
  const car = await newCar();
  const viewer = await openViewer(car.identity, options);
  await vi.waitFor(async () => expect(await viewer.shortestTrace()).toBeGreaterThan(50), WAIT);
  const overflow = await viewer.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
  await viewer.screenshot(`viewer-${name}`);
  expect(viewer.complaints).toEqual([]);
});
