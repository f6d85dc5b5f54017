import { element } from "../dom.ts";
import type { DrawnNews, EventLine } from "../engine/messages.ts";
import type { Themes } from "../look/theme.ts";
import { GUTTER_PX, GUTTER_RIGHT_PX } from "../plot/frame.ts";
import type { Lap } from "../reading/laps.ts";
import { goTo } from "./actions.ts";
import type { EventStore } from "./event-store.ts";
import type { Laps } from "./laps.ts";
import { Surface, styleColor } from "./surface.ts";
import type { Workstation } from "./workstation.ts";

/** A pointer this near to an event means it. */
const REACH_PX = 8;
/** Lower ones are drawn first, so that higher ones are on top. */
const PRIORITIES = ["debug", "low", "medium", "high"];
const FONT = "11px system-ui, sans-serif";

/** Where times are on the lane, as on the plots above it. */
interface Scale {
  readonly toX: (timeNs: bigint) => number;
  readonly left: number;
  readonly right: number;
}

/** The lane under the time axis: events by time and priority, and where laps begin. */
export class Lane {
  readonly #station: Workstation;
  readonly #events: EventStore;
  readonly #surface: Surface;
  readonly #tip = element("div", { class: "lane-tip", role: "status", hidden: "" });
  #laps: readonly Lap[] = [];

  constructor(root: HTMLElement, station: Workstation, events: EventStore, laps: Laps, themes: Themes) {
    this.#station = station;
    this.#events = events;
    const canvas = element("canvas", {
      role: "img",
      "aria-label": "Events and laps by time; the list has the same",
    });
    root.classList.add("lane");
    root.append(canvas, this.#tip);
    this.#surface = new Surface(canvas, () => this.#draw());
    canvas.addEventListener("pointermove", ({ offsetX }) => this.#point(offsetX));
    canvas.addEventListener("pointerleave", () => {
      this.#tip.hidden = true;
    });
    canvas.addEventListener("click", ({ offsetX }) => {
      const event = this.#near(offsetX);
      if (event !== undefined) goTo(station, event.timeNs);
    });
    laps.on("laps", (known) => {
      this.#laps = known;
    });
    station.engine.on("drawn", () => this.#draw());
    themes.on("theme", () => this.#draw());
  }

  #draw(): void {
    const drawn = this.#station.engine.latest("drawn");
    const { width, height } = this.#surface;
    if (drawn === undefined || width === 0) return;
    const context = this.#surface.clear();
    const scale = scaleOf(drawn, width);
    context.save();
    context.beginPath();
    context.rect(scale.left, 0, scale.right - scale.left, height);
    context.clip();
    this.#drawLaps(context, scale, height);
    const shown = this.#inView(drawn);
    for (const priority of PRIORITIES) {
      const size = priority === "high" ? 5 : priority === "medium" ? 4 : 2.5;
      context.fillStyle = styleColor(`--event-${priority}`);
      context.beginPath();
      for (const event of shown) {
        if ((event.priority || "debug") === priority)
          addSign(context, scale.toX(event.timeNs), height / 2, size, priority);
      }
      context.fill();
    }
    context.restore();
  }

  #drawLaps(context: CanvasRenderingContext2D, { toX, left, right }: Scale, height: number): void {
    context.font = FONT;
    context.textBaseline = "middle";
    context.fillStyle = styleColor("--muted");
    for (const { label, startNs } of this.#laps) {
      const x = toX(startNs);
      if (x < left - 200 || x > right) continue;
      context.fillRect(Math.round(x), 0, 1, height);
      context.fillText(label, Math.max(x, left) + 5, height - 7);
    }
  }

  #inView({ startNs, endNs }: DrawnNews): readonly EventLine[] {
    return this.#events.all.slice(this.#events.indexAfter(startNs - 1n), this.#events.indexAfter(endNs));
  }

  #near(x: number): EventLine | undefined {
    const drawn = this.#station.engine.latest("drawn");
    if (drawn === undefined) return undefined;
    const { toX } = scaleOf(drawn, this.#surface.width);
    const off = ({ timeNs }: EventLine) => Math.abs(toX(timeNs) - x);
    const near = this.#inView(drawn).filter((event) => off(event) <= REACH_PX);
    const rank = ({ priority }: EventLine) => PRIORITIES.indexOf(priority);
    return near.sort((a, b) => rank(b) - rank(a) || off(a) - off(b))[0];
  }

  #point(x: number): void {
    const event = this.#near(x);
    this.#tip.hidden = event === undefined;
    this.#surface.canvas.style.cursor = event === undefined ? "" : "pointer";
    if (event === undefined) return;
    this.#tip.replaceChildren(`${event.title} `, element("span", { class: "muted" }, event.detail));
    this.#tip.style.translate = `clamp(0px, calc(${x}px - 50%), calc(${this.#surface.width}px - 100%)) 0`;
  }
}

/** The lane lies under the plots: their gutters are its own. */
function scaleOf({ startNs, endNs }: DrawnNews, width: number): Scale {
  const left = GUTTER_PX;
  const right = width - GUTTER_RIGHT_PX;
  const span = Number(endNs - startNs);
  return { left, right, toX: (timeNs) => left + (Number(timeNs - startNs) / span) * (right - left) };
}

/** Priorities differ in shape as well as in colour. */
function addSign(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  priority: string,
): void {
  context.moveTo(x, y - size);
  if (priority === "high") {
    context.lineTo(x + size, y + size);
    context.lineTo(x - size, y + size);
  } else if (priority === "medium") {
    context.lineTo(x + size, y);
    context.lineTo(x, y + size);
    context.lineTo(x - size, y);
  } else {
    context.arc(x, y, size, -Math.PI / 2, 1.5 * Math.PI);
  }
  context.closePath();
}
