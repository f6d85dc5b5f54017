import type { ParameterInfo } from "./engine/messages.ts";

/** Parameters of which name, description, unit or group contain every word of the query, in any letter case. */
export function searchParameters(
  parameters: readonly ParameterInfo[],
  query: string,
): readonly ParameterInfo[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return parameters;
  return parameters.filter(({ id, name, description, unit, groups }) => {
    const text = [id, name, description, unit, ...groups].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
