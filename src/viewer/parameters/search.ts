import type { ParameterInfo } from "../engine/messages.ts";

/** The fields that a word of a query may name, as `unit:km/h` does. */
const FIELDS = {
  name: ({ name }: ParameterInfo) => name,
  unit: ({ unit }: ParameterInfo) => unit,
  group: ({ groups }: ParameterInfo) => groups.join(" "),
  app: ({ app }: ParameterInfo) => app,
} as const;

type Field = keyof typeof FIELDS;

interface Entry {
  readonly parameter: ParameterInfo;
  readonly name: string;
  /** Everything that people may know of it. */
  readonly text: string;
}

/** Finds among thousands of parameters while somebody types. */
export class ParameterIndex {
  readonly #entries: readonly Entry[];

  constructor(parameters: readonly ParameterInfo[]) {
    this.#entries = parameters.map((parameter) => {
      const { id, name, description, unit, groups } = parameter;
      const text = [id, name, description, unit, ...groups].join(" ").toLowerCase();
      return { parameter, name: name.toLowerCase(), text };
    });
  }

  /**
   * Parameters that hold every word of the query in name, description, unit or group, in any case; a word such as
   * `unit:rpm` looks at that field alone. Names that begin with the first word come first, else the order stays.
   */
  find(query: string): readonly ParameterInfo[] {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const first = words[0];
    if (first === undefined) return this.#entries.map(({ parameter }) => parameter);
    const found = this.#entries.filter((entry) => words.every((word) => holds(entry, word)));
    const isNamed = ({ name }: Entry) => name.startsWith(first);
    return [...found.filter(isNamed), ...found.filter((entry) => !isNamed(entry))].map(
      ({ parameter }) => parameter,
    );
  }
}

function holds({ parameter, text }: Entry, word: string): boolean {
  const [field = "", ...rest] = word.split(":");
  const wanted = rest.join(":");
  if (!Object.hasOwn(FIELDS, field) || wanted === "") return text.includes(word);
  return FIELDS[field as Field](parameter).toLowerCase().includes(wanted);
}
