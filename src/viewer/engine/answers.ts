import { type Parameter, parameterText } from "../../client/index.ts";
import { statisticsBetween } from "../reading/statistics.ts";
import { exactPoints, mergedPoints, type Points, thinnedPoints } from "../store/series.ts";
import { NO_READING, type Traces } from "../store/traces.ts";
import type { Clock } from "../time/clock.ts";
import type { Question, Questions } from "./messages.ts";

/** What answers are made of. */
export interface World {
  readonly traces: Traces;
  readonly clock: Clock;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Nothing later is told. */
  readonly untilNs: number;
}

type Ask<Q extends Question> = Questions[Q]["ask"];
type Answer<Q extends Question> = Questions[Q]["answer"];

const ANSWERS: { readonly [Q in Question]: (ask: Ask<Q>, world: World) => Answer<Q> } = {
  readings({ parameters, atNs }, world) {
    const at = Math.min(world.clock.since(atNs), world.untilNs);
    return parameters.map((id) => {
      const parameter = world.parameters.get(id);
      return parameter === undefined ? NO_READING : world.traces.readingWithin(parameter, at);
    });
  },
  statistics({ parameters, startNs, endNs }, world) {
    return parameters.map((id) => {
      const { times, values } = pointsOf(id, startNs, endNs, world);
      return statisticsBetween(times, values, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    });
  },
  series({ parameters, startNs, endNs, most }, world) {
    const { originNs } = world.clock;
    return parameters.map((id) => ({
      originNs,
      ...thinnedPoints(pointsOf(id, startNs, endNs, world), most),
    }));
  },
  texts({ parameter: id, values }, { parameters }) {
    const parameter = parameters.get(id);
    return [...values].map((value) => (parameter === undefined ? "" : parameterText(parameter, value)));
  },
};

export function answer<Q extends Question>(question: Q, ask: Ask<Q>, world: World): Answer<Q> {
  return ANSWERS[question](ask, world);
}

/** What may be seen of a parameter from `startNs` to `endNs`. */
function pointsOf(id: string, startNs: bigint, endNs: bigint, world: World): Points {
  const { parameters, traces, clock, untilNs } = world;
  const parameter = parameters.get(id);
  if (parameter === undefined) return mergedPoints([]);
  const start = clock.since(startNs);
  const end = Math.min(clock.since(endNs), untilNs);
  return mergedPoints(traces.trace(parameter).lines.map((line) => exactPoints(line, start, end)));
}
