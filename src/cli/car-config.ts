import { createHash } from "node:crypto";
import { type CarChannel, TEXTS } from "./car-channel.ts";
import { APP, CHANNELS, STATUS_BITS } from "./car-channels.ts";

const NS_PER_S = 1e9;

/** The events of the car. Ids are written four digits hexadecimal where people read them. */
export const EVENTS = {
  gearChange: { id: 1, desc: "Gear change", pri: "low", convs: ["gear", "gear"] },
  drs: { id: 2, desc: "DRS", pri: "medium", convs: ["drs"] },
  lapStart: { id: 3, desc: "Lap start", pri: "high", convs: [] },
  pitIn: { id: 4, desc: "Pit in", pri: "high", convs: [] },
  pitOut: { id: 5, desc: "Pit out", pri: "high", convs: [] },
} as const;

/**
 * The configuration that says what the car's channels and events mean, as REST serves it. Its identifier is
 * made from its text, so that another text has another name and both may be cached for ever.
 */
export function carConfiguration(): { identifier: string; json: string } {
  const json = JSON.stringify({
    [APP]: {
      desc: "Demonstration car",
      tree: { params: [], groups: groups() },
      parameters: [...CHANNELS.map(parameter), ...STATUS_BITS.map(statusParameter)],
      channels: CHANNELS.map((channel, id) => ({
        id,
        name: channel.name,
        source: channel.source,
        type: channel.type,
        interval: channel.source === "periodic" ? NS_PER_S / channel.hz : 0,
      })),
      conversions: conversions(),
      events: Object.values(EVENTS).map(({ id, desc, pri, convs }) => {
        const code = `${id.toString(16).toUpperCase().padStart(4, "0")}:${APP}`;
        return { id, code, desc: `${code} ${desc}`, pri, convs: convs.map(qualified) };
      }),
    },
  });
  const digest = createHash("sha256").update(json).digest("hex").slice(0, 12);
  return { identifier: `demo-car-${digest}`, json };
}

function parameter(channel: CarChannel, id: number) {
  const { name, desc, limits, warn = limits, format, unit } = channel;
  const [[min, max], [warnMin, warnMax]] = [limits, warn];
  const conv = qualified(conversionName(channel));
  return { id: qualified(name), name, desc, conv, min, max, warnMin, warnMax, format, unit, channels: [id] };
}

function statusParameter({ name, desc }: { name: string; desc: string }, bit: number) {
  const channels = [CHANNELS.findIndex((channel) => channel.name === "CarStatus")];
  const conv = qualified("plain");
  return {
    id: qualified(name),
    name,
    desc,
    conv,
    min: 0,
    max: 1,
    format: "%d",
    shift: bit,
    mask: "1",
    channels,
  };
}

function groups() {
  const names = [...new Set(CHANNELS.map(({ group }) => group))];
  return names.map((name) => {
    const members: string[] = CHANNELS.filter(({ group }) => group === name).map((channel) => channel.name);
    if (name === "Status") members.push(...STATUS_BITS.map((bit) => bit.name));
    return { id: qualified(name), desc: name, groups: [], params: members.map(qualified) };
  });
}

function conversions() {
  const scales = new Map(CHANNELS.map((channel) => [conversionName(channel), channel.scale]));
  const rational = [...scales].filter(([name]) => name.startsWith("times"));
  return [
    { name: qualified("plain") },
    ...rational.map(([name, scale]) => ({
      name: qualified(name),
      rational: { coeffs: [0, scale, 0, 0, 0, 1] },
    })),
    ...Object.entries(TEXTS).map(([name, values]) => ({
      name: qualified(name),
      format: "%s",
      text: { keys: values.map((_, key) => key), values, default: "?" },
    })),
  ];
}

function conversionName({ texts, scale }: CarChannel): string {
  return texts ?? (scale === 1 ? "plain" : `times${scale}`);
}

function qualified(name: string): string {
  return `${name}:${APP}`;
}
