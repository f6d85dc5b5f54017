import type { ParameterInfo } from "./engine/messages.ts";

/** What people look at first, by the names that telemetry gives it. The order is that of the plots. */
const FAVOURITES: readonly RegExp[] = [
  /^v_?car$|^(car|vehicle|ground)? ?speed$/i,
  /throttle/i,
  /brake ?(pressure|pedal|pos)|^p_?brake|^brake$/i,
  /^n?_?gear$/i,
  /^n_?engine$|rpm|engine ?speed/i,
  /steer/i,
];

/** How many plots open when nothing has a familiar name. */
const FALLBACK_COUNT = 4;

/** The parameters that are plotted before anybody has chosen: familiar ones, else the first few. */
export function firstTraces(parameters: readonly ParameterInfo[]): ParameterInfo[] {
  const usable = parameters.filter(({ hasData }) => hasData);
  const found = FAVOURITES.flatMap(
    (pattern) =>
      usable.find(({ name }) => pattern.test(name)) ??
      usable.find(({ description }) => pattern.test(description)) ??
      [],
  );
  return found.length > 0 ? [...new Set(found)] : usable.slice(0, FALLBACK_COUNT);
}
