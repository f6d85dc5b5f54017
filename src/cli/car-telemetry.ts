import type { BatchWriter } from "../producer/index.ts";
import type { CarChannel } from "./car-channel.ts";
import { APP, CHANNELS } from "./car-channels.ts";
import { EVENTS } from "./car-config.ts";
import { seededRandom } from "./car-random.ts";
import { type CarEvent, CarSimulation, STEP_MS } from "./car-simulation.ts";

/** The car's channels are those of its configuration, moved by this much. */
export const CHANNEL_OFFSET = 1000;
export const BURST_MS = 100;

const STEPS_PER_BURST = BURST_MS / STEP_MS;
const STEPS_PER_S = 1000 / STEP_MS;
const NS_PER_MS = 1_000_000n;
const STEP_NS = BigInt(STEP_MS) * NS_PER_MS;

const NUMBERED = CHANNELS.map((channel, id) => ({ ...channel, id: id + CHANNEL_OFFSET }));
const ROW = NUMBERED.filter(({ source }) => source === "row");
const ROW_IDS = ROW.map(({ id }) => id);

/** A finished lap. */
export interface Lap {
  number: number;
  timeS: number;
  startNs: bigint;
  endNs: bigint;
}

/** Turns the drive into samples and events, as data loggers would. The same seed gives the same. */
export class CarTelemetry {
  readonly #simulation: CarSimulation;
  readonly #random: () => number;
  readonly #nextSampleNs = new Map<CarChannel, bigint>();
  #timeNs: bigint;
  #step = 0;
  #lapStartNs: bigint;

  constructor(startMs: number, seed: number) {
    this.#simulation = new CarSimulation(seed);
    this.#random = seededRandom(seed + 1);
    this.#timeNs = this.#lapStartNs = BigInt(Math.floor(startMs)) * NS_PER_MS;
  }

  /** Up to where the car has driven, ms since 1970-01-01T00:00:00Z. */
  get timeMs(): number {
    return Number(this.#timeNs / NS_PER_MS);
  }

  /** Goes on at a later time, as a logger that was off in between. */
  skipTo(timeMs: number): void {
    this.#timeNs = BigInt(Math.floor(timeMs)) * NS_PER_MS;
    this.#nextSampleNs.clear();
  }

  /** Drives on for `BURST_MS`; the lap that was finished, if one was. */
  drive(
    batch: Pick<BatchWriter, "append" | "appendPeriodic" | "appendRow" | "appendEvent">,
  ): Lap | undefined {
    const runs = NUMBERED.map((channel) => ({ channel, values: [] as number[], timesNs: [] as bigint[] }));
    let finishedLap: Lap | undefined;

    for (let step = 0; step < STEPS_PER_BURST; step += 1) {
      for (const event of this.#simulation.step()) {
        batch.appendEvent({ app: APP, timestampNs: this.#timeNs, ...describe(event) });
        if (event.name === "lapStart") finishedLap = this.#finishLap(event.lap - 1, event.lapTimeS);
      }
      const { car } = this.#simulation;
      for (const { channel, values, timesNs } of runs) {
        const timeNs = this.#sampleTime(channel);
        if (timeNs === undefined) continue;
        values.push(channel.read(car) / channel.scale);
        timesNs.push(timeNs);
      }
      if (this.#isDue(ROW[0]!.hz)) {
        const values = ROW.map((channel) => channel.read(car) / channel.scale);
        batch.appendRow(ROW_IDS, this.#timeNs, values);
      }
      this.#step += 1;
      this.#timeNs += STEP_NS;
    }

    for (const { channel, values, timesNs } of runs) {
      if (values.length === 0) continue;
      if (channel.source === "periodic") batch.appendPeriodic(channel.id, timesNs[0]!, values);
      else batch.append(channel.id, timesNs, values);
    }
    return finishedLap;
  }

  /** When in this step the channel is sampled, if it is. */
  #sampleTime(channel: CarChannel): bigint | undefined {
    if (channel.source === "row") return undefined;
    if (channel.source === "periodic") return this.#isDue(channel.hz) ? this.#timeNs : undefined;
    const dueNs = this.#nextSampleNs.get(channel) ?? this.#timeNs;
    if (dueNs >= this.#timeNs + STEP_NS) return undefined;
    // Loggers stamp in whole microseconds, and come round when they can.
    const waitUs = Math.round((0.7 + 0.6 * this.#random()) * (1e6 / channel.hz));
    this.#nextSampleNs.set(channel, dueNs + BigInt(waitUs) * 1000n);
    return dueNs;
  }

  #isDue(hz: number): boolean {
    return this.#step % (STEPS_PER_S / hz) === 0;
  }

  #finishLap(number: number, timeS: number): Lap {
    const startNs = this.#lapStartNs;
    this.#lapStartNs = this.#timeNs;
    return { number, timeS, startNs, endNs: this.#timeNs };
  }
}

/** Minutes, seconds and thousandths, as lap times are read. */
export function formatLapTime(timeS: number): string {
  const timeMs = Math.round(timeS * 1000);
  const minutes = Math.floor(timeMs / 60_000);
  return `${minutes}:${((timeMs % 60_000) / 1000).toFixed(3).padStart(6, "0")}`;
}

function describe(event: CarEvent) {
  const definition = EVENTS[event.name].id;
  switch (event.name) {
    case "gearChange":
    case "drs":
      return { definition, values: event.values };
    case "lapStart":
      return { definition, text: `Lap ${event.lap} after ${formatLapTime(event.lapTimeS)}` };
    case "pitIn":
      return { definition, text: "Into the pit lane" };
    case "pitOut":
      return { definition, text: "Out of the pit lane" };
  }
}
