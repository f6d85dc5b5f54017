import type { ByteOrder, ChannelType } from "../wire/samples.ts";
import { type Conversion, IDENTITY, parseConversion } from "./conversion.ts";
import { asList, asNumber, asObject, asText, type JsonObject } from "./json.ts";
import { groupsOf } from "./parameter-groups.ts";

/** A numbered stream of like-encoded samples. */
export interface Channel {
  /** Session channel: the configuration's number plus the binding's offset. */
  readonly id: number;
  readonly type: ChannelType;
  readonly byteOrder: ByteOrder;
  /** How its samples come; where REST keeps their history. */
  readonly source: ChannelSource;
  /** Nanoseconds between samples; 0 unless periodic. */
  readonly intervalNs: number;
}

export type ChannelSource = "timestamped" | "periodic" | "row";

/** What people see: a name, a unit and the way from raw samples to values. */
export interface Parameter {
  /** `name:app` */
  readonly id: string;
  readonly name: string;
  readonly app: string;
  readonly description: string;
  readonly unit: string;
  readonly format: string;
  readonly min: number;
  readonly max: number;
  readonly warnMin: number;
  readonly warnMax: number;
  /** Session channels that feed it; none for virtual parameters. */
  readonly channels: readonly number[];
  /** Bits to shift before masking: positive right, negative left. Integers only. */
  readonly shift: number;
  readonly mask: number;
  /** Added after the conversion. */
  readonly offset: number;
  readonly conversion: Conversion;
  /** Names of the groups that list it, outermost first. */
  readonly groups: readonly string[];
}

/** Describes a kind of event. */
export interface EventDefinition {
  readonly app: string;
  readonly id: number;
  readonly description: string;
  readonly priority: string;
  /** One for each raw value of the event. */
  readonly conversions: readonly Conversion[];
}

/** One configuration, with channel numbers of the session. */
export interface Configuration {
  readonly channels: readonly Channel[];
  readonly parameters: readonly Parameter[];
  readonly events: readonly EventDefinition[];
}

/** Sample types that RTA streams carry; channels of other types are left out. */
const TYPES: ReadonlySet<unknown> = new Set<ChannelType>([
  "u8",
  "s8",
  "u16",
  "s16",
  "u32",
  "s32",
  "f32",
  "f64",
]);
export const ALL_BITS = 0xffffffff;
const MAX_CHANNEL = 0xffffffff;

/** Reads a configuration in its JSON form; what is malformed in it is left out or takes its default. */
export function parseConfiguration(json: JsonObject, channelOffset: number): Configuration {
  const applications = Object.entries(json).map(([app, value]) =>
    parseApplication(app, asObject(value), channelOffset),
  );
  return {
    channels: applications.flatMap((application) => application.channels),
    parameters: applications.flatMap((application) => application.parameters),
    events: applications.flatMap((application) => application.events),
  };
}

function parseApplication(app: string, json: JsonObject, channelOffset: number): Configuration {
  const conversions = new Map(
    asList(json.conversions).map((value) => {
      const conversion = asObject(value);
      return [asText(conversion.name), parseConversion(conversion)];
    }),
  );
  const conversionNamed = (name: unknown): Conversion => conversions.get(asText(name)) ?? IDENTITY;
  const groups = groupsOf(asObject(json.tree));
  const bigEndian = new Set<number>();

  const parameters = asList(json.parameters).map((value): Parameter => {
    const parameter = asObject(value);
    const id = asText(parameter.id);
    const conversion = conversionNamed(parameter.conv);
    const channels = asList(parameter.channels)
      .map((channel) => asNumber(channel, -1) + channelOffset)
      .filter((channel) => channel >= channelOffset && channel <= MAX_CHANNEL);
    if (parameter.byteOrder === "be") for (const channel of channels) bigEndian.add(channel);
    const min = asNumber(parameter.min);
    const max = asNumber(parameter.max);
    return {
      id,
      name: asText(parameter.name) || id,
      app,
      description: asText(parameter.desc),
      unit: asText(parameter.unit) || conversion.unit,
      format: asText(parameter.format) || conversion.format,
      min,
      max,
      warnMin: asNumber(parameter.warnMin, min),
      warnMax: asNumber(parameter.warnMax, max),
      channels,
      shift: asNumber(parameter.shift),
      mask: parseMask(parameter.mask),
      offset: asNumber(parameter.offset),
      conversion,
      groups: groups.get(id) ?? [],
    };
  });

  const channels = asList(json.channels).flatMap((value): Channel[] => {
    const channel = asObject(value);
    const id = asNumber(channel.id, -1) + channelOffset;
    const type = asText(channel.type, "f64");
    if (!TYPES.has(type) || id < channelOffset || id > MAX_CHANNEL) return [];
    const source = sourceOf(channel.source);
    const intervalNs = source === "periodic" ? asNumber(channel.interval) : 0;
    const byteOrder = bigEndian.has(id) ? "be" : "le";
    return [{ id, type: type as ChannelType, byteOrder, source, intervalNs }];
  });

  const events = asList(json.events).map((value): EventDefinition => {
    const event = asObject(value);
    return {
      app,
      id: asNumber(event.id),
      description: asText(event.desc),
      priority: asText(event.pri, "debug"),
      conversions: asList(event.convs).map(conversionNamed),
    };
  });
  return { channels, parameters, events };
}

function sourceOf(value: unknown): ChannelSource {
  if (value === "periodic") return "periodic";
  return value === "timestamped" || value === "synchro" ? "timestamped" : "row";
}

function parseMask(value: unknown): number {
  const mask = Number.parseInt(asText(value, "ffffffff"), 16);
  return Number.isNaN(mask) ? ALL_BITS : mask >>> 0;
}
