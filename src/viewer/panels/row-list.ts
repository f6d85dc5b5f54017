import { element } from "../dom.ts";
import { scrollToRow, visibleRows } from "../parameters/visible-rows.ts";

/** How the rows of a list are made and filled. */
export interface RowPainter<Item, Row extends HTMLElement> {
  make(): Row;
  fill(row: Row, item: Item, index: number): void;
}

/**
 * A list of any length of which only the rows in view exist. The list itself has the focus, and tells which row is
 * meant; Enter and clicks choose it.
 */
export class RowList<Item, Row extends HTMLElement = HTMLElement> {
  readonly root: HTMLElement;
  readonly #inner = element("div", { class: "rows-inner", role: "presentation" });
  readonly #painter: RowPainter<Item, Row>;
  readonly #rowPx: number;
  readonly #name: string;
  readonly #rows = new Map<number, Row>();
  #items: readonly Item[] = [];
  #active = -1;
  /** Is told the items in view when they change. */
  viewed: (items: readonly Item[]) => void = () => {};
  chosen: (item: Item) => void = () => {};

  /** `name` makes the rows' ids; `label` is what screen readers call the list. */
  constructor(name: string, label: string, rowPx: number, painter: RowPainter<Item, Row>) {
    this.#name = name;
    this.#painter = painter;
    this.#rowPx = rowPx;
    this.root = element(
      "div",
      { class: "rows", role: "listbox", tabindex: "0", "aria-label": label },
      this.#inner,
    );
    this.root.addEventListener("scroll", () => this.#layOut());
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.root.addEventListener("click", ({ target }) => {
      const row = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
      if (row !== null) this.#choose(Number(row.dataset.row));
    });
    new ResizeObserver(() => this.#layOut()).observe(this.root);
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  show(items: readonly Item[]): void {
    this.#items = items;
    this.#active = Math.min(this.#active, items.length - 1);
    this.#inner.style.height = `${items.length * this.#rowPx}px`;
    this.#layOut();
  }

  /** As `show`, when what is new stands on top: whoever has scrolled down goes on seeing the same rows. */
  showWithNew(items: readonly Item[]): void {
    const grown = items.length - this.#items.length;
    const { scrollTop } = this.root;
    if (this.#active >= 0) this.#active = Math.max(this.#active + grown, 0);
    this.show(items);
    if (scrollTop > 0) this.root.scrollTop = scrollTop + grown * this.#rowPx;
  }

  /** Brings the rows in view up to date. */
  refresh(): void {
    for (const [index, row] of this.#rows) this.#painter.fill(row, this.#items[index] as Item, index);
  }

  /** Makes a row the one that is meant, and brings it into view. */
  activate(index: number): void {
    if (this.#items.length === 0) return;
    this.#active = Math.min(Math.max(index, 0), this.#items.length - 1);
    this.root.scrollTop = scrollToRow(this.#viewport(), this.#rowPx, this.#active);
    this.#layOut();
  }

  #viewport(): { scrollTop: number; height: number } {
    return { scrollTop: this.root.scrollTop, height: this.root.clientHeight };
  }

  #layOut(): void {
    const [from, to] = visibleRows(this.#viewport(), this.#rowPx, this.#items.length);
    for (const [index, row] of this.#rows) {
      if (index >= from && index < to) continue;
      row.remove();
      this.#rows.delete(index);
    }
    for (let index = from; index < to; index++) {
      const row = this.#rows.get(index) ?? this.#addRow(index);
      this.#painter.fill(row, this.#items[index] as Item, index);
      row.classList.toggle("active", index === this.#active);
      row.setAttribute("aria-setsize", String(this.#items.length));
    }
    if (this.#rows.has(this.#active))
      this.root.setAttribute("aria-activedescendant", this.#idOf(this.#active));
    else this.root.removeAttribute("aria-activedescendant");
    this.viewed(this.#items.slice(from, to));
  }

  #addRow(index: number): Row {
    const row = this.#painter.make();
    row.id = this.#idOf(index);
    row.dataset.row = String(index);
    row.setAttribute("role", "option");
    row.setAttribute("aria-posinset", String(index + 1));
    row.style.transform = `translateY(${index * this.#rowPx}px)`;
    this.#rows.set(index, row);
    this.#inner.append(row);
    return row;
  }

  #idOf(index: number): string {
    return `${this.#name}-${index}`;
  }

  #choose(index: number): void {
    const item = this.#items[index];
    if (item === undefined) return;
    this.activate(index);
    this.chosen(item);
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(Math.floor(this.root.clientHeight / this.#rowPx) - 1, 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -page,
      PageDown: page,
      Home: -this.#items.length,
      End: this.#items.length,
    };
    const step = event.altKey || event.shiftKey ? undefined : steps[event.key];
    if (step !== undefined) this.activate(this.#active + step);
    else if (event.key === "Enter" || event.key === " ") this.#choose(this.#active);
    else return;
    event.preventDefault();
  }
}
