import { recall, remember } from "../look/memory.ts";
import { type Layouts, readLayouts, writeLayouts } from "../sharing/layouts.ts";
import { readView, writeView } from "../sharing/view-link.ts";
import type { View, ViewState } from "../view.ts";
import { notice } from "./notice.ts";
import type { Workstation } from "./workstation.ts";

/** Dragging changes the view with every picture; browsers refuse addresses that change that often. */
const SETTLE_MS = 400;

/**
 * Brings back what the address says, else the layout of the last visit to such a session, and keeps both as things
 * change: the address bar is always a link to what is seen.
 */
export function rememberView({ engine, view }: Workstation): void {
  view.change(openingView());
  let kind = "";
  let timer = 0;
  engine.on("catalogue", ({ origin, parameters }) => {
    if (origin !== "configuration") return;
    kind = [...new Set(parameters.map(({ app }) => app))].sort().join();
    const known = new Set(parameters.map(({ id }) => id));
    view.change({
      panes: knownPanes(view.state.panes.length > 0 ? view.state.panes : storedPanes(kind), known),
    });
  });
  view.on("view", (state) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      history.replaceState(history.state, "", linkTo(state));
      remember("view", writeView({ ...layoutOf(state), panes: [] }));
      if (kind !== "") remember("layouts", writeLayouts(layouts(), kind, writeView(layoutOf(state))));
    }, SETTLE_MS);
  });
  window.addEventListener("hashchange", () => {
    view.change(viewOf(location.hash));
  });
}

/** Puts a link to exactly what is seen where it can be pasted from. */
export async function copyLink(view: View): Promise<void> {
  const link = linkTo(view.state);
  try {
    await navigator.clipboard.writeText(link);
    notice("A link to exactly what is seen is in the clipboard.");
  } catch {
    history.replaceState(history.state, "", link);
    notice("The browser does not let this page write to the clipboard: copy the link from the address bar.");
  }
}

/** What a fragment says to show; nothing, and why, when it cannot be read. */
function viewOf(fragment: string): Partial<ViewState> {
  const read = readView(fragment);
  if (read.kind === "bad") notice(`The view in this link cannot be shown: ${read.why}.`);
  return read.kind === "view" ? read.view : {};
}

function openingView(): Partial<ViewState> {
  if (readView(location.hash).kind !== "none") return viewOf(location.hash);
  const stored = readView(recall("view") ?? "");
  return stored.kind === "view" ? stored.view : {};
}

function layouts(): Layouts {
  return readLayouts(recall("layouts"));
}

function storedPanes(kind: string): ViewState["panes"] {
  const read = readView(layouts().get(kind) ?? "");
  return (read.kind === "view" && read.view.panes) || [];
}

/** Without traces of parameters that this session does not have, and without panes that have no others. */
function knownPanes(panes: ViewState["panes"], known: ReadonlySet<string>): ViewState["panes"] {
  return panes
    .map((pane) => ({ ...pane, traces: pane.traces.filter(({ parameter }) => known.has(parameter)) }))
    .filter(({ traces }) => traces.length > 0);
}

/** What is worth keeping for another visit, perhaps of another session: no instants of this one. */
function layoutOf(state: ViewState): ViewState {
  return { ...state, endNs: null, cursorNs: null, secondCursorNs: null, lapStartsNs: [], distance: null };
}

function linkTo(state: ViewState): string {
  const url = new URL(location.href);
  url.hash = writeView(state);
  return url.href;
}
