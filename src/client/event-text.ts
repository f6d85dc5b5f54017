import type { EventItem } from "../wire/samples.ts";
import { type Catalogue, eventKey } from "./catalogue.ts";
import { IDENTITY } from "./conversion.ts";
import { mustBe } from "./errors.ts";
import { formatValue } from "./format.ts";

/** An event as people read it. */
export interface EventText {
  /** `01AF:app` and the description of its definition. */
  readonly title: string;
  /** Its own text, or its values as the definition's conversions name them. */
  readonly detail: string;
  /** `debug`, `low`, `medium` or `high`; empty without a definition. */
  readonly priority: string;
}

/** Puts an event into words with what the catalogue knows of it. Throws ClientError. */
export function eventText(event: EventItem, catalogue: Catalogue): EventText {
  mustBe(typeof event?.definitionId === "number", "event", "an event of a session");
  mustBe(catalogue?.events instanceof Map, "catalogue", "the catalogue of a session");
  const definition = catalogue.events.get(eventKey(event.appName, event.definitionId));
  const code = `${(event.definitionId >>> 0).toString(16).toUpperCase().padStart(4, "0")}:${event.appName}`;
  const description = definition?.description ?? "";
  const values = [...event.values].map((raw, index) => {
    const { toText, toNumber, format, unit } = definition?.conversions[index] ?? IDENTITY;
    return toText?.(raw) ?? [formatValue(format, toNumber(raw)), unit].filter(Boolean).join(" ");
  });
  return {
    title: description.startsWith(code) ? description : [code, description].filter(Boolean).join(" "),
    detail: event.statusText || values.join(", "),
    priority: definition?.priority ?? "",
  };
}
