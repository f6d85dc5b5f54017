import type { Link, LinkCause } from "../../client/index.ts";

/** What happened, as a sentence of its own. */
const CAUSES: Readonly<Record<LinkCause, string>> = {
  unreachable: "The server cannot be reached.",
  "not-available": "The server has nothing to stream for this session.",
  "no-such-session": "There is no session with this identity.",
  "not-open": "The session has not been opened yet.",
  dropped: "The connection broke.",
  restarting: "The server is restarting.",
  overloaded: "The server is overloaded, or this page was too slow for it.",
  "server-error": "The server cannot read its data at the moment.",
  refused: "The server refuses access: a valid token is needed.",
  "no-websocket": "This browser has no WebSocket, which live data needs.",
  ended: "The session has ended; no more data will come.",
  "by-client": "This page has stopped following the session.",
};

/** The link in words: what is the matter, and what the page does about it. */
export function linkWords(link: Link, nowMs: number, isCatchingUp: boolean): string {
  switch (link.state) {
    case "connecting":
      return "Asking the server for the session.";
    case "live":
      return isCatchingUp ? "Older samples are coming in." : "Data arrives as it is written.";
    case "stale":
      return `The connection stands, but nothing has arrived for ${seconds(nowMs - link.sinceMs)}. Waiting for more.`;
    case "reconnecting":
    case "unavailable": {
      const waitMs = link.retryAtMs - nowMs;
      return `${CAUSES[link.cause]} Trying again ${waitMs > 0 ? `in ${seconds(waitMs)}` : "now"}.`;
    }
    case "closed":
      return CAUSES[link.cause];
  }
}

/** How far the newest sample lies behind this device's clock. */
export function delayWords(newestNs: bigint | null, nowMs: number): string {
  if (newestNs === null) return "no samples yet";
  const delay = nowMs / 1000 - Number(newestNs / 1_000_000n) / 1000;
  const amount = Math.abs(delay) < 60 ? `${Math.abs(delay).toFixed(1)} s` : seconds(Math.abs(delay) * 1000);
  return delay >= 0
    ? `newest sample ${amount} behind the clock`
    : `newest sample ${amount} ahead of the clock`;
}

/** A short time in its usual unit. */
export function msText(ms: number): string {
  if (Number.isNaN(ms)) return "–";
  return Math.abs(ms) < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function seconds(ms: number): string {
  const whole = Math.ceil(ms / 1000);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
