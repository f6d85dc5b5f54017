import { Told } from "../engine/told.ts";
import { recall, remember } from "./memory.ts";
import type { Theme } from "./palette.ts";

const CHOICES = ["auto", "dark", "light"] as const;
/** `auto`: as the device has it. */
export type ThemeChoice = (typeof CHOICES)[number];

/** Dark or light: as somebody chose in this browser, else as the device has it, also when that changes. */
export class Themes extends Told<{ readonly theme: Theme }> {
  readonly #isLight = matchMedia("(prefers-color-scheme: light)");
  #choice: ThemeChoice;

  constructor() {
    super();
    const stored = recall("theme");
    this.#choice = CHOICES.find((choice) => choice === stored) ?? "auto";
    this.#isLight.addEventListener("change", () => this.#apply());
    this.#apply();
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }

  get theme(): Theme {
    if (this.#choice !== "auto") return this.#choice;
    return this.#isLight.matches ? "light" : "dark";
  }

  /** Goes on to the next choice. */
  next(): ThemeChoice {
    this.#choice = CHOICES[(CHOICES.indexOf(this.#choice) + 1) % CHOICES.length] as ThemeChoice;
    remember("theme", this.#choice);
    this.#apply();
    return this.#choice;
  }

  #apply(): void {
    // The style sheet takes its colours from here, through `light-dark()`.
    document.documentElement.style.colorScheme = this.theme;
    this.tell("theme", this.theme);
  }
}
