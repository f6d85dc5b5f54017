import { element } from "../dom.ts";

const RETENTION_S = 1_800;
const MIN_S = 60;
const MAX_S = 12 * 3600;
const CHOICES = [
  [600, "10 minutes"],
  [RETENTION_S, "half an hour"],
  [3600, "an hour"],
  [4 * 3600, "4 hours"],
  [MAX_S, "12 hours"],
] as const;

/** Seconds that samples are kept for, as `?keep=` of the address says; less where memory is short. */
export function retentionS(): number {
  const wanted = Number(new URLSearchParams(location.search).get("keep") ?? RETENTION_S);
  return Number.isNaN(wanted) ? RETENTION_S : Math.min(Math.max(wanted, MIN_S), MAX_S);
}

/** A choice of it. It is part of the address, and the page is opened anew with it: what is seen stays. */
export function retentionChoice(): HTMLElement {
  const kept = retentionS();
  const isKnown = CHOICES.some(([seconds]) => seconds === kept);
  const choices = isKnown ? CHOICES : [[kept, `${kept} s`] as const, ...CHOICES];
  const select = element("select", {});
  select.append(
    ...choices.map(([seconds, words]) => new Option(words, String(seconds), false, seconds === kept)),
  );
  select.addEventListener("change", () => {
    const url = new URL(location.href);
    url.searchParams.set("keep", select.value);
    location.assign(url);
  });
  return element("label", { class: "retention" }, "Samples are kept for (opens the page anew)", select);
}
