import { byId, setText } from "../dom.ts";

/** How long a passing notice stays. */
const NOTICE_MS = 8_000;

let timer = 0;

/** Says something in passing. */
export function notice(text: string): void {
  const line = byId("notice", HTMLElement);
  setText(line, text);
  line.hidden = false;
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    line.hidden = true;
  }, NOTICE_MS);
}
