import type { Workstation } from "./workstation.ts";

/** Puts the panels on the page. */
export function mountPanels(_workstation: Workstation): void {}
