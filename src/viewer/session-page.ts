import {
  type Catalogue,
  type Following,
  follow,
  type Link,
  type Parameter,
  PENDING_CATALOGUE,
  type SampleRun,
  type Session,
} from "../client/index.ts";
import { byId, setText } from "./dom.ts";
import { EventList } from "./event-list.ts";
import { firstTraces } from "./first-traces.ts";
import { LatestValues } from "./latest-values.ts";
import { delayWords, linkWords } from "./link-words.ts";
import { MAX_PANES, Panes } from "./panes.ts";
import { ParameterTable } from "./parameter-table.ts";

/** Numbers that change faster cannot be read. */
const TEXT_INTERVAL_MS = 200;

/** How long a passing notice stays. */
const NOTICE_MS = 15_000;

/** Follows one session and shows it for as long as the page is open. */
export class SessionPage {
  readonly #identity: string;
  readonly #latest = new LatestValues();
  readonly #events = new EventList();
  readonly #panes = new Panes({
    changed: () => this.#subscribe(),
    dismiss: (parameter) => this.#toggle(parameter),
  });
  readonly #table = new ParameterTable({
    toggle: (parameter) => this.#toggle(parameter),
    inView: (parameters) => this.#show(parameters),
  });
  #following: Following | null = null;
  #catalogue: Catalogue = PENDING_CATALOGUE;
  #link: Link = { state: "connecting" };
  #inView: readonly Parameter[] = [];
  #hasChosen = false;
  #textAtMs = 0;
  #noticeTimer = 0;

  constructor(identity: string) {
    this.#identity = identity;
    byId("session", HTMLElement).hidden = false;
    setText(byId("name", HTMLElement), identity);
  }

  start(): void {
    this.#follow();
    const draw = () => {
      const nowMs = Date.now();
      this.#panes.draw(nowMs);
      if (nowMs - this.#textAtMs >= TEXT_INTERVAL_MS) this.#drawText(nowMs);
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  }

  #follow(): void {
    this.#following?.close();
    this.#following = follow(location.origin, this.#identity, {
      events: true,
      on: {
        link: (link) => this.#takeLink(link),
        session: (session) => this.#takeSession(session),
        catalogue: (catalogue) => this.#takeCatalogue(catalogue),
        samples: (run) => this.#takeSamples(run),
        event: (event) => this.#events.add(event),
        problem: ({ message }) => this.#notice(message),
      },
    });
  }

  #takeLink(link: Link): void {
    if (link.state === "live" && this.#link.state !== "stale") this.#events.reconnected();
    this.#link = link;
    this.#drawText(Date.now());
  }

  #takeSession({ identifier, state }: Session): void {
    document.title = `${identifier} – Slipstream`;
    setText(byId("name", HTMLElement), identifier);
    setText(byId("session-identity", HTMLElement), this.#identity);
    const chip = byId("state", HTMLElement);
    setText(chip, `session ${state}`);
    chip.dataset.state = state;
  }

  #takeCatalogue(catalogue: Catalogue): void {
    const wasGuessed = this.#catalogue.origin === "guessed";
    this.#catalogue = catalogue;
    this.#table.show(catalogue.parameters);
    const isGuessed = catalogue.origin === "guessed";
    byId("guessed", HTMLElement).hidden = !isGuessed;
    if (isGuessed) {
      this.#following?.subscribe({ channels: "all" });
    } else if (wasGuessed) {
      // Guessing took every channel, and a subscription cannot be narrowed: a new connection can.
      this.#replot([]);
      this.#follow();
    }
    if (!this.#hasChosen) this.#replot(firstTraces(catalogue.parameters));
  }

  #takeSamples(run: SampleRun): void {
    this.#latest.take(run);
    this.#panes.take(run, Date.now());
  }

  #replot(wanted: readonly Parameter[]): void {
    for (const shown of this.#panes.parameters) {
      if (!wanted.some(({ id }) => id === shown.id)) this.#panes.remove(shown);
    }
    for (const parameter of wanted)
      if (!this.#panes.has(parameter)) this.#panes.add(parameter, this.#catalogue);
  }

  #toggle(parameter: Parameter): void {
    this.#hasChosen = true;
    if (this.#panes.has(parameter)) this.#panes.remove(parameter);
    else if (!this.#panes.add(parameter, this.#catalogue)) {
      this.#notice(`${MAX_PANES} plots are the most that this page draws: remove one first.`);
    }
    this.#drawText(Date.now());
  }

  #show(parameters: readonly Parameter[]): void {
    this.#inView = parameters;
    this.#subscribe();
  }

  /** Only what is plotted or in view is asked for. */
  #subscribe(): void {
    const shown = [...this.#panes.parameters, ...this.#inView];
    this.#following?.subscribe({ channels: shown.flatMap(({ channels }) => channels) });
  }

  #drawText(nowMs: number): void {
    this.#textAtMs = nowMs;
    this.#table.draw(this.#latest, (parameter) => this.#panes.has(parameter));
    this.#panes.drawValues();
    this.#events.draw(this.#catalogue);
    byId("link", HTMLElement).dataset.state = this.#link.state;
    setText(byId("link-state", HTMLElement), this.#link.state);
    setText(byId("link-words", HTMLElement), linkWords(this.#link, nowMs));
    setText(byId("delay", HTMLElement), delayWords(this.#panes.newest, nowMs / 1000));
    const isEmpty = this.#catalogue.parameters.length === 0;
    setText(
      byId("plots-note", HTMLElement),
      isEmpty ? "Nothing to plot yet." : "Choose a parameter to plot it.",
    );
  }

  #notice(text: string): void {
    const line = byId("notice", HTMLElement);
    setText(line, text);
    line.hidden = false;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = window.setTimeout(() => {
      line.hidden = true;
    }, NOTICE_MS);
  }
}
