import type { ChannelType } from "../wire/samples.ts";
import {
  ALL_BITS,
  type Channel,
  type Configuration,
  type EventDefinition,
  type Parameter,
} from "./configuration.ts";
import { IDENTITY } from "./conversion.ts";

/** Everything that can be shown of a session. */
export interface Catalogue {
  /**
   * `configuration`: read from the session's configurations.
   * `guessed`: there are none; channels that were met, decoded by their width.
   * `pending`: not known yet.
   */
  readonly origin: "configuration" | "guessed" | "pending";
  readonly parameters: readonly Parameter[];
  /** By session channel. */
  readonly channels: ReadonlyMap<number, Channel>;
  /** By `eventKey`. */
  readonly events: ReadonlyMap<string, EventDefinition>;
}

export const PENDING_CATALOGUE: Catalogue = {
  origin: "pending",
  parameters: [],
  channels: new Map(),
  events: new Map(),
};

/** Event definitions are numbered within an app. */
export function eventKey(app: string, id: number): string {
  return `${id}:${app}`;
}

/** Joins the configurations of a session; where they overlap, the later one counts. */
export function catalogueOf(configurations: readonly Configuration[]): Catalogue {
  const channels = configurations.flatMap((configuration) => configuration.channels);
  const events = configurations.flatMap((configuration) => configuration.events);
  return {
    origin: "configuration",
    parameters: configurations.flatMap((configuration) => configuration.parameters),
    channels: new Map(channels.map((channel) => [channel.id, channel])),
    events: new Map(events.map((event) => [eventKey(event.app, event.id), event])),
  };
}

/** A catalogue of channels of which only number and sample type are known. */
export function guessedCatalogue(types: ReadonlyMap<number, ChannelType>): Catalogue {
  const ids = [...types.keys()].sort((a, b) => a - b);
  return {
    origin: "guessed",
    parameters: ids.map(guessedParameter),
    channels: new Map(
      ids.map((id) => [
        id,
        { id, type: types.get(id) ?? "f64", byteOrder: "le", source: "row", intervalNs: 0 },
      ]),
    ),
    events: new Map(),
  };
}

function guessedParameter(channel: number): Parameter {
  return {
    id: `channel ${channel}`,
    name: `channel ${channel}`,
    app: "",
    description: "",
    unit: "",
    format: "",
    min: 0,
    max: 0,
    warnMin: 0,
    warnMax: 0,
    channels: [channel],
    shift: 0,
    mask: ALL_BITS,
    offset: 0,
    conversion: IDENTITY,
    groups: [],
  };
}
