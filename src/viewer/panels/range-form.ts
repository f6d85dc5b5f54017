import { element } from "../dom.ts";
import type { PaneSpec, TraceSpec } from "../engine/messages.ts";
import { setRange } from "../plot/arrange.ts";
import { numberText } from "./number-text.ts";
import type { Workstation } from "./workstation.ts";

/** Asks for the range of a pane's scales in numbers. */
export class RangeForm {
  readonly #station: Workstation;
  readonly #min = numberField();
  readonly #max = numberField();
  readonly #dialog: HTMLDialogElement;
  #pane = "";

  constructor(station: Workstation) {
    this.#station = station;
    const free = element("button", { type: "button" }, "Free");
    const form = element(
      "form",
      { method: "dialog" },
      element("label", {}, "From", this.#min),
      element("label", {}, "To", this.#max),
      element("button", { type: "submit" }, "Fix"),
      free,
    );
    const title = element("h2", { id: "range-title" }, "Range of the scale");
    this.#dialog = element("dialog", { class: "range", "aria-labelledby": "range-title" }, title, form);
    for (const field of [this.#min, this.#max]) field.addEventListener("input", () => this.#check());
    form.addEventListener("submit", () => this.#set({ min: this.#lowest, max: this.#highest }));
    free.addEventListener("click", () => {
      this.#set(null);
      this.#dialog.close();
    });
    document.body.append(this.#dialog);
  }

  /** Begins with what the first trace of the pane has. */
  open({ id }: PaneSpec): void {
    const scale = this.#station.engine.latest("drawn")?.scales.get(id)?.[0];
    this.#pane = id;
    this.#min.value = scale === undefined ? "" : numberText(scale.min);
    this.#max.value = scale === undefined ? "" : numberText(scale.max);
    this.#check();
    this.#dialog.showModal();
  }

  get #lowest(): number {
    return this.#min.valueAsNumber;
  }

  get #highest(): number {
    return this.#max.valueAsNumber;
  }

  /** The browser says what is wrong, and does not submit. */
  #check(): void {
    const isEmpty = this.#lowest >= this.#highest;
    this.#max.setCustomValidity(isEmpty ? "This must be above the number that it begins from." : "");
  }

  #set(range: TraceSpec["range"]): void {
    const { view } = this.#station;
    view.change({ panes: setRange(view.state.panes, this.#pane, range) });
  }
}

function numberField(): HTMLInputElement {
  return element("input", { type: "number", step: "any", required: "" });
}
