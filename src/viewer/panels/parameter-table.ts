import { element, setText } from "../dom.ts";
import type { ParameterInfo, ValuesNews } from "../engine/messages.ts";
import { groupedLines, type Line } from "../parameters/grouping.ts";
import { ParameterIndex } from "../parameters/search.ts";
import { RowList } from "./row-list.ts";
import { ROW_PX } from "./sizes.ts";

/** A subscription cannot be taken back: rows that merely fly by are not subscribed. */
const SETTLE_MS = 250;

/** What the table asks of the page. */
export interface TableActions {
  /** The row of this parameter was chosen. */
  toggle(parameter: ParameterInfo): void;
  /** Ids of parameters whose rows have come to rest in view. */
  inView(parameters: readonly string[]): void;
  /** The colour of a parameter that is plotted; null for others. */
  colorOf(parameter: string): string | null;
}

/** All parameters by group, with their latest values; searched by name, unit and group. */
export class ParameterTable {
  readonly root: HTMLElement;
  readonly #actions: TableActions;
  readonly #search = element("input", {
    id: "search",
    type: "search",
    placeholder: "Search name, unit, group",
    "aria-label": "Search parameters",
    autocomplete: "off",
    spellcheck: "false",
  });
  readonly #count = element("span", { id: "count", class: "muted", role: "status" });
  readonly #list: RowList<Line, ParameterRow>;
  readonly #closed = new Set<string>();
  #index = new ParameterIndex([]);
  #total = 0;
  #values: ValuesNews = new Map();
  #settling = 0;

  constructor(actions: TableActions) {
    this.#actions = actions;
    this.#list = new RowList("parameter", "Parameters", ROW_PX, {
      make: () => new ParameterRow(),
      fill: (row, line) => this.#fill(row, line),
    });
    this.#list.viewed = (lines) => this.#viewed(lines);
    this.#list.chosen = (line) => this.#choose(line);
    this.#search.addEventListener("input", () => {
      this.#list.root.scrollTop = 0;
      this.#find();
    });
    this.#search.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "Enter") return;
      event.preventDefault();
      this.#list.root.focus();
      this.#list.activate(0);
    });
    const search = element("div", { class: "search" }, this.#search, this.#count);
    this.root = element("section", { class: "parameter-panel" }, search, this.#list.root);
  }

  show(parameters: readonly ParameterInfo[]): void {
    this.#index = new ParameterIndex(parameters);
    this.#total = parameters.length;
    this.#find();
  }

  showValues(values: ValuesNews): void {
    this.#values = values;
    this.#list.refresh();
  }

  refresh(): void {
    this.#list.refresh();
  }

  focusSearch(): void {
    this.#search.focus();
    this.#search.select();
  }

  #find(): void {
    const query = this.#search.value;
    const found = this.#index.find(query);
    setText(
      this.#count,
      found.length === this.#total ? `${this.#total}` : `${found.length} of ${this.#total}`,
    );
    this.#list.show(
      query.trim() === ""
        ? groupedLines(found, this.#closed)
        : found.map((parameter) => ({ kind: "parameter", parameter })),
    );
  }

  #viewed(lines: readonly Line[]): void {
    const ids = lines.flatMap((line) => (line.kind === "parameter" ? [line.parameter.id] : []));
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => this.#actions.inView(ids), SETTLE_MS);
  }

  #choose(line: Line): void {
    if (line.kind === "parameter") {
      if (line.parameter.hasData) this.#actions.toggle(line.parameter);
      return;
    }
    if (!this.#closed.delete(line.name)) this.#closed.add(line.name);
    this.#find();
  }

  #fill(row: ParameterRow, line: Line): void {
    if (line.kind === "group") {
      row.showGroup(line.name, line.count, line.isOpen);
      return;
    }
    const { parameter } = line;
    const reading = this.#values.get(parameter.id);
    row.showParameter(parameter, this.#actions.colorOf(parameter.id));
    row.showValue(reading?.text ?? "", reading?.isOutside ?? false);
  }
}

/** A heading, or a parameter with its latest value. */
class ParameterRow extends HTMLElement {
  readonly #mark = element("span", { class: "row-mark", "aria-hidden": "true" });
  readonly #name = element("span", { class: "row-name" });
  readonly #value = element("span", { class: "row-value" });
  readonly #unit = element("span", { class: "row-unit" });

  connectedCallback(): void {
    this.append(this.#mark, this.#name, this.#value, this.#unit);
  }

  showGroup(name: string, count: number, isOpen: boolean): void {
    this.className = this.classList.contains("active") ? "row heading active" : "row heading";
    this.setAttribute("aria-selected", "false");
    this.title = isOpen ? "Close the group" : "Open the group";
    this.#mark.style.background = "";
    setText(this.#mark, isOpen ? "▾" : "▸");
    setText(this.#name, name);
    setText(this.#value, "");
    setText(this.#unit, String(count));
  }

  showParameter(parameter: ParameterInfo, color: string | null): void {
    const { name, description, groups, id, unit, hasData } = parameter;
    const active = this.classList.contains("active") ? " active" : "";
    this.className = `row${color === null ? "" : " plotted"}${hasData ? "" : " disabled"}${active}`;
    this.setAttribute("aria-selected", String(color !== null));
    this.ariaDisabled = hasData ? null : "true";
    this.title = [description, ...groups, id].filter(Boolean).join(" · ");
    this.#mark.style.background = color ?? "";
    setText(this.#mark, "");
    setText(this.#name, name);
    setText(this.#unit, unit);
  }

  showValue(text: string, isOutside: boolean): void {
    setText(this.#value, text);
    this.#value.classList.toggle("outside", isOutside);
  }
}

customElements.define("parameter-row", ParameterRow);
