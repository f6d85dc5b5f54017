import type { Link } from "../../client/index.ts";
import { byId, element, setText } from "../dom.ts";
import type { Engine } from "../engine/engine.ts";
import type { HealthNews } from "../engine/messages.ts";
import { exactTimeText } from "../time/time-text.ts";
import { delayWords, linkWords, msText } from "./link-words.ts";
import { retentionChoice } from "./retention.ts";

/** Numbers that change faster cannot be read. */
const WORDS_INTERVAL_MS = 200;

/** How the link stands, in words and numbers; more of them behind a click. */
export class LinkBar {
  readonly #engine: Engine;
  readonly #details = element("div");

  constructor(engine: Engine) {
    this.#engine = engine;
    byId("link-details", HTMLElement).append(this.#details, retentionChoice());
    engine.on("link", () => this.#drawWords());
    engine.on("health", (health) => this.#drawDetails(health));
    window.setInterval(() => this.#drawWords(), WORDS_INTERVAL_MS);
  }

  #drawWords(): void {
    const link: Link = this.#engine.latest("link") ?? { state: "connecting" };
    const nowMs = Date.now();
    byId("link", HTMLElement).dataset.state = link.state;
    const isCatchingUp = link.state === "live" && (this.#engine.latest("health")?.isCatchingUp ?? false);
    setText(byId("link-state", HTMLElement), isCatchingUp ? "catching up" : link.state);
    setText(byId("link-words", HTMLElement), linkWords(link, nowMs, isCatchingUp));
    const newestNs = this.#engine.latest("drawn")?.newestNs ?? null;
    setText(byId("delay", HTMLElement), delayWords(newestNs, nowMs));
  }

  #drawDetails(health: HealthNews): void {
    const { delayP50Ms, delayP99Ms, transportMs, decodingMs, smoothingMs, losses } = health;
    setText(byId("delay-p50", HTMLElement), msText(delayP50Ms));
    setText(byId("delay-p99", HTMLElement), msText(delayP99Ms));
    const rows = [
      ["Sample to screen, median", msText(delayP50Ms)],
      ["Sample to screen, 99 of 100", msText(delayP99Ms)],
      ["of the median: from its stamp to this page, with any difference between clocks", msText(transportMs)],
      ["of the median: unpacking and merging", msText(decodingMs)],
      ["of the median: held so that traces move evenly", msText(smoothingMs)],
      ["Samples a second", Math.round(health.samplesPerSecond).toLocaleString()],
      ["Memory of samples", `${(health.bytesKept / 1e6).toFixed(1)} MB`],
      ["Lost", losses.length === 0 ? "nothing" : ""],
    ] as const;
    const lost = losses.map(({ startNs, endNs, words }) =>
      element(
        "li",
        {},
        `${exactTimeText(startNs).slice(0, 12)} to ${exactTimeText(endNs).slice(0, 12)}: ${words}`,
      ),
    );
    this.#details.replaceChildren(
      element(
        "dl",
        {},
        ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
      ),
      element("ul", { class: "losses" }, ...lost),
    );
    byId("link-lost", HTMLElement).hidden = losses.length === 0;
  }
}
