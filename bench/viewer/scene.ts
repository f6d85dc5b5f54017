/** Fifty traces, as both plotters show them. */
export const PANES = 10;
export const TRACES_PER_PANE = 5;

/** The fragment of a link that opens the viewer on that scene. */
export function viewOf(spanS: number): string {
  const panes = Array.from({ length: PANES }, (_, pane) => {
    const traces = Array.from({ length: TRACES_PER_PANE }, (_, trace) => {
      const id = pane * TRACES_PER_PANE + trace;
      return `p${id}:app,${trace}`;
    });
    return `pane=${traces.join("+")}!shared`;
  });
  return `#v=1&span=${spanS}&${panes.join("&")}`;
}
