import { eventItem, periodicItem, rowItem, timestampedItem } from "../../src/producer/items.ts";
import { T0_NS } from "../fakes/bursts.ts";
import type { FakeSocket } from "../fakes/session-driver.ts";
import type { Random } from "./random.ts";

/** What a viewer may be sent once: its number is in its bytes. */
export interface NumberedItem {
  readonly number: number;
  readonly kind: "periodic" | "timestamped" | "row" | "event";
  /** None for an event; several, or none, for a row. */
  readonly channels: readonly number[];
  readonly samples: number;
}

const CHANNELS = [0, 1, 2, 3, 4, 70_000];

export function randomChannels(random: Random, atMost: number): number[] {
  const count = random.below(atMost + 1);
  return [...new Set(Array.from({ length: count }, () => random.pick(CHANNELS)))];
}

export function randomItem(random: Random, number: number): NumberedItem {
  const samples = random.chance(0.01) ? 9_000 : 1 + random.below(3);
  const kind = random.pick(["periodic", "timestamped", "row", "event"] as const);
  if (kind === "event") return { number, kind, channels: [], samples: 1 };
  if (kind === "row") return { number, kind, channels: randomChannels(random, 3), samples: 1 };
  return { number, kind, channels: [random.pick(CHANNELS)], samples };
}

export function itemBytes({ number, kind, channels, samples }: NumberedItem): Uint8Array {
  const [channel = 0] = channels;
  const values = new Float64Array(samples).fill(number);
  const startNs = T0_NS + BigInt(number) * 1_000_000n;
  switch (kind) {
    case "periodic":
      return periodicItem({ channel, startNs, intervalNs: 1_000n, samples: values });
    case "timestamped":
      return timestampedItem({
        channel,
        timesNs: Array.from(values, (_, i) => startNs + BigInt(i * i)),
        samples: values,
      });
    case "row": {
      const buffer = new Float64Array(Math.max(1, channels.length)).fill(number);
      return rowItem({ channels, timestampNs: startNs, buffer: new Uint8Array(buffer.buffer) });
    }
    case "event":
      return eventItem({ definition: number, app: "car", timestampNs: startNs });
  }
}

/** The number of a received item; null for metadata. */
export function numberOf(item: ReturnType<FakeSocket["items"]>[number]): number | null {
  if (item.event) return item.event.eventDefinitionId ?? 0;
  const run = item.periodicData ?? item.timestampedData ?? item.rowData;
  return run ? Buffer.from(run.buffer!).readDoubleLE() : null;
}
