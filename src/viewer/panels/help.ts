import { element } from "../dom.ts";
import type { CharacterKeys } from "./character-keys.ts";
import { KEYS, keyLabel } from "./keys.ts";

const GESTURES = [
  ["Drag", "Move through time"],
  ["Wheel, pinch", "Zoom in and out"],
  ["Click", "Set the cursor"],
  ["Shift + click", "Set the second cursor"],
  ["Shift + drag", "Show what is selected"],
  ["Drag a title", "Arrange panes; onto another one to join them"],
  ["Wheel, drag on a value axis", "Fix the scale; a double click sets it free"],
] as const;

/** The sheet of all keys, made of the table that binds them. */
export class Help {
  readonly #dialog: HTMLDialogElement;

  constructor(characters: CharacterKeys) {
    const sections = Object.entries(KEYS).map(([title, keys]) =>
      section(
        title,
        Object.values(keys).map(
          ({ keys: names, words }) => [names.filter(isShown).map(keyLabel), words] as const,
        ),
      ),
    );
    const gestures = section(
      "Pointer and touch",
      GESTURES.map(([gesture, words]) => [[gesture], words] as const),
    );
    const single = element("input", { type: "checkbox", id: "character-keys" });
    single.checked = characters.areOn;
    single.addEventListener("change", () => {
      characters.areOn = single.checked;
    });
    const choice = element("label", {}, single, " Letters, digits and signs without Alt are keys");
    const close = element("button", { type: "submit" }, "Close");
    this.#dialog = element(
      "dialog",
      { class: "help", "aria-labelledby": "help-title" },
      element(
        "form",
        { method: "dialog" },
        element("header", {}, element("h2", { id: "help-title" }, "Keys and gestures"), choice, close),
        element("div", { class: "help-sections" }, ...sections, gestures),
      ),
    );
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
    document.body.append(this.#dialog);
  }

  open(): void {
    this.#dialog.showModal();
  }
}

/** `=` is where many keyboards have `+`: it works, and goes without saying. */
function isShown(key: string): boolean {
  return !key.endsWith("=");
}

function section(
  title: string,
  rows: readonly (readonly [keys: readonly string[], words: string])[],
): HTMLElement {
  const list = rows.map(([keys, words]) => {
    const labels = keys.flatMap((key, index) => [...(index === 0 ? [] : [" or "]), element("kbd", {}, key)]);
    return element("div", {}, element("dt", {}, ...labels), element("dd", {}, words));
  });
  return element("section", {}, element("h3", {}, title), element("dl", {}, ...list));
}
