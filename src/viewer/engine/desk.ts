import type { follow } from "../../client/index.ts";
import type { Trace } from "../plot/frame.ts";
import { Painter } from "../plot/painter.ts";
import { parameterInfo } from "../store/parameter-info.ts";
import { answer } from "./answers.ts";
import { Feed } from "./feed.ts";
import { HeldNews } from "./held-news.ts";
import type { Command, FrameRequest, Message, News, PaneSpec, PlotTheme } from "./messages.ts";

/** Numbers that change faster cannot be read. */
const TICK_MS = 200;
const HEALTH_INTERVAL_MS = 1_000;
const BLANK: PlotTheme = { back: 0, grid: 0, text: 0, warning: 0, traces: [0] };

/**
 * The worker's side of the page: follows the session, keeps its samples, draws them, and lets out nothing that the
 * broadcast delay holds back.
 */
export class Desk {
  readonly #post: (message: Message) => void;
  readonly #follow: typeof follow;
  readonly #nowMs: () => number;
  readonly #painter = new Painter();
  #feed: Feed | null = null;
  #held = new HeldNews();
  #panes = new Map<string, PaneSpec>();
  #watched: readonly string[] = [];
  #theme = BLANK;
  #delayMs = 0;
  /** Questions that came before there was a session to ask about. */
  readonly #early: Extract<Command, { kind: "ask" }>[] = [];
  #oldestNs = Number.NaN;
  #healthAtMs = 0;

  constructor(post: (message: Message) => void, followWith: typeof follow, nowMs: () => number = Date.now) {
    this.#post = post;
    this.#follow = followWith;
    this.#nowMs = nowMs;
  }

  /** Runs for as long as the worker does. */
  start(): void {
    setInterval(() => this.tick(), TICK_MS);
  }

  take(command: Command): void {
    switch (command.kind) {
      case "open":
        this.#open(command);
        break;
      case "panes":
        this.#panes = new Map(command.panes.map((pane) => [pane.id, pane]));
        this.#painter.keep(command.panes);
        this.#subscribe();
        break;
      case "canvas":
        this.#painter.adopt(command.pane, command.canvas);
        break;
      case "theme":
        this.#theme = command.theme;
        break;
      case "watch":
        this.#watched = command.parameters;
        this.#subscribe();
        break;
      case "delay":
        this.#setDelay(command.delayMs);
        break;
      case "frame":
        this.#draw(command.request);
        break;
      case "ask":
        this.#answer(command);
    }
  }

  /** A few times a second: lets out what has become old enough. */
  tick(): void {
    const feed = this.#feed;
    if (feed === null) return;
    const nowMs = this.#nowMs();
    this.#tellHeld();
    const untilNs = feed.clock.shownUntil(nowMs);
    if (!Number.isNaN(untilNs)) {
      this.#oldestNs = feed.traces.oldestNs;
      this.#tellEvents(feed, untilNs);
      this.#tellValues(feed, untilNs);
    }
    if (nowMs - this.#healthAtMs < HEALTH_INTERVAL_MS) return;
    this.#healthAtMs = nowMs;
    this.#tell("health", feed.health());
  }

  #open(command: Extract<Command, { kind: "open" }>): void {
    this.#feed?.close();
    this.#held = new HeldNews();
    this.#delayMs = command.delayMs;
    const feed: Feed = new Feed(
      command,
      {
        link: (link) => {
          this.#held.takeLink(link, this.#nowMs());
          this.#tellHeld();
        },
        session: (session) => {
          this.#held.takeSession(session, this.#nowMs());
          this.#tellHeld();
        },
        catalogue: ({ origin, parameters }) => {
          this.#tell("catalogue", { origin, parameters: parameters.map(parameterInfo) });
          this.#subscribe();
        },
        problem: (problem) => this.#tell("problem", problem),
      },
      this.#follow,
      this.#nowMs,
    );
    feed.clock.delayMs = command.delayMs;
    this.#feed = feed;
    this.#subscribe();
    for (const early of this.#early.splice(0)) this.#answer(early);
  }

  /** Only what is plotted or in view is asked for. */
  #subscribe(): void {
    const channels = this.#shown().flatMap((id) => this.#feed?.parameters.get(id)?.channels ?? []);
    this.#feed?.want(channels);
  }

