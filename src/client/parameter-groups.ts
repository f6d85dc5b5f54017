import { asList, asObject, asText, type JsonObject } from "./json.ts";

/** Deeper trees than this are a broken configuration, not an order that people made. */
const MAX_DEPTH = 32;

/** Parameter id to the names of the groups that list it, from an application's `tree`. */
export function groupsOf(tree: JsonObject): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  visit(tree, [], found);
  return found;
}

function visit(group: JsonObject, path: readonly string[], found: Map<string, string[]>): void {
  for (const parameter of asList(group.params).map((id) => asText(id))) {
    const names = found.get(parameter) ?? [];
    found.set(parameter, [...new Set([...names, ...path])]);
  }
  if (path.length >= MAX_DEPTH) return;
  for (const child of asList(group.groups).map(asObject)) {
    visit(child, [...path, asText(child.desc) || asText(child.id)], found);
  }
}
