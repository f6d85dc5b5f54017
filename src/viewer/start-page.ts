import { type RestAnswer, restAt, type Session } from "../client/index.ts";
import { byId, element, setText } from "./dom.ts";

/** The page without a session: a form, and the sessions that REST lists. */
export async function showStartPage(): Promise<void> {
  byId("start", HTMLElement).hidden = false;
  const rest = restAt(location.origin, (url, init) => fetch(url, init), new AbortController().signal);
  const answer = await rest.sessions();
  setText(byId("sessions-note", HTMLElement), noteOn(answer));
  if (answer.kind === "found")
    byId("sessions", HTMLElement).replaceChildren(...answer.value.map(sessionItem));
}

function noteOn(answer: RestAnswer<readonly Session[]>): string {
  switch (answer.kind) {
    case "found":
      return answer.value.length === 0 ? "The server knows of no session at the moment." : "";
    case "absent":
    case "missing":
      return "This server keeps no list of sessions: type the identity of one.";
    case "refused":
      return "The server refuses to list sessions: a valid token is needed.";
    case "failed":
      return `The list of sessions cannot be had (${answer.reason}): type an identity, or load this page again.`;
  }
}

function sessionItem({ identity, identifier, state }: Session): HTMLLIElement {
  const chip = element("span", { class: "chip", "data-state": state }, state);
  return element(
    "li",
    {},
    element("a", { href: `/viewer/?session=${encodeURIComponent(identity)}` }, identifier, chip),
  );
}
