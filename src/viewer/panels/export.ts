import type { ParameterInfo } from "../engine/messages.ts";
import { type Column, csvParts } from "../sharing/csv.ts";
import { notice } from "./notice.ts";
import { styleColor } from "./surface.ts";
import type { Workstation } from "./workstation.ts";

/** An hour of 100 Hz in each trace; of more, the least and the greatest of as many parts. */
const MOST_SAMPLES = 400_000;
const CAPTION_PX = 26;
/** Lines over the canvases, and words beside them, that belong to the picture. */
const LINES = ".cursor:not([hidden]), .lap-line";
const LABELS = ".pane-name, .pane-value, .lap-legend strong, .lap-legend .number";

/** The time in view: the window of the plots, or from the first to the last of the laps over distance. */
export interface Interval {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** Saves the samples of the traces in view as CSV, gaps marked. */
export async function exportCsv({ engine, view }: Workstation, interval: Interval | null): Promise<void> {
  const infos = new Map(engine.latest("catalogue")?.parameters.map((parameter) => [parameter.id, parameter]));
  const parameters = view.state.panes.flatMap(({ traces }) => traces.map(({ parameter }) => parameter));
  if (interval === null || parameters.length === 0) {
    notice("There is no trace in view to export.");
    return;
  }
  const { startNs, endNs } = interval;
  const series = await engine.ask("series", { parameters, startNs, endNs, most: MOST_SAMPLES });
  const columns = await Promise.all(
    series.map(async (each, index): Promise<Column> => {
      const id = parameters[index] as string;
      const info: ParameterInfo | undefined = infos.get(id);
      const texts = info?.isState ? await engine.ask("texts", { parameter: id, values: each.values }) : null;
      return { name: info?.name ?? id, unit: info?.unit ?? "", series: each, texts };
    }),
  );
  const parts: string[] = [];
  for (const part of csvParts(columns, startNs)) {
    parts.push(part);
    // A long table takes a while: clicks are answered meanwhile.
    await new Promise((resolve) => setTimeout(resolve));
  }
  save(new Blob(parts, { type: "text/csv;charset=utf-8" }), fileName(engine, startNs, "csv"));
}

/** Saves the panes as they are drawn, with a caption, as PNG. */
export async function exportPng({ engine, view }: Workstation, interval: Interval | null): Promise<void> {
  const isDistance = view.state.axis === "distance";
  const host = document.querySelector<HTMLElement>(isDistance ? "#distance" : "#stack");
  if (host === null || interval === null) {
    notice("There is nothing in view to export.");
    return;
  }
  const { startNs, endNs } = interval;
  const picture = composed(host, caption(engine.latest("session")?.identifier ?? "", startNs, endNs));
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, "image/png"));
  if (blob === null) notice("The browser could not make the picture.");
  else save(blob, fileName(engine, startNs, "png"));
}

/** The canvases of an element, and the lines and words of panes beside them, at their places. */
function composed(host: HTMLElement, words: string): HTMLCanvasElement {
  const frame = host.getBoundingClientRect();
  const picture = document.createElement("canvas");
  picture.width = Math.round(frame.width * devicePixelRatio);
  picture.height = Math.round((frame.height + CAPTION_PX) * devicePixelRatio);
  const context = picture.getContext("2d") as CanvasRenderingContext2D;
  context.scale(devicePixelRatio, devicePixelRatio);
  context.fillStyle = styleColor("--plot");
  context.fillRect(0, 0, frame.width, frame.height + CAPTION_PX);
  context.textBaseline = "middle";
  context.font = "12px system-ui, sans-serif";
  context.fillStyle = styleColor("--text");
  context.fillText(words, 10, CAPTION_PX / 2);
  for (const canvas of host.querySelectorAll("canvas")) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    if (width === 0 || height === 0 || canvas.width === 0) continue;
    context.drawImage(canvas, left - frame.left, top - frame.top + CAPTION_PX, width, height);
  }
  for (const line of host.querySelectorAll(LINES)) {
    const { left, top, height } = line.getBoundingClientRect();
    const { backgroundColor, borderLeftColor } = getComputedStyle(line);
    context.fillStyle = line.matches(".lap-line") ? borderLeftColor : backgroundColor;
    context.fillRect(left - frame.left, top - frame.top + CAPTION_PX, 1, height);
  }
  for (const label of host.querySelectorAll<HTMLElement>(LABELS)) {
    const { left, top, height } = label.getBoundingClientRect();
    context.fillStyle = getComputedStyle(label).color;
    context.fillText(label.innerText, left - frame.left, top - frame.top + CAPTION_PX + height / 2);
  }
  return picture;
}

function caption(name: string, startNs: bigint, endNs: bigint): string {
  return `${name}   ${isoSeconds(startNs)} to ${isoSeconds(endNs)} UTC`;
}

function isoSeconds(ns: bigint): string {
  return new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 23).replace("T", " ");
}

function fileName(engine: Workstation["engine"], startNs: bigint, ending: string): string {
  const name = engine.latest("session")?.identifier ?? "session";
  const safe = name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60);
  return `${safe}-${isoSeconds(startNs).replace(/[^\d]+/g, "")}.${ending}`;
}

function save(blob: Blob, name: string): void {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(anchor.href);
  notice(`Saved as ${name}.`);
}
