import { accessSync, constants, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { GUTTER_PX, GUTTER_RIGHT_PX } from "../../src/viewer/plot/frame.ts";

const SCREENSHOTS = new URL("../../dist/screenshots/", import.meta.url).pathname;
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function startChromium(): Promise<Browser> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  return chromium.launch({ executablePath: onPath("chromium"), args: ARGS });
}

function onPath(program: string): string {
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(directory, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this directory.
    }
  }
  throw new Error(`${program} is not on PATH`);
}

/** The viewer in a browser, with what it complains about. */
export class ViewerPage {
  readonly page: Page;
  /** Errors of the console, among them violations of the page's security policy, and exceptions. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
  }

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<ViewerPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    return new ViewerPage(await context.newPage());
  }

  text(selector: string): Promise<string> {
    return this.page.locator(selector).innerText();
  }

  /** Value and unit of a parameter's row. */
  async row(name: string): Promise<{ value: string; unit: string }> {
    const row = this.page.locator(".row", { has: this.page.getByText(name, { exact: true }) });
    const [value = "", unit = ""] = await row.locator(".row-value, .row-unit").allInnerTexts();
    return { value, unit };
  }

  /** Names of the plots, from above. */
  plots(): Promise<string[]> {
    return this.page.locator(".pane-name").allInnerTexts();
  }

  /**
   * Pixels of the shortest trace between two places of the window, as shares of it, by their likeness to its colour
   * rather than the background; 0 without plots.
   */
  async shortestTrace(from = 0, to = 1): Promise<number> {
    const place = { from, to, left: GUTTER_PX, sides: GUTTER_PX + GUTTER_RIGHT_PX };
    const pixels = await this.page.locator(".pane").evaluateAll((panes, { from, to, left, sides }) => {
      return panes.map((pane) => {
        const plot = pane.querySelector("canvas")!;
        const { width, height } = plot;
        const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
        copy.drawImage(plot, 0, 0);
        const [first, last] = [from, to].map((share) =>
          Math.round((left + share * (width / devicePixelRatio - sides)) * devicePixelRatio),
        ) as [number, number];
        const { data } = copy.getImageData(first, 0, last - first, height);
        const color = getComputedStyle(pane.querySelector(".pane-name")!).color;
        const trace = color.match(/\d+/g)!.map(Number);
        // A level line may lie between two rows of pixels, and cover each by three quarters.
        const near = 0.4 * trace.reduce((sum, part, index) => sum + Math.abs(part - data[index]!), 0);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
          const off = trace.reduce((sum, part, index) => sum + Math.abs(part - data[at + index]!), 0);
          if (off < near) count++;
        }
        return count;
      });
    }, place);
    return pixels.length === 0 ? 0 : Math.min(...pixels);
  }

  /** Makes the browser one of those that have none; the page's own worker is the one that would need it. */
  async withoutWebSocket(): Promise<void> {
    await this.page.route("**/worker.js", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: `delete globalThis.WebSocket;${await answer.text()}` });
    });
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
