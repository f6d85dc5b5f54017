import { byId, element, setText } from "./dom.ts";
import type { ParameterInfo, ValuesNews } from "./engine/messages.ts";
import { searchParameters } from "./search.ts";

/** As in the style sheet. */
const ROW_PX = 32;
/** Rows beyond either edge, so that scrolling does not meet blanks. */
const SPARE_ROWS = 2;
/** A subscription cannot be taken back: rows that merely fly by are not subscribed. */
const SETTLE_MS = 250;

/** What the table asks of the page. */
export interface TableActions {
  /** The row of this parameter was chosen. */
  toggle(parameter: ParameterInfo): void;
  /** These rows have come to rest in view. */
  inView(parameters: readonly ParameterInfo[]): void;
}

interface Row {
  readonly button: HTMLButtonElement;
  readonly name: HTMLElement;
  readonly value: HTMLElement;
  readonly unit: HTMLElement;
  parameter: ParameterInfo;
}

/** The searchable list of parameters. Only rows in view exist, however many parameters there are. */
export class ParameterTable {
  readonly #viewport = byId("rows", HTMLElement);
  readonly #inner = byId("rows-inner", HTMLElement);
  readonly #search = byId("search", HTMLInputElement);
  readonly #count = byId("count", HTMLElement);
  readonly #actions: TableActions;
  readonly #rows: Row[] = [];
  #parameters: readonly ParameterInfo[] = [];
  #found: readonly ParameterInfo[] = [];
  #settling = 0;

  constructor(actions: TableActions) {
    this.#actions = actions;
    this.#search.addEventListener("input", () => {
      this.#viewport.scrollTop = 0;
      this.#find();
    });
    this.#viewport.addEventListener("scroll", () => this.#layOut());
    new ResizeObserver(() => this.#layOut()).observe(this.#viewport);
  }

  show(parameters: readonly ParameterInfo[]): void {
    this.#parameters = parameters;
    this.#find();
  }

  /** Brings the rows in view up to date. */
  draw(values: ValuesNews, isPlotted: (parameter: ParameterInfo) => boolean): void {
    for (const { button, value, parameter } of this.#rows) {
      const reading = values.get(parameter.id);
      setText(value, reading?.text ?? "");
      value.classList.toggle("outside", reading?.isOutside ?? false);
      button.setAttribute("aria-pressed", String(isPlotted(parameter)));
    }
  }

  #find(): void {
    this.#found = searchParameters(this.#parameters, this.#search.value);
    const all = this.#parameters.length;
    setText(this.#count, this.#found.length === all ? `${all}` : `${this.#found.length} of ${all}`);
    this.#inner.style.height = `${this.#found.length * ROW_PX}px`;
    this.#layOut();
  }

  #layOut(): void {
    const first = Math.max(Math.floor(this.#viewport.scrollTop / ROW_PX) - SPARE_ROWS, 0);
    const shown = Math.ceil(this.#viewport.clientHeight / ROW_PX) + 2 * SPARE_ROWS;
    const inView = this.#found.slice(first, first + shown);
    for (const [index, parameter] of inView.entries()) {
      const row = this.#rows[index] ?? this.#addRow(parameter);
      fill(row, parameter);
      row.button.style.transform = `translateY(${(first + index) * ROW_PX}px)`;
    }
    for (const { button } of this.#rows.splice(inView.length)) button.remove();
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => this.#actions.inView(inView), SETTLE_MS);
  }

  #addRow(parameter: ParameterInfo): Row {
    const name = element("span", { class: "row-name" });
    const value = element("span", { class: "row-value" });
    const unit = element("span", { class: "row-unit" });
    const mark = element("span", { class: "row-mark", "aria-hidden": "true" });
    const button = element("button", { class: "row", type: "button" }, mark, name, value, unit);
    const row = { button, name, value, unit, parameter };
    button.addEventListener("click", () => this.#actions.toggle(row.parameter));
    this.#rows.push(row);
    this.#inner.append(button);
    return row;
  }
}

function fill(row: Row, parameter: ParameterInfo): void {
  if (row.parameter !== parameter) setText(row.value, "");
  row.parameter = parameter;
  setText(row.name, parameter.name);
  setText(row.unit, parameter.unit);
  row.button.title = [parameter.description, ...parameter.groups, parameter.id].filter(Boolean).join(" · ");
  row.button.disabled = !parameter.hasData;
}
