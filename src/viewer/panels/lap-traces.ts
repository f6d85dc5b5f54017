import type { Engine } from "../engine/engine.ts";
import type { Series as Samples } from "../engine/messages.ts";
import type { Distance } from "../parameters/roles.ts";
import {
  type DistanceTrack,
  interpolate,
  overDistance,
  timeAtDistance,
  trackDistance,
} from "../reading/distance.ts";
import type { Lap } from "../reading/laps.ts";
import type { Series } from "../reading/series.ts";

/** Points of a lap for each trace; several for each pixel of a wide screen. */
const MOST_POINTS = 8_000;
/** Between samples of the distance that are farther apart nobody knows where the car was. */
const GAP_NS = 2e9;
/** The marker of a lap and the distance's own start may differ by the rhythm of their sources. */
const TOLERANCE_NS = 2e9;
/** Read before the lap, so that the fall of the distance at the line is seen. */
const LEAD_NS = 1_000_000_000n;

/** One lap, over the distance driven in it. Times inside are ns after the start of the lap. */
export class LapTraces {
  readonly lap: Lap;
  readonly #track: DistanceTrack;
  readonly #origin: number;
  readonly #traces: ReadonlyMap<string, Series>;

  constructor(lap: Lap, isInLap: boolean, distance: Series, traces: ReadonlyMap<string, Series>) {
    this.lap = lap;
    this.#track = trackDistance(distance);
    const { travelled, lapStarts } = this.#track;
    const line = lapStarts.findLast(({ time }) => time <= TOLERANCE_NS);
    this.#origin = isInLap ? (line?.travelled ?? 0) : interpolate(travelled, 0) || (travelled.values[0] ?? 0);
    this.#traces = new Map(
      [...traces].map(([id, series]) => [id, overDistance(series, travelled, this.#origin, GAP_NS)]),
    );
  }

  /** Reads a lap and these parameters, up to `untilNs` while it is driven. */
  static async read(
    engine: Engine,
    lap: Lap,
    { parameter, isInLap }: Distance,
    traces: readonly string[],
    untilNs: bigint,
  ): Promise<LapTraces> {
    const interval = { startNs: lap.startNs, endNs: lap.endNs ?? untilNs, most: MOST_POINTS };
    const [[distance], found] = await Promise.all([
      engine.ask("series", { ...interval, parameters: [parameter.id], startNs: lap.startNs - LEAD_NS }),
      engine.ask("series", { ...interval, parameters: traces }),
    ]);
    const moved = (samples: Samples | undefined) => fromStart(samples, lap.startNs);
    const byId = new Map(traces.map((id, index) => [id, moved(found[index])]));
    return new LapTraces(lap, isInLap, moved(distance), byId);
  }

  /** The samples of a trace, their distances in place of times. */
  trace(id: string): Series {
    return this.#traces.get(id) ?? NOTHING;
  }

  /** Of the last sample; 0 without any. */
  get length(): number {
    return Math.max((this.#track.travelled.values.at(-1) ?? this.#origin) - this.#origin, 0);
  }

  /** How far into the lap the car was at an instant; NaN when nobody knows. */
  distanceAt(timeNs: bigint): number {
    return interpolate(this.#track.travelled, Number(timeNs - this.lap.startNs), GAP_NS) - this.#origin;
  }

  /** ns after the start of the lap at which the car was there; NaN where it was not. */
  timeAt(distance: number): number {
    return timeAtDistance(this.#track.travelled, distance + this.#origin);
  }
}

const NOTHING: Series = { times: new Float64Array(), values: new Float64Array() };

function fromStart(samples: Samples | undefined, startNs: bigint): Series {
  if (samples === undefined) return NOTHING;
  const shift = Number(samples.originNs - startNs);
  return { times: samples.times.map((time) => time + shift), values: samples.values };
}
