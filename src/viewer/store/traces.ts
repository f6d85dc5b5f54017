import {
  type Catalogue,
  type Parameter,
  parameterText,
  parameterValues,
  type Store,
} from "../../client/index.ts";
import type { Reading } from "../engine/messages.ts";
import type { Trace } from "../plot/frame.ts";
import { parameterInfo } from "./parameter-info.ts";
import { Track } from "./track.ts";

export const NO_READING: Reading = { value: Number.NaN, text: "", timeNs: null, isOutside: false };

interface Plotted {
  readonly parameter: Parameter;
  readonly tracks: readonly Track[];
}

/** Parameters as lines, made of the samples in the client's store. Times are ns after `originNs`. */
export class Traces {
  readonly originNs: bigint;
  readonly #store: Store;
  readonly #catalogue: Catalogue;
  readonly #plotted = new Map<string, Plotted>();
  readonly #byChannel = new Map<number, Set<Track>>();

  constructor(store: Store, catalogue: Catalogue, originNs: bigint) {
    this.#store = store;
    this.#catalogue = catalogue;
    this.originNs = originNs;
  }

  /** Samples of a channel, from a time on, were not in the store before. */
  changed(channel: number, fromNs: bigint): void {
    for (const track of this.#byChannel.get(channel) ?? []) track.changed(fromNs);
  }

  /** The lines of a parameter, one for each of its channels. */
  trace(parameter: Parameter): Trace {
    const { tracks } = this.#plotted.get(parameter.id) ?? this.#plot(parameter);
    return {
      parameter: parameterInfo(parameter),
      lines: tracks,
      textOf: (value) => parameterText(parameter, value),
      version: tracks.reduce((sum, { revision }) => sum + revision, 0),
    };
  }

  /** The parameter's last sample at or before `atNs`; none from before a hole. */
  reading(parameter: Parameter, atNs: number): Reading {
    const ns = this.originNs + BigInt(Math.floor(atNs));
    let timeNs: bigint | null = null;
    let value = Number.NaN;
    for (const channel of parameter.channels) {
      const series = this.#store.series(channel);
      const sample = series.at(ns);
      if (sample === null || series.type === null || (timeNs !== null && sample.timeNs <= timeNs)) continue;
      timeNs = sample.timeNs;
      value = parameterValues(parameter, series.type, [sample.value])[0]!;
    }
    const { warnMin, warnMax } = parameter;
    return {
      value,
      text: timeNs === null ? "" : parameterText(parameter, value),
      timeNs,
      isOutside: warnMin < warnMax && (value < warnMin || value > warnMax),
    };
  }

  /** As `reading`, but none in a gap. */
  readingWithin(parameter: Parameter, atNs: number): Reading {
    const reading = this.reading(parameter, atNs);
    if (reading.timeNs === null) return reading;
    const gapNs = Math.max(...this.trace(parameter).lines.map((line) => line.gapNs));
    const ageNs = atNs - Number(reading.timeNs - this.originNs);
    return ageNs > gapNs ? NO_READING : reading;
  }

  /** The oldest sample of all; NaN without samples. */
  get oldestNs(): number {
    let oldest: bigint | null = null;
    for (const channel of this.#store.channels) {
      const first = this.#store.series(channel).first()?.timeNs ?? null;
      if (first !== null && (oldest === null || first < oldest)) oldest = first;
    }
    return oldest === null ? Number.NaN : Number(oldest - this.originNs);
  }

  #plot(parameter: Parameter): Plotted {
    const tracks = parameter.channels.map((channel) => {
      const type = this.#catalogue.channels.get(channel)?.type ?? this.#store.series(channel).type ?? "f64";
      const track = new Track(this.#store.series(channel), {
        originNs: this.originNs,
        intervalNs: this.#catalogue.channels.get(channel)?.intervalNs ?? 0,
        isState: parameter.conversion.toText !== null,
        convert: (raw) => parameterValues(parameter, type, raw),
      });
      this.#byChannel.set(channel, (this.#byChannel.get(channel) ?? new Set()).add(track));
      return track;
    });
    const plotted = { parameter, tracks };
    this.#plotted.set(parameter.id, plotted);
    return plotted;
  }
}
