/** Layouts by the kind of session that they are for, the one of the latest visit last. */
export type Layouts = ReadonlyMap<string, string>;

/** Of more kinds of session the one that was not visited for longest is forgotten. */
const MAX_LAYOUTS = 20;

/** Reads what `writeLayouts` wrote; anything else is no layout at all. */
export function readLayouts(text: string | null): Layouts {
  try {
    const pairs: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(pairs)) return new Map();
    return new Map(
      pairs.filter(
        (pair) => Array.isArray(pair) && typeof pair[0] === "string" && typeof pair[1] === "string",
      ),
    );
  } catch {
    return new Map();
  }
}

/** The layouts with this one for its kind of session. */
export function writeLayouts(layouts: Layouts, kind: string, layout: string): string {
  const others = [...layouts].filter(([other]) => other !== kind);
  return JSON.stringify([...others.slice(1 - MAX_LAYOUTS), [kind, layout]]);
}
