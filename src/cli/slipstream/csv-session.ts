import {
  BatchWriter,
  type ClosedState,
  channelsOf,
  type ProducerSession,
  type SessionState,
  sessionJson,
} from "../../producer/index.ts";
import type { CsvRow } from "./csv.ts";

export interface CsvSessionOptions {
  /** The name that people read. */
  readonly identifier: string;
  readonly configIdentifier: string;
  /** Added to the times of rows. */
  readonly offsetNs: bigint;
  /** Gets each Session JSON before Redis does. */
  readonly onSession: (json: string) => void;
}

/** Writes rows as a session: each column a channel. */
export class CsvSession {
  rows = 0;
  samples = 0;
  readonly #producer: ProducerSession;
  readonly #options: CsvSessionOptions;
  readonly #timestamp = new Date().toISOString();
  #batch: BatchWriter | undefined;

  constructor(producer: ProducerSession, options: CsvSessionOptions) {
    this.#producer = producer;
    this.#options = options;
  }

  /** `configuration`: what `configIdentifier` stands for. */
  async start(configuration: string): Promise<void> {
    await this.#producer.writeSessionJson(this.#json("open"));
    this.#batch = new BatchWriter(this.#producer, { channels: channelsOf(configuration) });
  }

  /** Resolves when there is room for the next. */
  async add({ timeNs, values }: CsvRow): Promise<void> {
    this.rows += 1;
    const times = [timeNs + this.#options.offsetNs];
    for (const [column, value] of values.entries()) {
      if (value === undefined) continue;
      this.samples += 1;
      if (!this.#batch!.append(column, times, [value])) await this.#batch!.room();
    }
  }

  async close(state: ClosedState): Promise<void> {
    await this.#batch!.flush();
    await this.#batch!.close(this.#json(state));
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
