import type { ParameterInfo } from "../engine/messages.ts";

/** Parameters that say where the car is, each null when the session has none that is known by its name. */
export interface Roles {
  readonly distance: Distance | null;
  /** Two coordinates of one place. */
  readonly position: Position | null;
}

/** `isInLap`: starts again at 0 with each lap; else it counts on. */
export interface Distance {
  readonly parameter: ParameterInfo;
  readonly isInLap: boolean;
}

/** `degrees`: longitude and latitude. `plane`: metres, or any one unit, to the right and up. */
export interface Position {
  readonly kind: "degrees" | "plane";
  readonly across: ParameterInfo;
  readonly along: ParameterInfo;
}

/** Patterns of names, the surest first; then those of descriptions. */
const DISTANCE = {
  names: [/^s_?lap$/i, /^lap_?dist(ance)?$/i, /^(dist(ance)?|s_?dist(ance)?|odometer)$/i],
  descriptions: [/\bdistance in (the )?lap\b/i, /\blap distance\b/i],
} as const;

/** The name of a coordinate, and how the name of the other follows from it. */
const COORDINATES = [
  {
    kind: "plane",
    across: /^(x_?car|car_?x|pos(ition)?_?x|x_?pos(ition)?)$/i,
    isAlong: (across: string, name: string) => name === across.replace("x", "y"),
  },
  {
    kind: "degrees",
    // Not `gLong` or `aLong`, which are accelerations.
    across: /^(?![ag]_?lon).*lon(g(itude)?)?$/i,
    isAlong: (across: string, name: string) =>
      name.startsWith(across.replace(/lon(g(itude)?)?$/, "lat")) && /lat(itude)?$/.test(name),
  },
] as const;

/** What the names of parameters say about which is which. */
export function rolesOf(parameters: readonly ParameterInfo[]): Roles {
  const fed = parameters.filter(({ hasData }) => hasData);
  return { distance: distanceOf(fed), position: positionOf(fed) };
}

function distanceOf(parameters: readonly ParameterInfo[]): Distance | null {
  const metric = parameters.filter(({ unit }) => /^(m|km|)$/i.test(unit));
  const byName = DISTANCE.names.map((pattern) => metric.find(({ name }) => pattern.test(name)));
  const byDescription = DISTANCE.descriptions.map((pattern) =>
    metric.find(({ description }) => pattern.test(description)),
  );
  const parameter = [...byName, ...byDescription].find((found) => found !== undefined);
  if (parameter === undefined) return null;
  return { parameter, isInLap: /lap/i.test(`${parameter.name} ${parameter.description}`) };
}

function positionOf(parameters: readonly ParameterInfo[]): Position | null {
  for (const { kind, across, isAlong } of COORDINATES) {
    for (const first of parameters.filter(({ name }) => across.test(name))) {
      const name = first.name.toLowerCase();
      const second = parameters.find(
        (each) => each.app === first.app && isAlong(name, each.name.toLowerCase()),
      );
      if (second !== undefined) return { kind, across: first, along: second };
    }
  }
  return null;
}
