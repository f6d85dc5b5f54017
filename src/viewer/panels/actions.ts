import type { PaneSpec } from "../engine/messages.ts";
import { moveTrace, setRange, setWeight, shiftPane, splitTrace, toggleScale } from "../plot/arrange.ts";
import { goLive, jumpTo, pan, setDelay, showRange, togglePause, zoom } from "../time/navigate.ts";
import type { ViewState } from "../view.ts";
import type { DistanceView } from "./distance-view.ts";
import type { EventStore } from "./event-store.ts";
import type { Actions } from "./keys.ts";
import type { Laps } from "./laps.ts";
import type { Workstation } from "./workstation.ts";

const ZOOM = 1.25;
const PAN_SHARE = 0.1;
const TALLER = 1.25;
/** A step of the cursor: about one pixel of a wide screen. */
const FINE_SHARE = 1 / 1000;
const COARSE_SHARE = 1 / 20;

/** What only the page as a whole can do. */
export interface PageActions {
  readonly distance: DistanceView;
  readonly events: EventStore;
  readonly laps: Laps;
  showTab(id: string): void;
  search(): void;
  toggleMap(): void;
  toggleAxis(): void;
  askRange(pane: PaneSpec): void;
  copyLink(): void;
  exportCsv(): void;
  exportPng(): void;
  nextTheme(): void;
  help(): void;
}

/** What each key does. */
export function actionsOf(station: Workstation, page: PageActions): Actions {
  const { engine, view } = station;
  const isDistance = () => view.state.axis === "distance";
  const change = (changes: Partial<ViewState>) => view.change(changes);
  const zoomBy = (factor: number) => (isDistance() ? page.distance.zoom(factor) : zoom(station, factor));
  const panBy = (share: number) =>
    isDistance() ? page.distance.pan(share) : pan(station, share * view.state.spanNs);
  const delayBy = (ms: number) => setDelay(station, view.state.delayMs + ms);
  const middleNs = (): bigint | null => {
    const drawn = engine.latest("drawn");
    return drawn === undefined ? null : drawn.startNs + (drawn.endNs - drawn.startNs) / 2n;
  };
  const pointedNs = () => view.latest("pointer") ?? middleNs();
  const cursorBy = (share: number) => {
    const from = view.state.cursorNs ?? middleNs();
    if (from !== null) change({ cursorNs: from + BigInt(Math.round(share * view.state.spanNs)) });
  };
  const goToEvent = (direction: 1 | -1) => {
    const from = view.state.cursorNs ?? engine.latest("drawn")?.endNs;
    const event = from === undefined ? undefined : page.events.neighbour(from, direction);
    if (event !== undefined) goTo(station, event.timeNs);
  };
  const goToLap = (direction: 1 | -1) => {
    const laps = page.laps.latest("laps") ?? [];
    const drawn = engine.latest("drawn");
    const middle = middleNs();
    if (drawn === undefined || middle === null) return;
    const at = laps.findLastIndex(({ startNs }) => startNs <= middle);
    const lap = laps[Math.min(Math.max(at + direction, 0), laps.length - 1)];
    const untilNs = lap?.endNs ?? drawn.shownUntilNs;
    if (lap !== undefined && untilNs !== null) showRange(station, lap.startNs, untilNs);
  };
  return {
    pause: () => togglePause(station),
    live: () => goLive(station),
    oldest: () => {
      const oldestNs = engine.latest("drawn")?.oldestNs ?? null;
      if (oldestNs !== null) change({ endNs: oldestNs + BigInt(Math.round(view.state.spanNs)) });
    },
    back: () => panBy(-PAN_SHARE),
    on: () => panBy(PAN_SHARE),
    pageBack: () => panBy(-1),
    pageOn: () => panBy(1),
    zoomIn: () => zoomBy(1 / ZOOM),
    zoomOut: () => zoomBy(ZOOM),
    lessDelay: () => delayBy(-100),
    moreDelay: () => delayBy(100),
    muchLessDelay: () => delayBy(-1_000),
    muchMoreDelay: () => delayBy(1_000),
    cursor: () => change({ cursorNs: pointedNs() }),
    secondCursor: () => change({ secondCursorNs: pointedNs() }),
    cursorBack: () => cursorBy(-FINE_SHARE),
    cursorOn: () => cursorBy(FINE_SHARE),
    cursorFarBack: () => cursorBy(-COARSE_SHARE),
    cursorFarOn: () => cursorBy(COARSE_SHARE),
    clear: () => change({ cursorNs: null, secondCursorNs: null }),
    nextEvent: () => goToEvent(1),
    previousEvent: () => goToEvent(-1),
    nextLap: () => goToLap(1),
    previousLap: () => goToLap(-1),
    axis: page.toggleAxis,
    ...paneActions(station, page),
    search: page.search,
    parameters: () => page.showTab("parameters"),
    readings: () => page.showTab("readings"),
    laps: () => page.showTab("laps"),
    events: () => page.showTab("events"),
    map: page.toggleMap,
    link: page.copyLink,
    csv: page.exportCsv,
    png: page.exportPng,
    theme: page.nextTheme,
    help: page.help,
  };
}