  /** Parameters that are plotted or in view. */
  #shown(): string[] {
    return [...new Set([...[...this.#panes.values()].flatMap(parametersOf), ...this.#watched])];
  }

  #setDelay(delayMs: number): void {
    this.#delayMs = delayMs;
    if (this.#feed === null) return;
    this.#feed.clock.delayMs = delayMs;
    this.#feed.events.restart();
    this.tick();
  }

  #draw(request: FrameRequest): void {
    const feed = this.#feed;
    if (feed === null) return;
    const { clock } = feed;
    const shownUntil = clock.shownUntil(request.nowMs);
    const hasSamples = !Number.isNaN(shownUntil);
    const untilNs = hasSamples ? shownUntil : clock.since(BigInt(Math.round(request.nowMs)) * 1_000_000n);
    const endNs = request.endNs === null ? untilNs : clock.since(request.endNs);
    const startNs = endNs - request.spanNs;
    const { pixelRatio } = request;
    const frame = { originNs: clock.originNs, startNs, endNs, untilNs, pixelRatio, theme: this.#theme };
    const scales = this.#painter.draw(request, this.#panes, frame, (pane) => tracesOf(pane, feed));
    if (hasSamples) feed.drawn(shownUntil);
    this.#tell("drawn", {
      startNs: clock.at(startNs),
      endNs: clock.at(endNs),
      shownUntilNs: hasSamples ? clock.at(shownUntil) : null,
      newestNs: hasSamples ? clock.at(clock.newestNs) : null,
      oldestNs: Number.isNaN(this.#oldestNs) ? null : clock.at(this.#oldestNs),
      scales,
    });
  }

  #answer({ question, ask, ticket }: Extract<Command, { kind: "ask" }>): void {
    if (this.#feed === null) {
      this.#early.push({ kind: "ask", question, ask, ticket });
      return;
    }
    const { traces, clock, parameters } = this.#feed;
    const nowMs = this.#nowMs();
    const shownUntil = clock.shownUntil(nowMs);
    const untilNs = Number.isNaN(shownUntil) ? clock.since(BigInt(nowMs) * 1_000_000n) : shownUntil;
    const world = { traces, clock, parameters, untilNs };
    this.#post({ kind: "answer", ticket, answer: answer(question, ask, world) });
  }

  #tellEvents({ clock, events, catalogue }: Feed, untilNs: number): void {
    const news = events.release(clock.at(untilNs), catalogue);
    if (news !== null) this.#tell("events", news);
  }

  #tellValues({ parameters, traces }: Feed, untilNs: number): void {
    const readings = this.#shown().flatMap((id) => {
      const parameter = parameters.get(id);
      return parameter === undefined ? [] : [[id, traces.reading(parameter, untilNs)] as const];
    });
    this.#tell("values", new Map(readings));
  }

  #tellHeld(): void {
    const nowMs = this.#nowMs();
    const session = this.#held.session(nowMs, this.#delayMs);
    if (session !== null) this.#tell("session", session);
    const link = this.#held.link(nowMs, this.#delayMs);
    if (link !== null) this.#tell("link", link);
  }

  #tell<K extends keyof News>(kind: K, news: News[K]): void {
    this.#post({ kind, news } as Message);
  }
}

function tracesOf(pane: PaneSpec, { parameters, traces }: Feed): (Trace | null)[] {
  return parametersOf(pane).map((id) => {
    const parameter = parameters.get(id);
    return parameter === undefined ? null : traces.trace(parameter);
  });
}

function parametersOf({ traces }: PaneSpec): string[] {
  return traces.map(({ parameter }) => parameter);
}
