import type { SubscriptionRequest } from "../wire/request-encoder.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Channel } from "./configuration.ts";
import type { Subscription } from "./options.ts";

/** Everything that has been asked for; it only widens. */
export class Wanted {
  readonly #channels = new Set<number>();
  readonly #names = new Set<string>();
  #allChannels = false;
  #events = false;

  get events(): boolean {
    return this.#events;
  }

  has(channel: number): boolean {
    return this.#allChannels || this.#channels.has(channel);
  }

  /** The wanted channels that the catalogue has, ascending. */
  known({ channels }: Catalogue): Channel[] {
    return [...channels.values()].filter(({ id }) => this.has(id)).sort((a, b) => a.id - b.id);
  }

  /** The whole of it as a request; null when nothing is wanted. */
  request(): SubscriptionRequest | null {
    return nonEmpty({
      channelIds: [...this.#channels],
      allDataChannels: this.#allChannels,
      allEvents: this.#events,
    });
  }

  /** Adds what is asked for and returns what of it is new; null when nothing is. */
  widen({ parameters = [], channels = [], events = false }: Subscription, catalogue: Catalogue) {
    const addsAll = channels === "all" && !this.#allChannels;
    const addsEvents = events && !this.#events;
    for (const name of parameters) this.#names.add(name);
    this.#allChannels ||= addsAll;
    this.#events ||= addsEvents;
    const channelIds = [...this.#add(channels === "all" ? [] : channels), ...this.resolve(catalogue)];
    return nonEmpty({ channelIds, allDataChannels: addsAll, allEvents: addsEvents });
  }

  /** Channels of wanted parameters that become wanted with this catalogue. */
  resolve(catalogue: Catalogue): number[] {
    return [...this.#names].flatMap((name) =>
      this.#add(parametersNamed(catalogue, name).flatMap(({ channels }) => channels)),
    );
  }

  /** Names of parameters that the catalogue does not have. */
  unknown(catalogue: Catalogue): string[] {
    return [...this.#names].filter((name) => parametersNamed(catalogue, name).length === 0);
  }

  #add(channels: readonly number[]): number[] {
    const added = [...new Set(channels)].filter((channel) => !this.#channels.has(channel));
    for (const channel of added) this.#channels.add(channel);
    return added;
  }
}

/** The parameter with this id, or all with this name. */
function parametersNamed({ parameters }: Catalogue, name: string) {
  const identified = parameters.filter(({ id }) => id === name);
  return identified.length > 0 ? identified : parameters.filter((parameter) => parameter.name === name);
}

function nonEmpty(request: SubscriptionRequest): SubscriptionRequest | null {
  const isEmpty = request.channelIds.length === 0 && !request.allDataChannels && !request.allEvents;
  return isEmpty ? null : request;
}
