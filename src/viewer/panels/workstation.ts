import type { Engine } from "../engine/engine.ts";
import type { Themes } from "../look/theme.ts";
import type { Stack } from "../plot/stack.ts";
import type { View } from "../view.ts";

/** What a panel works with. */
export interface Workstation {
  readonly engine: Engine;
  readonly view: View;
  /** The plots, to draw over and to take pictures of. */
  readonly stack: Stack;
  readonly themes: Themes;
  /** Follows the session anew, with another token. */
  readonly reopen: (token: string | null) => void;
}
