import type { Engine } from "../engine/engine.ts";
import type { View } from "../view.ts";

/** What a panel works with. */
export interface Workstation {
  readonly engine: Engine;
  readonly view: View;
}
