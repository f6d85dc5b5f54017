import { EventList } from "../event-list.ts";
import { ParameterTable } from "../parameter-table.ts";
import { addTrace, isPlotted, removeTrace } from "../plot/arrange.ts";
import type { Workstation } from "./workstation.ts";

/** Puts the panels on the page. */
export function mountPanels({ engine, view }: Workstation): void {
  const events = new EventList();
  const table = new ParameterTable({
    toggle: ({ id }) => {
      const { panes } = view.state;
      const isShown = isPlotted(panes, id);
      view.change({ panes: isShown ? removeTrace(panes, id) : addTrace(panes, id) });
    },
    inView: (parameters) => engine.command({ kind: "watch", parameters: parameters.map(({ id }) => id) }),
  });
  engine.on("catalogue", ({ parameters }) => table.show(parameters));
  engine.on("values", (values) => table.draw(values, ({ id }) => isPlotted(view.state.panes, id)));
  view.on("view", ({ panes }) =>
    table.draw(engine.latest("values") ?? new Map(), ({ id }) => isPlotted(panes, id)),
  );
  engine.on("events", (news) => events.take(news));
}
