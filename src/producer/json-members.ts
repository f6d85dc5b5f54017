/**
 * The text of a JSON object with top-level members set to other texts, in their places, or at the end where it had
 * none; every other character stays as it was. Throws SyntaxError for what is no JSON object.
 */
export function withMembers(json: string, members: Readonly<Record<string, string>>): string {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new SyntaxError("not a JSON object");
  }
  const missing = new Map(Object.entries(members));
  let text = "";
  let copied = 0;
  for (const { name, from, to } of topLevelValues(json)) {
    const value = Object.hasOwn(members, name) ? members[name] : undefined;
    if (value === undefined) continue;
    text += json.slice(copied, from) + value;
    copied = to;
    missing.delete(name);
  }
  // Behind the last member, before white space that the closing brace has.
  const end = json.slice(0, json.lastIndexOf("}")).trimEnd().length;
  text += json.slice(copied, end);
  for (const [name, value] of missing) {
    text += `${text.trimEnd().endsWith("{") ? "" : ","}${JSON.stringify(name)}:${value}`;
  }
  return text + json.slice(end);
}

/** Where the values of a valid JSON object's own members are. */
function* topLevelValues(json: string): Generator<{ name: string; from: number; to: number }> {
  // A string, or one character that opens, closes or divides.
  const tokens = json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g);
  let depth = 0;
  let name = "";
  let from = -1;
  let last = "";
  for (const { 0: token, index } of tokens) {
    const ends = depth === 1 && (token === "," || token === "}");
    if (ends && from >= 0) {
      yield { name, from, to: json.slice(0, index).trimEnd().length };
      from = -1;
    }
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (token === ":" && depth === 1) {
      name = JSON.parse(last) as string;
      from = index + 1 + json.slice(index + 1).search(/\S/);
    }
    last = token;
  }
}
