import type { Catalogue, Parameter } from "../../client/index.ts";

const MOST_PROPOSALS = 8;

/** Which parameters of a session are to be shown, and which channels without one. */
export class Wanted {
  readonly #names: readonly string[];
  readonly #channels: readonly number[];
  #byChannel = new Map<number, Parameter[]>();
  #parameters: readonly Parameter[] = [];

  constructor({
    parameter = [],
    channel = [],
  }: { parameter?: readonly string[]; channel?: readonly number[] }) {
    this.#names = parameter;
    this.#channels = channel;
  }

  /** In the order of the catalogue. */
  get parameters(): readonly Parameter[] {
    return this.#parameters;
  }

  /** Why nothing of what was asked for is there; undefined while something is, or nobody knows. */
  objection({ origin, parameters }: Catalogue): string | undefined {
    const isKnown = (name: string) => parameters.some((each) => each.id === name || each.name === name);
    if (origin !== "configuration" || this.#channels.length > 0 || this.#names.length === 0) return undefined;
    if (this.#names.some(isKnown)) return undefined;
    const alike = parameters.filter(({ name }) => this.#names.some((wanted) => isAlike(name, wanted)));
    const proposal = alike
      .slice(0, MOST_PROPOSALS)
      .map(({ name }) => name)
      .join(", ");
    const names = this.#names.map((name) => `"${name}"`).join(" or ");
    return `the session has no parameter ${names}${proposal && `; it has ${proposal}`}`;
  }

  learn({ parameters }: Catalogue): void {
    const isAll = this.#names.length === 0 && this.#channels.length === 0;
    this.#parameters = parameters.filter(
      ({ id, name, channels }) =>
        isAll ||
        this.#names.includes(id) ||
        this.#names.includes(name) ||
        channels.some((channel) => this.#channels.includes(channel)),
    );
    this.#byChannel = new Map();
    for (const parameter of this.#parameters) {
      for (const channel of parameter.channels) {
        this.#byChannel.set(channel, [...(this.#byChannel.get(channel) ?? []), parameter]);
      }
    }
  }

  /** The parameters that a channel feeds; undefined stands for the channel itself, where there is none. */
  of(channel: number): readonly (Parameter | undefined)[] {
    return this.#byChannel.get(channel) ?? [undefined];
  }
}

/** Whether somebody who writes one may mean the other. */
function isAlike(name: string, wanted: string): boolean {
  const [a, b] = [name, wanted.split(":")[0]!].map((text) => text.toLowerCase()) as [string, string];
  return a.includes(b) || b.includes(a);
}
