import { byId, element, setText } from "../dom.ts";
import { keepToken, tokenOf } from "../sign-in/token.ts";
import type { Workstation } from "./workstation.ts";

/** Asks for a token: it is kept for this tab alone, and never part of an address. */
export function signInForm(signedIn: (token: string) => void): HTMLFormElement {
  const field = element("input", {
    id: "token",
    type: "password",
    required: "",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": "token-note",
  });
  const note = element("p", { id: "token-note", class: "muted", role: "status" }, "It stays in this tab.");
  const form = element(
    "form",
    { class: "sign-in" },
    element("label", { for: "token" }, "Access token"),
    element("div", { class: "field" }, field, element("button", { type: "submit" }, "Sign in")),
    note,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const token = tokenOf(field.value);
    field.value = "";
    if (token === null) {
      setText(note, "That is no token: one has letters, digits and -._~+/ alone, and no more than 8 KiB.");
      return;
    }
    keepToken(token, window);
    signedIn(token);
  });
  return form;
}

/** Shows the form while the server refuses the session, and follows the session with what is handed over. */
export function askForToken({ engine, reopen }: Workstation): void {
  const form = signInForm((token) => reopen(token));
  form.id = "sign-in";
  form.hidden = true;
  byId("notice", HTMLElement).after(form);
  engine.on("link", (link) => {
    const isRefused = link.state === "closed" && link.cause === "refused";
    const isNew = isRefused && form.hidden;
    form.hidden = !isRefused;
    if (isNew) form.querySelector("input")?.focus();
  });
}
