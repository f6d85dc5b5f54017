import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "./stack.ts";
import { startChromium } from "./viewer-page.ts";

/** A page that says in its title whether its scripts run. */
const SCRIPTED = "<title>silent</title><script>document.title = 'ran'</script>";

/** A server of pages at an address of its own, as `http://localhost:port`. */
class Site {
  readonly #server: Server;

  constructor(answer: RequestListener) {
    this.#server = createServer(answer);
  }

  async start(): Promise<void> {
    this.#server.listen(0);
    await once(this.#server, "listening");
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

const html = (body: string): RequestListener => {
  return (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(body);
};

let stack: Stack;
let browser: Browser;
/** The RTA REST API; what it serves here is a page with a script. */
const origin = new Site(html(SCRIPTED));
const friend = new Site(html("<title>friend</title>"));
const stranger = new Site(html("<title>stranger</title>"));

beforeAll(async () => {
  await Promise.all([origin, friend, stranger].map((site) => site.start()));
  const settings = { RTA_ALLOWEDORIGINS: `self ${friend.url}`, RTA_ORIGIN: origin.url };
  [stack, browser] = await Promise.all([startStack(settings), startChromium()]);
  const session = await stack.produce("car");
  await session.writeSessionJson(JSON.stringify({ identity: "car", state: "open" }));
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await Promise.all([origin, friend, stranger].map((site) => site.stop()));
});
afterEach(async () => {
  stack.disconnect();
  for (const context of browser.contexts()) await context.close();
});

async function pageAt(url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

describe("the page", () => {
  test("[Y-01] comes with a policy that allows nothing inline, nothing foreign and no frame", async () => {
    const { headers } = await fetch(`${stack.url}/viewer/`);
    const policy = headers.get("Content-Security-Policy") ?? "";
    const directives = new Map(
      policy.split(";").map((each) => each.trim().split(/ (.*)/) as [string, string]),
    );
    expect(directives.get("default-src")).toBe("'none'");
    expect(directives.get("script-src")).toBe("'self'");
    expect(directives.get("style-src")).toBe("'self'");
    for (const name of ["frame-ancestors", "base-uri"]) expect(directives.get(name)).toBe("'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("X-Frame-Options")).toBe("DENY");
    expect(headers.get("Referrer-Policy")).toBe("no-referrer");
    expect(headers.get("Strict-Transport-Security")).toMatch(/^max-age=\d{8}/);
    for (const path of ["viewer.js", "style.css"]) {
      const file = await fetch(`${stack.url}/viewer/${path}`);
      expect([path, file.status, file.headers.get("X-Content-Type-Options")]).toEqual([path, 200, "nosniff"]);
    }
  });

  test("[Y-01] the browser runs no script that was put into it, nor code from text", async () => {
    const page = await pageAt(`${stack.url}/viewer/`);
    const title = await page.title();
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'ran'";
      document.body.append(script);
      const image = document.createElement("img");
      image.setAttribute("onerror", "document.title = 'ran'");
      image.src = "data:,";
      document.body.append(image);
      return new Promise((resolve) => image.addEventListener("error", resolve));
    });
    expect(await page.title()).toBe(title);
    // By a script of the page: what playwright evaluates is exempt.
    const blocked = page.evaluate(() => {
      return new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", ({ blockedURI }) => resolve(blockedURI));
        setTimeout("document.title = 'ran'");
      });
    });
    expect(await blocked).toBe("eval");
    expect(await page.title()).toBe(title);
  });

  test("[Y-01] the browser shows it in no frame", async () => {
    const page = await pageAt(stranger.url);
    await page.evaluate((src) => {
      const frame = Object.assign(document.createElement("iframe"), { src });
      document.body.append(frame);
      return new Promise((resolve) => frame.addEventListener("load", () => resolve(null)));
    }, `${stack.url}/viewer/`);
    expect(page.frames()).toHaveLength(2);
    expect(page.frames().map((each) => each.url())).not.toContain(`${stack.url}/viewer/`);
  });
});

describe("pages of other origins", () => {
  /** The code with which a socket to the session closes, or "open". */
  const socketFrom = (page: Page): Promise<unknown> =>
    page.evaluate(
      (url) => {
        const socket = new WebSocket(url, "mat.ocs.rta.stream-lz4");
        return new Promise((resolve) => {
          socket.onopen = () => resolve("open");
          socket.onclose = ({ code }) => resolve(code);
        });
      },
      `${stack.url.replace("http", "ws")}/rta/v2/sessions/car/stream`,
    );

  test("[Y-02] open streams only where RTA_ALLOWEDORIGINS names them", async () => {
    expect(await socketFrom(await pageAt(`${stack.url}/viewer/`))).toBe("open");
    expect(await socketFrom(await pageAt(friend.url))).toBe("open");
    expect(await socketFrom(await pageAt(stranger.url))).toBe(1006);
  });

  test.each(["null", "https://stranger.test", "https://127.0.0.1", "not a URL"])(
    "[Y-02] the origin %j gets 403",
    async (Origin) => {
      await expect(stack.follow("car", { headers: { Origin } })).rejects.toThrow("status 403");
    },
  );

  test("[Y-02] clients that are no browsers name none, and connect", async () => {
    await (await stack.follow("car")).untilMessages(1);
  });

  test("[Y-03] read none of the answers, since nothing permits them to", async () => {
    const page = await pageAt(stranger.url);
    for (const path of ["/", "/health", "/metrics", "/viewer/", "/rta/v2/sessions/car", "/rta/v2/info"]) {
      const read = page.evaluate(async (url) => (await fetch(url)).text(), stack.url + path);
      await expect(read, path).rejects.toThrow("Failed to fetch");
    }
  });
});

describe("answers", () => {
  test("[Y-03] of the REST API are data: a page among them runs no script and shares no origin", async () => {
    const page = await pageAt(`${stack.url}/rta/v2/documents`);
    expect(await page.title()).toBe("silent");
    expect(await page.evaluate(() => self.origin)).toBe("null");
    const direct = await pageAt(origin.url);
    expect(await direct.title()).toBe("ran");
  });

  test.each(["/", "/health", "/metrics", "/nothing", "/rta/v2/info", "/rta/v2/sessions/car/stream"])(
    "[Y-03] %s is not to be sniffed",
    async (path) => {
      const { headers } = await fetch(stack.url + path);
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Content-Security-Policy")).toContain("sandbox");
    },
  );
});
