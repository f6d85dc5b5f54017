import type { Engine } from "../engine/engine.ts";

/** What the panels need values of beyond the traces: the union of what each of them wants. */
export class Watches {
  readonly #engine: Engine;
  readonly #byPanel = new Map<string, readonly string[]>();
  #told = "";

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** From now on this panel wants these parameters, by id, and no others. */
  set(panel: string, parameters: readonly string[]): void {
    this.#byPanel.set(panel, parameters);
    const all = [...new Set([...this.#byPanel.values()].flat())];
    const text = JSON.stringify(all);
    if (text === this.#told) return;
    this.#told = text;
    this.#engine.command({ kind: "watch", parameters: all });
  }
}
