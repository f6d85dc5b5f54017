import { element } from "../dom.ts";
import type { ThemeChoice } from "../look/theme.ts";
import { type Action, KEYS, keyLabel } from "./keys.ts";

const TOOLS: readonly (readonly [action: Action, label: string])[] = [
  ["axis", "Distance"],
  ["map", "Map"],
  ["link", "Link"],
  ["csv", "CSV"],
  ["png", "PNG"],
  ["theme", "Theme"],
  ["help", "Keys"],
];

const WORDS = new Map(Object.values(KEYS).flatMap((section) => Object.entries(section)));

/** The buttons of the head; each says which key does the same. */
export class Tools {
  readonly #buttons = new Map<Action, HTMLButtonElement>();

  constructor(root: HTMLElement, run: (action: Action) => void) {
    root.setAttribute("role", "toolbar");
    root.setAttribute("aria-label", "Tools");
    for (const [action, label] of TOOLS) {
      const entry = WORDS.get(action);
      const title = `${entry?.words} (${entry?.keys.map(keyLabel).join(", ")})`;
      const button = element("button", { type: "button", "data-tool": action, title }, label);
      button.addEventListener("click", () => run(action));
      this.#buttons.set(action, button);
      root.append(button);
    }
  }

  /** Marks a tool as on or off. */
  press(action: Action, isOn: boolean): void {
    this.#buttons.get(action)?.setAttribute("aria-pressed", String(isOn));
  }

  nameTheme(choice: ThemeChoice): void {
    const names = { auto: "Auto", dark: "Dark", light: "Light" };
    this.#buttons.get("theme")?.replaceChildren(names[choice]);
  }
}
