import {
  type ClosedState,
  type ProducerSession,
  type SessionState,
  sessionJson,
  timeRangeItem,
  timestampedItem,
} from "../../producer/index.ts";
import type { CsvRow } from "./csv.ts";

/** About a burst of the target size. */
const MAX_WAITING_SAMPLES = 5_000;

export interface CsvSessionOptions {
  /** The name that people read. */
  readonly identifier: string;
  readonly configIdentifier: string;
  readonly columns: number;
  /** Added to the times of rows. */
  readonly offsetNs: bigint;
  /** Gets each Session JSON before Redis does. */
  readonly onSession: (json: string) => void;
}

/** Writes rows as a session: each column a channel, each burst with its time range. */
export class CsvSession {
  rows = 0;
  samples = 0;
  readonly #producer: ProducerSession;
  readonly #options: CsvSessionOptions;
  readonly #timestamp = new Date().toISOString();
  #channels: { timesNs: bigint[]; values: number[] }[];
  #waiting = 0;

  constructor(producer: ProducerSession, options: CsvSessionOptions) {
    this.#producer = producer;
    this.#options = options;
    this.#channels = emptyChannels(options.columns);
  }

  /** Whether it is time to `flush`, however soon the next row comes. */
  get isFull(): boolean {
    return this.#waiting >= MAX_WAITING_SAMPLES;
  }

  async start(): Promise<void> {
    await this.#producer.writeSessionJson(this.#json("open"));
  }

  add({ timeNs, values }: CsvRow): void {
    this.rows += 1;
    for (const [column, value] of values.entries()) {
      if (value === undefined) continue;
      this.#channels[column]!.timesNs.push(timeNs + this.#options.offsetNs);
      this.#channels[column]!.values.push(value);
      this.#waiting += 1;
    }
  }

  async flush(): Promise<void> {
    if (this.#waiting === 0) return;
    this.samples += this.#waiting;
    const runs = this.#channels.flatMap(({ timesNs, values }, channel) =>
      timesNs.length > 0 ? [timestampedItem({ channel, timesNs, samples: Float64Array.from(values) })] : [],
    );
    const times = this.#channels.flatMap(({ timesNs }) => timesNs);
    const startNs = times.reduce((least, timeNs) => (timeNs < least ? timeNs : least));
    const endNs = times.reduce((most, timeNs) => (timeNs > most ? timeNs : most));
    this.#channels = emptyChannels(this.#options.columns);
    this.#waiting = 0;
    await this.#producer.write([...runs, timeRangeItem(startNs, endNs)]);
  }

  async close(state: ClosedState): Promise<void> {
    await this.flush();
    await this.#producer.close(this.#json(state));
  }

  #json(state: SessionState): string {
    const range = this.#producer.timeRange;
    const json = sessionJson({
      identity: this.#producer.identity,
      state,
      timestamp: this.#timestamp,
      identifier: this.#options.identifier,
      type: "csv",
      ...(range && { timeRange: { startTime: range.startNs, endTime: range.endNs } }),
      configBindings: [{ identifier: this.#options.configIdentifier, channelOffset: 0 }],
    });
    this.#options.onSession(json);
    return json;
  }
}

function emptyChannels(count: number): { timesNs: bigint[]; values: number[] }[] {
  return Array.from({ length: count }, () => ({ timesNs: [], values: [] }));
}
