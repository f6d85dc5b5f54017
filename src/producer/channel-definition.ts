import { type ByteOrder, type ChannelType, SAMPLE_BYTES } from "../wire/samples.ts";
import { checkChannel } from "./checks.ts";
import { invalid } from "./errors.ts";

/** How the samples of a channel are stored, as its configuration says. */
export interface ChannelDefinition {
  /** Number in the session: that of the configuration plus the binding's `channelOffset`. */
  id: number;
  type: ChannelType;
  source: "timestamped" | "periodic" | "row";
  /** Between samples of a periodic channel, ns. */
  intervalNs?: bigint;
  /** Little-endian unless given. */
  byteOrder?: ByteOrder;
}

/** Throws ProducerError `invalid-argument`, naming the channel. */
export function checkDefinition({ id, type, source, intervalNs, byteOrder }: ChannelDefinition): void {
  checkChannel(id, "channels: id");
  const wrong = (member: string) => invalid(`channels: ${member} of channel ${id} is not valid`);
  if (!Object.hasOwn(SAMPLE_BYTES, type)) throw wrong("type");
  if (source !== "timestamped" && source !== "periodic" && source !== "row") throw wrong("source");
  if (byteOrder !== undefined && byteOrder !== "le" && byteOrder !== "be") throw wrong("byteOrder");
  if (
    source === "periodic" &&
    !(typeof intervalNs === "bigint" && intervalNs > 0n && intervalNs <= MAX_INTERVAL)
  ) {
    throw wrong("intervalNs");
  }
}

/** Intervals are reckoned with as doubles. */
const MAX_INTERVAL = BigInt(Number.MAX_SAFE_INTEGER);

/** The parts of a configuration that are read here. */
type Configuration = Record<string, Application>;
interface Application {
  channels?: { id: number; source?: string; type?: string; interval?: number }[];
  parameters?: { channels?: number[]; byteOrder?: string }[];
}

const SOURCES: Readonly<Record<string, ChannelDefinition["source"]>> = {
  timestamped: "timestamped",
  synchro: "timestamped",
  periodic: "periodic",
  row: "row",
};

/**
 * The channels of a configuration (its JSON, text or parsed), moved by the `channelOffset` of the session's binding.
 * Channels of a type or a source that streams do not carry are left out. Throws ProducerError `invalid-argument`.
 */
export function channelsOf(configuration: string | object, channelOffset = 0): ChannelDefinition[] {
  checkChannel(channelOffset, "channelOffset");
  return Object.values(parse(configuration)).flatMap(({ channels = [], parameters = [] }) => {
    const bigEndian = new Set(
      parameters
        .filter(({ byteOrder }) => byteOrder === "be")
        .flatMap((parameter) => parameter.channels ?? []),
    );
    return channels.flatMap(({ id, source = "row", type = "f64", interval = 0 }): ChannelDefinition[] => {
      const kind = SOURCES[source];
      if (kind === undefined || !Object.hasOwn(SAMPLE_BYTES, type)) return [];
      const definition: ChannelDefinition = {
        id: id + channelOffset,
        type: type as ChannelType,
        source: kind,
        ...(kind === "periodic" && { intervalNs: wholeNs(interval) }),
        ...(bigEndian.has(id) && { byteOrder: "be" }),
      };
      checkDefinition(definition);
      return [definition];
    });
  });
}

function parse(configuration: string | object): Configuration {
  let value: unknown = configuration;
  try {
    if (typeof value === "string") value = JSON.parse(value);
  } catch (error) {
    throw invalid(`configuration is not JSON: ${(error as Error).message}`);
  }
  const applications = typeof value === "object" && value !== null ? Object.values(value) : [undefined];
  for (const application of applications) {
    if (typeof application !== "object" || application === null || Array.isArray(application)) {
      throw invalid("configuration must be an object of applications");
    }
    for (const list of [application.channels, application.parameters]) {
      if (list !== undefined && !Array.isArray(list))
        throw invalid("configuration has no lists where it should");
    }
  }
  return value as Configuration;
}

/** 0, which no definition may have, for what is no whole number. */
function wholeNs(interval: unknown): bigint {
  return Number.isSafeInteger(interval) ? BigInt(interval as number) : 0n;
}
