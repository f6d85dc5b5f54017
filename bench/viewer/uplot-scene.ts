import uPlot from "uplot";
import { PANES, TRACES_PER_PANE } from "./scene.ts";

const parameters = new URLSearchParams(location.search);
const hz = Number(parameters.get("hz"));
const spanS = Number(parameters.get("span"));
const heightPx = Math.floor((innerHeight - 40) / PANES);

/** The same waves as `valueAt` has; made here, since uPlot has no link of its own. */
function valueAt(channel: number, seconds: number): number {
  const noise = ((Math.imul(Math.round(seconds * 1000) + channel, 0x9e3779b1) >>> 16) & 0xff) / 256;
  return 50 + 40 * Math.sin(seconds * (0.4 + 0.13 * channel) + channel) + 4 * noise;
}

/** Ready-made data, so that only drawing is measured: twice the span, of which a window moves along. */
const count = 2 * spanS * hz;
const times = Float64Array.from({ length: count }, (_, index) => index / hz);
const plots = Array.from({ length: PANES }, (_, pane) => {
  const channels = Array.from({ length: TRACES_PER_PANE }, (_, trace) => pane * TRACES_PER_PANE + trace);
  const series = channels.map((channel) => times.map((seconds) => valueAt(channel, seconds)));
  const plot = new uPlot(
    {
      ...{ width: innerWidth - 420, height: heightPx, pxAlign: 0 },
      legend: { show: false },
      scales: { x: { time: false }, y: { range: [-5, 105] } },
      axes: [{}, {}],
      series: [{}, ...channels.map((channel) => ({ stroke: `hsl(${channel * 47} 70% 60%)`, width: 1.5 }))],
    },
    [[], ...channels.map(() => [])],
    document.body,
  );
  return { plot, series };
});

const startMs = performance.now();
function draw(): void {
  const endS = spanS + (((performance.now() - startMs) / 1000) % spanS);
  const [from, to] = [Math.floor((endS - spanS) * hz), Math.floor(endS * hz)];
  for (const { plot, series } of plots) {
    plot.batch(() => {
      plot.setData([times.subarray(from, to), ...series.map((values) => values.subarray(from, to))], false);
      plot.setScale("x", { min: endS - spanS, max: endS });
    });
  }
  performance.mark("drawn");
  requestAnimationFrame(draw);
}
requestAnimationFrame(draw);
