import type { Link, Session } from "../../client/index.ts";
import { DelayLine } from "../time/delay-line.ts";
import type { SessionNews } from "./messages.ts";

/** News of the session that have no time of their own: told when the broadcast delay allows, each once. */
export class HeldNews {
  readonly #sessions = new DelayLine<Session>();
  readonly #links = new DelayLine<Link>();
  #link: Link | null = null;
  #toldSession = "";
  #toldLink: Link | null = null;

  takeSession(session: Session, nowMs: number): void {
    this.#sessions.push(session, nowMs);
  }

  takeLink(link: Link, nowMs: number): void {
    this.#link = link;
    this.#links.push(link, nowMs);
  }

  /** The session as it was `delayMs` ago; before that is known, who it is and no more. Null when nothing has changed. */
  session(nowMs: number, delayMs: number): SessionNews | null {
    const seen = this.#sessions.at(nowMs, delayMs);
    const latest = seen ?? this.#sessions.at(nowMs, 0);
    if (latest === null) return null;
    const { identity, identifier } = latest;
    const { state, json } = seen ?? { state: "unknown" as const, json: {} };
    const news = { identity, identifier, state, json };
    const text = JSON.stringify(news, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
    if (text === this.#toldSession) return null;
    this.#toldSession = text;
    return news;
  }

  /** The link as it is, but that the session has ended: its last samples are seen first. Null when nothing has changed. */
  link(nowMs: number, delayMs: number): Link | null {
    if (this.#link === null) return null;
    const isEnd = this.#link.state === "closed" && this.#link.cause === "ended";
    const link = isEnd ? (this.#links.at(nowMs, delayMs) ?? { state: "connecting" as const }) : this.#link;
    if (JSON.stringify(link) === JSON.stringify(this.#toldLink)) return null;
    this.#toldLink = link;
    return link;
  }
}
