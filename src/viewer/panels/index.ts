import { byId } from "../dom.ts";
import { recall, remember } from "../look/memory.ts";
import { traceStyle } from "../look/palette.ts";
import { addTrace, isPlotted, removeTrace } from "../plot/arrange.ts";
import { actionsOf } from "./actions.ts";
import { CharacterKeys } from "./character-keys.ts";
import { DistanceData } from "./distance-data.ts";
import { DistanceView } from "./distance-view.ts";
import { EventList } from "./event-list.ts";
import { EventStore } from "./event-store.ts";
import { exportCsv, exportPng } from "./export.ts";
import { Help } from "./help.ts";
import { bindKeys } from "./key-bindings.ts";
import { Lane } from "./lane.ts";
import { LapLines } from "./lap-lines.ts";
import { LapList } from "./lap-list.ts";
import { Laps } from "./laps.ts";
import { notice } from "./notice.ts";
import { ParameterTable } from "./parameter-table.ts";
import { RangeForm } from "./range-form.ts";
import { Readings } from "./readings.ts";
import { copyLink, rememberView } from "./share.ts";
import { askForToken } from "./sign-in-form.ts";
import { Tabs } from "./tabs.ts";
import { Tools } from "./tools.ts";
import { TrackMap } from "./track-map.ts";
import { Watches } from "./watches.ts";
import { whenChanged } from "./when-changed.ts";
import type { Workstation } from "./workstation.ts";

/** Puts the panels on the page: beside the plots, over them, and in place of them. */
export function mountPanels(station: Workstation): void {
  const { engine, view, themes } = station;
  rememberView(station);
  const watches = new Watches(engine);
  const laps = new Laps(engine);
  const events = new EventStore(engine);
  const characters = new CharacterKeys();
  const help = new Help(characters);
  const ranges = new RangeForm(station);
  askForToken(station);
  const colorOf = (color: number) => traceStyle(color, themes.theme).color;

  const table = new ParameterTable({
    toggle: ({ id }) => {
      const { panes } = view.state;
      view.change({ panes: isPlotted(panes, id) ? removeTrace(panes, id) : addTrace(panes, id) });
    },
    inView: (ids) => watches.set("table", ids),
    colorOf: (id) => {
      const trace = view.state.panes
        .flatMap(({ traces }) => traces)
        .find(({ parameter }) => parameter === id);
      return trace === undefined ? null : colorOf(trace.color);
    },
  });
  engine.on("catalogue", ({ parameters }) => table.show(parameters));
  engine.on("values", (values) => table.showValues(values));
  const readings = new Readings(station, ({ color }) => colorOf(color));
  const lapList = new LapList(station, laps);
  const eventList = new EventList(station, events);
  const map = new TrackMap(station, watches, laps, themes);
  const tabs = new Tabs(
    "Panels",
    [
      { id: "parameters", title: "Parameters", content: table.root },
      { id: "readings", title: "Readings", content: readings.root },
      { id: "laps", title: "Laps", content: lapList.root },
      { id: "events", title: "Events", content: eventList.root },
    ],
    (id) => {
      remember("tab", id);
      eventList.draw(true);
      readings.refresh();
      table.refresh();
    },
  );
  tabs.show(recall("tab") ?? "parameters");
  byId("side", HTMLElement).append(map.root, tabs.root);
  new Lane(byId("lane", HTMLElement), station, events, laps, themes);
  new LapLines(station, laps);
  const data = new DistanceData(station, watches, laps);
  const distance = new DistanceView(station, data, themes);
  const inView = () => (view.state.axis === "distance" ? data.interval() : (engine.latest("drawn") ?? null));
  byId("stack", HTMLElement).after(distance.root);

  const actions = actionsOf(station, {
    distance,
    events,
    laps,
    showTab: (id) => tabs.show(id),
    search: () => {
      tabs.show("parameters");
      table.focusSearch();
    },
    toggleMap: () => {
      map.toggle();
      tools.press("map", map.isOpen);
    },
    toggleAxis: () => {
      const hasDistance = data.latest("distance") !== null;
      if (!hasDistance) notice("This session has no distance parameter that is known by its name.");
      view.change({ axis: hasDistance && view.state.axis === "time" ? "distance" : "time" });
    },
    askRange: (pane) => ranges.open(pane),
    copyLink: () => void copyLink(view),
    exportCsv: () => void exportCsv(station, inView()),
    exportPng: () => void exportPng(station, inView()),
    nextTheme: () => tools.nameTheme(themes.next()),
    help: () => help.open(),
  });
  bindKeys(actions, characters);
  const tools = new Tools(byId("tools", HTMLElement), (action) => actions[action]());
  tools.nameTheme(themes.choice);
  tools.press("map", map.isOpen);
  whenChanged(view, ["axis"], ({ axis }) => {
    byId("stack", HTMLElement).hidden = axis === "distance";
    byId("lane", HTMLElement).hidden = axis === "distance";
    tools.press("axis", axis === "distance");
  });
  whenChanged(view, ["panes"], () => table.refresh());
  themes.on("theme", () => {
    table.refresh();
    readings.refresh();
  });
}
