import type { ChannelType } from "../wire/samples.ts";
import { type Catalogue, catalogueOf, guessedCatalogue, PENDING_CATALOGUE } from "./catalogue.ts";
import { parseConfiguration } from "./configuration.ts";
import { asObject, type JsonObject, parseJson } from "./json.ts";
import type { Problem } from "./problem.ts";
import type { Rest, RestAnswer } from "./rest.ts";
import { isClosed, mergeSession, type Session, stateOf, type TimeRange, uniteRanges } from "./session.ts";

/** More channels than any car has; a stream of nonsense must not fill the memory. */
const MAX_GUESSED_CHANNELS = 100_000;

/** What REST says about following a session. `unsure`: it says nothing usable, so the stream has to tell. */
export type Verdict = "open" | "waiting" | "closed" | "missing" | "refused" | "unsure";

/** Who wants to know of changes. */
export interface MetadataEvents {
  session(session: Session): void;
  catalogue(catalogue: Catalogue): void;
  problem(problem: Problem): void;
}

/** All that is known about a session, from REST and from its stream. */
export class Metadata {
  /** While true the stream's state counts, otherwise that of REST. */
  connected = false;
  catalogue: Catalogue = PENDING_CATALOGUE;
  /** Resolves when the configurations of what is known now have been had, or cannot be. */
  ready: Promise<void> = Promise.resolve();
  readonly #identity: string;
  readonly #rest: Rest;
  readonly #events: MetadataEvents;
  readonly #configurations = new Map<string, Promise<JsonObject | null>>();
  readonly #failed = new Set<string>();
  readonly #guesses = new Map<number, ChannelType>();
  #restJson: JsonObject | null = null;
  #streamJson: JsonObject | null = null;
  #streamRange: TimeRange | null = null;
  #cataloguedAs = "";
  #changes = 0;

  constructor(identity: string, rest: Rest, events: MetadataEvents) {
    this.#identity = identity;
    this.#rest = rest;
    this.#events = events;
  }

  get session(): Session {
    return mergeSession({
      identity: this.#identity,
      rest: this.#restJson,
      stream: this.#streamJson,
      streamRange: this.#streamRange,
      connected: this.connected,
    });
  }

  /** Asks REST for the session, and starts to ask for configurations that could not be had so far. */
  async refresh(): Promise<Verdict> {
    const answer = await this.#rest.session(this.#identity);
    if (answer.kind === "found") this.#restJson = answer.value;
    for (const identifier of this.#failed) this.#configurations.delete(identifier);
    this.#failed.clear();
    this.ready = this.#changed();
    return verdictOf(answer);
  }

  /** True when REST has said that the session is over. */
  get closedByRest(): boolean {
    return isClosed(stateOf(this.#restJson));
  }

  /** Takes a streamed Session JSON. */
  takeSessionJson(text: string): void {
    try {
      this.#streamJson = asObject(parseJson(text));
    } catch {
      this.#events.problem({
        code: "bad-session-json",
        message: "A Session JSON is no JSON; it was skipped",
      });
      return;
    }
    this.ready = this.#changed();
  }

  /** Takes a streamed time range; returns the union of all that is known. */
  takeTimeRange(range: TimeRange): TimeRange {
    this.#streamRange = uniteRanges(this.#streamRange, range);
    return this.session.timeRange ?? range;
  }

  /** Takes note of channels that the catalogue does not know, with the type that fits their width. */
  takeGuesses(met: ReadonlyMap<number, ChannelType>): void {
    if (this.catalogue.origin !== "guessed") return;
    const before = this.#guesses.size;
    for (const [channel, type] of met) {
      if (this.#guesses.size < MAX_GUESSED_CHANNELS) this.#guesses.set(channel, type);
    }
    if (this.#guesses.size > before) this.#publish(guessedCatalogue(this.#guesses));
  }

  async #changed(): Promise<void> {
    const change = ++this.#changes;
    const session = this.session;
    this.#events.session(session);
    const configurations = await Promise.all(
      session.configBindings.map(async ({ identifier, channelOffset }) => {
        const json = await this.#configuration(identifier);
        return json && { identifier, channelOffset, json };
      }),
    );
    if (change !== this.#changes) return;
    const usable = configurations.filter((configuration) => configuration !== null);
    if (usable.length === 0 && this.#streamJson === null) return;
    const name = JSON.stringify(usable.map(({ identifier, channelOffset }) => [identifier, channelOffset]));
    if (name === this.#cataloguedAs) return;
    this.#cataloguedAs = name;
    this.#publish(
      usable.length === 0
        ? guessedCatalogue(this.#guesses)
        : catalogueOf(usable.map(({ json, channelOffset }) => parseConfiguration(json, channelOffset))),
    );
  }

  /** Configurations never change: each is asked for once. Null for one that cannot be had. */
  #configuration(identifier: string): Promise<JsonObject | null> {
    const known = this.#configurations.get(identifier) ?? this.#load(identifier);
    this.#configurations.set(identifier, known);
    return known;
  }

  async #load(identifier: string): Promise<JsonObject | null> {
    const answer = await this.#rest.configuration(identifier);
    if (answer.kind === "found") return answer.value;
    this.#failed.add(identifier);
    const why = answer.kind === "failed" ? answer.reason : answer.kind;
    const message = `Configuration ${JSON.stringify(identifier)} cannot be read: ${why}`;
    this.#events.problem({ code: "no-configuration", message });
    return null;
  }

  #publish(catalogue: Catalogue): void {
    this.catalogue = catalogue;
    this.#events.catalogue(catalogue);
  }
}

function verdictOf(answer: RestAnswer<JsonObject>): Verdict {
  if (answer.kind === "missing" || answer.kind === "refused") return answer.kind;
  if (answer.kind !== "found") return "unsure";
  const state = stateOf(answer.value);
  if (state === "unknown") return "unsure";
  if (state === "open" || state === "waiting") return state;
  return "closed";
}
