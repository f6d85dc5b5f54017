import { type SessionState, sessionJson, type TimeRange } from "../producer/index.ts";
import { LAP_M } from "./car-circuit.ts";
import { CHANNEL_OFFSET, formatLapTime, type Lap } from "./car-telemetry.ts";

/** The laps of about a day: keeps the JSON below the size of a burst's ceiling. */
const MAX_MARKERS = 1000;

export interface CarSessionFacts {
  identity: string;
  state: SessionState;
  /** ms since 1970-01-01T00:00:00Z. */
  startMs: number;
  configIdentifier: string;
  laps: readonly Lap[];
  /** Absent until there is data. */
  timeRange: TimeRange | undefined;
}

/** The Session JSON of the demo car: every finished lap is a marker. */
export function carSessionJson({
  identity,
  state,
  startMs,
  configIdentifier,
  laps,
  timeRange,
}: CarSessionFacts): string {
  const fastest = laps.length > 0 ? Math.min(...laps.map((lap) => lap.timeS)) : undefined;
  return sessionJson({
    identity,
    state,
    timestamp: new Date(startMs).toISOString(),
    identifier: `Demo car ${new Date(startMs).toISOString().slice(0, 16).replace("T", " ")}`,
    type: "demo",
    ...(timeRange && { timeRange: { startTime: timeRange.startNs, endTime: timeRange.endNs } }),
    details: {
      driver: "A. Example",
      car: "Slipstream 01",
      track: "Invented Ring",
      trackLengthM: LAP_M,
      laps: laps.length,
      ...(fastest !== undefined && { fastestLap: formatLapTime(fastest) }),
    },
    configBindings: [{ identifier: configIdentifier, channelOffset: CHANNEL_OFFSET }],
    markers: laps.slice(-MAX_MARKERS).map(({ number, timeS, startNs, endNs }) => ({
      id: `lap-${number}`,
      type: "lap",
      label: `Lap ${number}`,
      description: formatLapTime(timeS),
      startTime: startNs,
      endTime: endNs,
    })),
  });
}
