import { type Parameter, parameterText, parameterValues, type SampleRun } from "../client/index.ts";

interface Latest {
  readonly timeNs: bigint;
  readonly type: SampleRun["type"];
  readonly raw: number;
}

/** The newest sample of every channel that has arrived; backfill does not push newer ones aside. */
export class LatestValues {
  readonly #byChannel = new Map<number, Latest>();

  /** Takes the newest sample of the run. */
  take({ channel, type, timesNs, values }: SampleRun): void {
    let newest = -1;
    let timeNs = this.#byChannel.get(channel)?.timeNs;
    for (let index = 0; index < timesNs.length; index++) {
      const candidate = timesNs[index] as bigint;
      if (timeNs !== undefined && candidate < timeNs) continue;
      timeNs = candidate;
      newest = index;
    }
    if (newest < 0 || timeNs === undefined) return;
    this.#byChannel.set(channel, { timeNs, type, raw: values[newest] as number });
  }

  /** The parameter's latest value, in its unit; null before the first. */
  value(parameter: Parameter): number | null {
    let latest: Latest | undefined;
    for (const channel of parameter.channels) {
      const candidate = this.#byChannel.get(channel);
      if (candidate !== undefined && (latest === undefined || candidate.timeNs > latest.timeNs))
        latest = candidate;
    }
    return latest === undefined ? null : (parameterValues(parameter, latest.type, [latest.raw])[0] as number);
  }

  /** The latest value as people read it, without unit; empty before the first. */
  text(parameter: Parameter): string {
    const value = this.value(parameter);
    return value === null ? "" : parameterText(parameter, value);
  }

  /** True when the latest value is outside the parameter's warning limits. */
  isOutside(parameter: Parameter): boolean {
    const { warnMin, warnMax } = parameter;
    const value = this.value(parameter);
    return value !== null && warnMin < warnMax && (value < warnMin || value > warnMax);
  }
}
