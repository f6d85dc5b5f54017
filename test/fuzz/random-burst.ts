import Long from "long";
import { rta } from "../../src/wire/gen/rta.js";
import type { Random } from "./random.ts";

type Item = rta.model.net.stream.StreamData.$Properties;

/** A valid burst of a few items of every kind, as protobufjs writes it, and what it was made of. */
export function randomBurst(random: Random): { items: Item[]; bytes: Uint8Array } {
  const items = Array.from({ length: random.below(6) }, () => randomItem(random));
  return {
    items,
    bytes: new Uint8Array(rta.model.net.stream.StreamDataBurst.encode({ data: items }).finish()),
  };
}

/** A valid request; now and then one that asks for nothing. */
export function randomRequest(random: Random): Uint8Array {
  const dataChannelIds = Array.from({ length: random.magnitude(5) }, () => random.magnitude(32));
  const subscribe = { allEvents: random.chance(0.5), allDataChannels: random.chance(0.5), dataChannelIds };
  return new Uint8Array(rta.model.net.stream.StreamRequest.encode({ subscribe }).finish());
}

function randomItem(random: Random): Item {
  const count = random.magnitude(5);
  const buffer = random.packable(count * random.pick([1, 2, 4, 8]));
  switch (random.below(7)) {
    case 0:
      return { sessionJson: JSON.stringify({ identity: "é".repeat(random.magnitude(6)), state: "open" }) };
    case 1:
      return { timeRange: { startTime: long(random), endTime: long(random) } };
    case 2:
      return {
        timestampedData: {
          channelId: random.magnitude(32),
          startTimestamp: long(random),
          timestampDeltasScale: long(random),
          timestampDeltas: Array.from({ length: count }, () => long(random)),
          buffer,
        },
      };
    case 3:
      return {
        periodicData: {
          channelId: random.magnitude(32),
          startTimestamp: long(random),
          interval: long(random),
          samples: random.magnitude(32) | 0,
          buffer,
        },
      };
    case 4: {
      const channelIds = Array.from({ length: count }, () => random.magnitude(32));
      return { rowData: { channelIds, timestamp: long(random), buffer } };
    }
    case 5:
      return {
        event: {
          eventDefinitionId: random.magnitude(32) | 0,
          appName: "pump",
          timestamp: long(random),
          statusText: random.chance(0.5) ? "Valve open" : "",
          rawData: Array.from({ length: random.below(4) }, () => random.bits() / 7),
        },
      };
    default:
      return {};
  }
}

/** Any signed 64-bit number, the small ones as likely as the large. */
function long(random: Random): Long {
  const bits = Long.fromBits(random.bits() | 0, random.bits() | 0);
  return bits.shiftRight(random.below(64));
}
