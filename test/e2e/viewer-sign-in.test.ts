import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Origin, startOrigin } from "../../src/cli/origin.ts";
import { makeKey, TokenAuthority } from "../fakes/token-authority.ts";
import { recordLaps } from "./recorded-laps.ts";
import { type Stack, startStack } from "./stack.ts";
import { startChromium, ViewerPage } from "./viewer-page.ts";

const WAIT = { timeout: 20_000, interval: 50 };

let origin: Origin;
let authority: TokenAuthority;
let stack: Stack;
let browser: Browser;
let viewer: ViewerPage;

beforeAll(async () => {
  origin = await startOrigin();
  authority = await TokenAuthority.start([await makeKey("ES256", "key")]);
  stack = await startStack({
    RTA_ORIGIN: origin.url,
    RTA_ENABLEAUTH: "true",
    RTA_AUTH__AUTHORITY: authority.issuer,
    RTA_AUTH__AUDIENCE: TokenAuthority.audience,
  });
  await recordLaps(stack, origin, "recorded");
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await authority?.stop();
  await origin?.stop();
});

afterEach(() => viewer.close());

const untilShown = () =>
  vi.waitFor(async () => expect((await viewer.row("vCar")).value).toMatch(/^\d+\.\d\d$/), WAIT);
const open = async (path: string) => {
  viewer = await ViewerPage.open(browser);
  await viewer.page.goto(`${stack.url}/viewer/${path}`);
};

/** Nothing that outlives the tab, and nothing that is passed on by copying an address, may hold the token. */
async function expectHidden(token: string): Promise<void> {
  const { page } = viewer;
  expect(decodeURIComponent(page.url())).not.toContain(token);
  const kept = await page.evaluate(() => JSON.stringify([localStorage, document.cookie]));
  expect(kept).not.toContain(token);
  expect(await page.content()).not.toContain(token);
}

test("[W-07] who is refused is asked for a token, told what is wrong with it, and let in with a good one", async () => {
  const token = await authority.token();
  await open("?session=recorded");
  const form = viewer.page.locator("#sign-in");
  await form.waitFor({ timeout: WAIT.timeout });
  expect(await viewer.text("#link-words")).toBe("The server refuses access: a valid token is needed.");
  await viewer.page.getByLabel("Access token").fill("two words");
  await viewer.page.getByRole("button", { name: "Sign in" }).click();
  expect(await viewer.text("#token-note")).toContain("That is no token");
  await viewer.page.getByLabel("Access token").fill(`Bearer ${token}`);
  await viewer.page.getByRole("button", { name: "Sign in" }).click();
  await form.waitFor({ state: "hidden", timeout: WAIT.timeout });
  await untilShown();
  await expectHidden(token);

  await viewer.page.reload();
  await untilShown();
  expect(await viewer.page.locator("#sign-in").isVisible()).toBe(false);
});

test("[W-07] a token in the fragment leaves the address at once, and the view beside it stays", async () => {
  const token = await authority.token();
  await open(`?session=recorded#v=1&delay=1.5&access_token=${token}`);
  await expect.poll(() => viewer.page.url(), WAIT).not.toContain("access_token");
  await untilShown();
  expect(await viewer.page.inputValue("#broadcast-delay")).toBe("1.5");
  await expectHidden(token);
  await viewer.page.goBack();
  expect(viewer.page.url()).not.toContain(token);
});

test("the list of sessions is for those who sign in, and who signs out is out", async () => {
  const token = await authority.token();
  await open("");
  await vi.waitFor(
    async () =>
      expect(await viewer.text("#sessions-note")).toBe(
        "The server lists sessions only to those who sign in.",
      ),
    WAIT,
  );
  await viewer.page.getByLabel("Access token").fill(token);
  await viewer.page.getByRole("button", { name: "Sign in" }).click();
  await viewer.page.locator(".session-name").waitFor({ timeout: WAIT.timeout });
  await expectHidden(token);
  const stranger = await authority.token({ claims: { aud: "somebody else" } });
  await viewer.page.evaluate((bad) => sessionStorage.setItem("slipstream-token", bad), stranger);
  await viewer.page.reload();
  await vi.waitFor(
    async () =>
      expect(await viewer.text("#sessions-note")).toContain("refuses to list sessions for this token"),
    WAIT,
  );
  await viewer.page.getByRole("button", { name: "Sign out" }).click();
  await viewer.page.getByLabel("Access token").waitFor({ timeout: WAIT.timeout });
  expect(await viewer.page.evaluate(() => sessionStorage.length)).toBe(0);
});
