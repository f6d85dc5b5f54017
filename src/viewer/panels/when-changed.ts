import type { View, ViewState } from "../view.ts";

/**
 * Listens to those changes of the view alone that concern some members: dragging and zooming change the view with every
 * picture, and what a panel shows of it seldom. Runs once at the beginning.
 */
export function whenChanged(
  view: View,
  members: readonly (keyof ViewState)[],
  run: (state: ViewState) => void,
): void {
  let before: ViewState | null = null;
  view.on("view", (state) => {
    const hasChanged = members.some((member) => before?.[member] !== state[member]);
    before = state;
    if (hasChanged) run(state);
  });
}
