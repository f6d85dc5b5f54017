import { type Rest, type RestAnswer, restAt, type Session } from "../../client/index.ts";
import { byId, element, setText } from "../dom.ts";
import { Themes } from "../look/theme.ts";
import { forgetToken, takeToken } from "../sign-in/token.ts";
import { type SessionRow, sessionRows } from "./session-order.ts";
import { signInForm } from "./sign-in-form.ts";

/** Sessions begin and end seldom. */
const REFRESH_MS = 10_000;

/** The page without a session. */
export function showPicker(): void {
  new Themes();
  const token = takeToken(window) ?? undefined;
  const rest = restAt(
    location.origin,
    (url, init) => fetch(url, init),
    new AbortController().signal,
    () => token,
  );
  new Picker(rest, token !== undefined).start();
}

/** The sessions that REST lists, live ones first, and a field for any identity. */
class Picker {
  readonly #rest: Rest;
  readonly #isSignedIn: boolean;
  readonly #note = element(
    "p",
    { id: "sessions-note", class: "muted", role: "status" },
    "Asking the server …",
  );
  readonly #list = element("ul", { id: "sessions", class: "sessions" });
  readonly #signIn: HTMLFormElement;
  readonly #search = element("input", {
    type: "search",
    placeholder: "Search sessions",
    "aria-label": "Search sessions",
    autocomplete: "off",
    spellcheck: "false",
  });
  #sessions: readonly Session[] = [];
  #shown = "";

  constructor(rest: Rest, isSignedIn: boolean) {
    this.#rest = rest;
    this.#isSignedIn = isSignedIn;
    this.#signIn = signInForm(() => location.reload());
    this.#signIn.hidden = true;
    const signOut = element("button", { type: "button", class: "plain" }, "Sign out");
    signOut.hidden = !isSignedIn;
    signOut.addEventListener("click", () => {
      forgetToken(window);
      location.reload();
    });
    const root = byId("start", HTMLElement);
    root.replaceChildren(
      element("header", {}, element("h1", {}, "Slipstream"), signOut),
      element("p", { class: "muted" }, "Live telemetry, from the car to this page."),
      this.#signIn,
      element("div", { class: "sessions-head" }, element("h2", {}, "Sessions"), this.#search),
      this.#note,
      this.#list,
      identityForm(),
    );
    root.hidden = false;
    this.#search.addEventListener("input", () => this.#show());
  }

  /** Asks now, and again for as long as the page is seen. */
  start(): void {
    const ask = async (): Promise<void> => {
      if (document.visibilityState === "visible") this.#take(await this.#rest.sessions());
      setTimeout(() => void ask(), REFRESH_MS);
    };
    void ask();
  }

  #take(answer: RestAnswer<readonly Session[]>): void {
    this.#signIn.hidden = answer.kind !== "refused";
    if (answer.kind === "found") this.#sessions = answer.value;
    this.#search.hidden = this.#sessions.length === 0;
    setText(this.#note, noteOn(answer, this.#sessions.length, this.#isSignedIn));
    this.#show();
  }

  #show(): void {
    const rows = sessionRows(this.#sessions, this.#search.value, Date.now());
    const text = JSON.stringify(rows);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#list.replaceChildren(...rows.map(sessionItem));
    if (rows.length === 0 && this.#sessions.length > 0)
      setText(this.#note, "No session has all of these words.");
  }
}

function noteOn(answer: RestAnswer<readonly Session[]>, known: number, isSignedIn: boolean): string {
  const again = `Asking again every ${REFRESH_MS / 1000} s.`;
  switch (answer.kind) {
    case "found":
      return known === 0 ? `The server knows of no session at the moment. ${again}` : "";
    case "absent":
    case "missing":
      return "This server keeps no list of sessions: type the identity of one below.";
    case "refused":
      return isSignedIn
        ? "The server refuses to list sessions for this token: sign in with another one."
        : "The server lists sessions only to those who sign in.";
    case "failed":
      return `The list of sessions cannot be had at the moment (${answer.reason}). ${again}`;
  }
}

function sessionItem({ identity, name, state, isLive, age, about }: SessionRow): HTMLLIElement {
  const link = element(
    "a",
    { href: `/viewer/?session=${encodeURIComponent(identity)}` },
    element("span", { class: "session-name" }, name),
    element("span", { class: "chip", "data-state": state }, isLive ? "live" : state),
    element("span", { class: "muted session-about" }, about),
    element("span", { class: "muted session-age" }, age),
  );
  return element("li", {}, link);
}

function identityForm(): HTMLFormElement {
  const field = element("input", {
    id: "identity",
    name: "session",
    required: "",
    autocomplete: "off",
    spellcheck: "false",
  });
  return element(
    "form",
    { action: "/viewer/" },
    element("label", { for: "identity" }, "Session identity"),
    element("div", { class: "field" }, field, element("button", { type: "submit" }, "Follow")),
  );
}