/** Puts the cursor at an instant, and the instant into the window: in its middle unless it is in view already. */
export function goTo(station: Workstation, timeNs: bigint): void {
  const drawn = station.engine.latest("drawn");
  const isInView = drawn !== undefined && timeNs >= drawn.startNs && timeNs <= drawn.endNs;
  if (!isInView) jumpTo(station, timeNs);
  station.view.change({ cursorNs: timeNs });
}

/** The pane that has the focus is the selected one; the first while none has. */
function paneActions({ view }: Workstation, { askRange }: PageActions) {
  const roots = () => [...document.querySelectorAll<HTMLElement>("[data-pane]")];
  const focused = () => document.activeElement?.closest<HTMLElement>("[data-pane]") ?? null;
  const select = (step: 1 | -1) => {
    const all = roots();
    const at = all.indexOf(focused() as HTMLElement);
    all[at < 0 ? 0 : (at + step + all.length) % all.length]?.focus();
  };
  const selected = (): PaneSpec | undefined => {
    const id = focused()?.dataset.pane;
    return view.state.panes.find((each) => each.id === id) ?? view.state.panes[0];
  };
  /** Arranging may make new elements: the focus goes on with the pane. */
  const arrange = (change: (panes: readonly PaneSpec[], pane: PaneSpec) => readonly PaneSpec[]) => {
    const pane = selected();
    if (pane === undefined) return;
    view.change({ panes: change(view.state.panes, pane) });
    document.querySelector<HTMLElement>(`[data-pane="${CSS.escape(pane.id)}"]`)?.focus();
  };
  return {
    nextPane: () => select(1),
    previousPane: () => select(-1),
    paneUp: () => arrange((panes, { id }) => shiftPane(panes, id, -1)),
    paneDown: () => arrange((panes, { id }) => shiftPane(panes, id, 1)),
    joinPane: () =>
      arrange((panes, pane) => {
        const above = panes[panes.indexOf(pane) - 1];
        if (above === undefined) return panes;
        return pane.traces.reduce((all, { parameter }) => moveTrace(all, parameter, above.id), panes);
      }),
    splitPane: () =>
      arrange((panes, pane) => {
        const after = panes[panes.indexOf(pane) + 1]?.id ?? null;
        return pane.traces.slice(1).reduce((all, { parameter }) => splitTrace(all, parameter, after), panes);
      }),
    scale: () => arrange((panes, { id }) => toggleScale(panes, id)),
    fit: () =>
      arrange((panes, { id, traces }) => setRange(panes, id, traces[0]?.range === "fit" ? null : "fit")),
    range: () => {
      const pane = selected();
      if (pane !== undefined) askRange(pane);
    },
    taller: () => arrange((panes, { id, weight }) => setWeight(panes, id, weight * TALLER)),
    shorter: () => arrange((panes, { id, weight }) => setWeight(panes, id, weight / TALLER)),
    removePane: () => arrange((panes, { id }) => panes.filter((each) => each.id !== id)),
  };
}
