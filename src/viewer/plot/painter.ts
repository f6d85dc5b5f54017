import { type FrameRequest, type PaneSpec, type Scale, TIME_AXIS } from "../engine/messages.ts";
import type { Frame, Trace } from "./frame.ts";
import { drawTimeAxis, labelPane } from "./labels.ts";
import { PanePicture } from "./pane-picture.ts";

interface Sheet {
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
  image: ImageData;
  picture: PanePicture;
  /** What was drawn last: the same is not drawn again. */
  drawn: string;
  scales: readonly Scale[];
}

/** Draws panes on the canvases that the page has handed over. */
export class Painter {
  readonly #sheets = new Map<string, Sheet>();

  /** Takes the canvas of a pane, or of the time axis. */
  adopt(pane: string, canvas: OffscreenCanvas): void {
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (context === null) throw new TypeError("This browser cannot draw outside of the page");
    const image = new ImageData(1, 1);
    const picture = new PanePicture(1, 1, 1, image.data.buffer);
    this.#sheets.set(pane, { canvas, context, image, picture, drawn: "", scales: [] });
  }

  /** Forgets the canvases of panes that are no more. */
  keep(panes: readonly PaneSpec[]): void {
    const kept = new Set([TIME_AXIS, ...panes.map(({ id }) => id)]);
    for (const pane of this.#sheets.keys()) if (!kept.has(pane)) this.#sheets.delete(pane);
  }

  /** Draws what is in view; returns the scales by pane. `version` of a trace changes with its samples. */
  draw(
    request: FrameRequest,
    panes: ReadonlyMap<string, PaneSpec>,
    frame: Frame,
    tracesOf: (pane: PaneSpec) => readonly (Trace | null)[],
  ): Map<string, readonly Scale[]> {
    const scales = new Map<string, readonly Scale[]>();
    for (const { id, widthPx, heightPx } of request.panes) {
      const sheet = this.#sheets.get(id);
      if (sheet === undefined || widthPx < 1 || heightPx < 1) continue;
      const pane = panes.get(id);
      const traces = pane === undefined ? [] : tracesOf(pane);
      const wanted = nameOf(frame, widthPx, heightPx, pane, traces);
      if (sheet.drawn !== wanted) {
        sheet.drawn = wanted;
        resize(sheet, widthPx, heightPx, frame.pixelRatio);
        if (pane !== undefined) drawPane(sheet, pane, traces, frame);
        else if (id === TIME_AXIS) drawTimeAxis(sheet.context, widthPx, heightPx, frame);
      }
      scales.set(id, sheet.scales);
    }
    return scales;
  }
}

function drawPane(sheet: Sheet, pane: PaneSpec, traces: readonly (Trace | null)[], frame: Frame): void {
  sheet.scales = sheet.picture.draw(pane, traces, frame);
  sheet.context.putImageData(sheet.image, 0, 0);
  labelPane(sheet.context, sheet.picture.area, pane, traces, sheet.scales, frame);
}

function resize(sheet: Sheet, width: number, height: number, pixelRatio: number): void {
  if (sheet.canvas.width === width && sheet.canvas.height === height && sheet.image.width === width) return;
  sheet.canvas.width = width;
  sheet.canvas.height = height;
  sheet.image = new ImageData(width, height);
  sheet.picture = new PanePicture(width, height, pixelRatio, sheet.image.data.buffer);
}

/** All that the picture depends on. */
function nameOf(
  { startNs, endNs, untilNs, theme, pixelRatio }: Frame,
  width: number,
  height: number,
  pane: PaneSpec | undefined,
  traces: readonly (Trace | null)[],
): string {
  const versions = traces.map((trace) => trace?.version ?? "");
  const seenUntil = Math.min(untilNs, endNs);
  return JSON.stringify([
    startNs,
    endNs,
    seenUntil,
    width,
    height,
    pixelRatio,
    theme,
    pane ?? null,
    versions,
  ]);
}
