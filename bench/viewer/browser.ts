import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { cpuMs, residentBytes } from "../stage/process.ts";

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a page did in a while. */
export interface Behaviour {
  /** Pictures a second, as the plotter says that it has drawn. */
  readonly pictures: number;
  /** Refreshes a second that the main thread took part in. */
  readonly frames: number;
  /** Share of the time that the main thread was busy. */
  readonly busy: number;
  /** Milliseconds of CPU a second, of all threads of the page: its worker and its drawing included. */
  readonly cpuMs: number;
  /** The longest time without a refresh, and the longest task, ms. */
  readonly longestGapMs: number;
  readonly longestTaskMs: number;
}

/** What the page notes for the bench. */
interface Notes {
  drawn: number;
  frames: number;
  longestGapMs: number;
  longestTaskMs: number;
  clicks: number[];
}

/** A browser that draws in software, for there may be no GPU. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });
}

/** A page under watch. Nothing of the page itself is changed: workers and marks are listened to. */
export class WatchedPage {
  readonly page: Page;
  readonly #protocol: CDPSession;

  private constructor(page: Page, protocol: CDPSession) {
    this.page = page;
    this.#protocol = protocol;
  }

  static async open(browser: Browser, url: string): Promise<WatchedPage> {
    const context = await browser.newContext({ viewport: { width: 1600, height: 1200 } });
    const page = await context.newPage();
    await page.addInitScript(takeNotes);
    await page.goto(url);
    const protocol = await context.newCDPSession(page);
    await protocol.send("Performance.enable");
    return new WatchedPage(page, protocol);
  }

  async watch(seconds: number): Promise<Behaviour> {
    await this.page.evaluate("resetNotes()");
    const [busy, cpu, startMs] = [await this.#busySeconds(), renderersCpuMs(), performance.now()];
    await sleep(1000 * seconds);
    const tookS = (performance.now() - startMs) / 1000;
    const busyS = (await this.#busySeconds()) - busy;
    const used = renderersCpuMs() - cpu;
    const notes = await this.notes();
    return {
      pictures: notes.drawn / tookS,
      frames: notes.frames / tookS,
      busy: busyS / tookS,
      cpuMs: used / tookS,
      longestGapMs: notes.longestGapMs,
      longestTaskMs: notes.longestTaskMs,
    };
  }

  notes(): Promise<Notes> {
    return this.page.evaluate("notes");
  }

  reset(): Promise<unknown> {
    return this.page.evaluate("resetNotes()");
  }

  get residentBytes(): number {
    return Math.max(...rendererPids().map(residentBytes));
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  async #busySeconds(): Promise<number> {
    const { metrics } = await this.#protocol.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value;
  }
}

/** Runs in the page, before its own scripts. */
function takeNotes(): void {
  const fresh = (): Notes => ({ drawn: 0, frames: 0, longestGapMs: 0, longestTaskMs: 0, clicks: [] });
  const shared = globalThis as unknown as { notes: Notes; resetNotes(): void };
  let last = performance.now();
  shared.resetNotes = () => {
    last = performance.now();
    shared.notes = fresh();
  };
  shared.resetNotes();
  const refresh = (now: number): void => {
    shared.notes.frames++;
    shared.notes.longestGapMs = Math.max(shared.notes.longestGapMs, now - last);
    last = now;
    requestAnimationFrame(refresh);
  };
  requestAnimationFrame(refresh);
  new PerformanceObserver((list) => {
    shared.notes.drawn += list.getEntries().length;
  }).observe({ type: "mark" });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      shared.notes.longestTaskMs = Math.max(shared.notes.longestTaskMs, duration);
  }).observe({ type: "longtask" });
  // From the press to the next picture of the page, as browsers measure it.
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries())
      if (name === "click") shared.notes.clicks.push(duration);
  }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener("message", ({ data }) => {
        if (data.kind === "drawn") shared.notes.drawn++;
      });
    }
  };
}

function renderersCpuMs(): number {
  return rendererPids().reduce((sum, pid) => sum + cpuMs(pid), 0);
}

/** Processes of pages below this one. There is one page at a time; spare processes do nothing. */
function rendererPids(): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  );
  const isOurs = (pid: number): boolean =>
    pid === process.pid || (parents.has(pid) && parents.get(pid) !== 0 && isOurs(parents.get(pid)!));
  return [...parents.keys()].filter(
    (pid) => isOurs(pid) && textOf(pid, "cmdline").includes("--type=renderer"),
  );
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(textOf(Number(pid), "status"))?.[1] ?? 0);
}

/** Empty for a process that has ended meanwhile. */
function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
