import { byId, setText } from "./dom.ts";
import { Engine } from "./engine/engine.ts";
import type { CatalogueNews, SessionNews } from "./engine/messages.ts";
import { firstTraces } from "./first-traces.ts";
import { LinkBar } from "./link/link-bar.ts";
import { retentionS } from "./link/retention.ts";
import { Themes } from "./look/theme.ts";
import { mountPanels } from "./panels/index.ts";
import { notice } from "./panels/notice.ts";
import { addTrace } from "./plot/arrange.ts";
import { Stack } from "./plot/stack.ts";
import { takeToken } from "./sign-in/token.ts";
import { TimeBar } from "./time/time-bar.ts";
import { View } from "./view.ts";

/** Follows one session and shows it for as long as the page is open. */
export class SessionPage {
  readonly #identity: string;
  readonly #engine = new Engine();
  readonly #view = new View();
  readonly #themes = new Themes();
  #told = this.#view.state;

  constructor(identity: string) {
    this.#identity = identity;
    byId("session", HTMLElement).hidden = false;
    setText(byId("name", HTMLElement), identity);
  }

  start(): void {
    const engine = this.#engine;
    const view = this.#view;
    const stack = new Stack({ engine, view }, this.#themes.theme);
    new LinkBar(engine);
    new TimeBar({ engine, view });
    mountPanels({ engine, view, stack, themes: this.#themes, reopen: (token) => this.#open(token) });
    this.#open(takeToken(window));
    this.#tellPanes();
    view.on("view", () => this.#tellChanges());
    this.#themes.on("theme", (theme) => stack.setTheme(theme));
    engine.on("session", (session) => this.#showSession(session));
    engine.on("catalogue", (catalogue) => this.#showCatalogue(catalogue));
    engine.on("problem", ({ message }) => notice(message));
    engine.on("failed", (message) =>
      notice(`Something in this page went wrong, it tries to go on: ${message}`),
    );
    stack.start();
  }

  #open(token: string | null): void {
    const { delayMs } = this.#view.state;
    const { origin } = location;
    const what = { baseUrl: origin, identity: this.#identity, token };
    this.#engine.command({ kind: "open", ...what, retentionS: retentionS(), delayMs });
  }

  /** The worker knows of the view what it needs to draw and subscribe. */
  #tellChanges(): void {
    const before = this.#told;
    const { panes, delayMs } = this.#view.state;
    this.#told = this.#view.state;
    if (panes !== before.panes) this.#tellPanes();
    if (delayMs !== before.delayMs) this.#engine.command({ kind: "delay", delayMs });
  }

  #tellPanes(): void {
    this.#engine.command({ kind: "panes", panes: this.#view.state.panes });
  }

  #showSession({ identifier, state }: SessionNews): void {
    document.title = `${identifier} – Slipstream`;
    setText(byId("name", HTMLElement), identifier);
    setText(byId("session-identity", HTMLElement), this.#identity);
    const chip = byId("state", HTMLElement);
    setText(chip, `session ${state}`);
    chip.dataset.state = state;
  }

  #showCatalogue({ origin, parameters }: CatalogueNews): void {
    byId("guessed", HTMLElement).hidden = origin !== "guessed";
    const { panes } = this.#view.state;
    if (panes.length > 0) return;
    const chosen = firstTraces(parameters);
    this.#view.change({ panes: chosen.reduce((all, { id }) => addTrace(all, id), panes) });
  }
}
