import { element } from "../dom.ts";

/** One of several panels in one place. */
export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly content: HTMLElement;
}

/** Panels of which one is shown, as people with and without a mouse or sight expect tabs to be. */
export class Tabs {
  readonly root: HTMLElement;
  readonly #buttons = new Map<string, HTMLButtonElement>();
  readonly #tabs: readonly Tab[];
  readonly #changed: (id: string) => void;
  #shown = "";

  constructor(label: string, tabs: readonly Tab[], changed: (id: string) => void) {
    this.#tabs = tabs;
    this.#changed = changed;
    const list = element("div", { class: "tabs", role: "tablist", "aria-label": label });
    for (const { id, title, content } of tabs) {
      const button = element(
        "button",
        { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}` },
        title,
      );
      button.addEventListener("click", () => this.show(id));
      this.#buttons.set(id, button);
      content.id = `panel-${id}`;
      content.setAttribute("role", "tabpanel");
      content.setAttribute("aria-labelledby", button.id);
      list.append(button);
    }
    list.addEventListener("keydown", (event) => this.#move(event));
    this.root = element("div", { class: "tabbed" }, list, ...tabs.map(({ content }) => content));
  }

  get shown(): string {
    return this.#shown;
  }

  /** Shows the tab; for one that does not exist, the first. */
  show(wanted: string): void {
    const id = this.#buttons.has(wanted) ? wanted : (this.#tabs[0] as Tab).id;
    if (id === this.#shown) return;
    this.#shown = id;
    for (const tab of this.#tabs) {
      const button = this.#buttons.get(tab.id) as HTMLButtonElement;
      const isShown = tab.id === id;
      tab.content.hidden = !isShown;
      button.setAttribute("aria-selected", String(isShown));
      button.tabIndex = isShown ? 0 : -1;
    }
    this.#changed(id);
  }

  #move(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const at = this.#tabs.findIndex(({ id }) => id === this.#shown);
    const next = this.#tabs[(at + step + this.#tabs.length) % this.#tabs.length] as Tab;
    this.show(next.id);
    this.#buttons.get(next.id)?.focus();
  }
}
