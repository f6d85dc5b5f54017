import type { ParameterInfo } from "../engine/messages.ts";

/** A line of the parameter list: the heading of a group, or a parameter. */
export type Line =
  | { readonly kind: "group"; readonly name: string; readonly count: number; readonly isOpen: boolean }
  | { readonly kind: "parameter"; readonly parameter: ParameterInfo };

/** The heading of those that no group lists. */
export const NO_GROUP = "Other";

/**
 * Parameters under the headings of their outermost groups, in the order in which groups first occur. Under a closed
 * heading none is listed. Where there is but one group, no heading is.
 */
export function groupedLines(parameters: readonly ParameterInfo[], closed: ReadonlySet<string>): Line[] {
  const groups = Map.groupBy(parameters, ({ groups: [outermost] }) => outermost ?? NO_GROUP);
  if (groups.size <= 1) return parameters.map((parameter) => ({ kind: "parameter", parameter }));
  return [...groups].flatMap(([name, members]): Line[] => {
    const isOpen = !closed.has(name);
    const heading: Line = { kind: "group", name, count: members.length, isOpen };
    return [heading, ...(isOpen ? members : []).map((parameter): Line => ({ kind: "parameter", parameter }))];
  });
}
