import type { Finding } from "./finding.ts";
import { listOf, type RedisReader, textOf } from "./redis-reader.ts";

const TIMEOUT_MS = 5_000;
/** The round trip that took least tells most about the clocks. */
const PROBES = 5;
/** Offsets above this show in latency figures and in what the trimmer keeps by age. */
const TOLERATED_OFFSET_MS = 100;
/** Far above a local round trip, and what a poll still stands. */
const SLOW_MS = 100;

/** Whether the service answers and finds itself healthy. */
export async function checkHealth(url: string): Promise<Finding> {
  const check = "service";
  const startMs = performance.now();
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = (await response.text()).split("\n")[0]!.slice(0, 200);
    const ms = performance.now() - startMs;
    if (response.ok) {
      return { check, status: "ok", message: `${url} is healthy (${ms.toFixed(0)} ms)`, figures: { ms } };
    }
    const advice =
      response.status === 503
        ? "it says why: correct that setting, or start the gateway that UPSTASH_REDIS_REST_URL names"
        : "no Stream Service answers there: is --url its base?";
    return { check, status: "fail", message: `${url}/health answered ${response.status}: ${text}`, advice };
  } catch {
    const advice = "start it (`npm run demo`, `npm run dev`), or name another with --url";
    return { check, status: "fail", message: `${url} cannot be reached`, advice };
  }
}

/** How soon Redis answers, and how far its clock is from that of this machine. */
export async function checkRedis(reader: RedisReader): Promise<Finding[]> {
  const kind = reader.over === "RESP" ? "Redis" : "gateway";
  let best = { tripMs: Number.POSITIVE_INFINITY, offsetMs: 0 };
  for (let probe = 0; probe < PROBES; probe++) {
    const startMs = performance.timeOrigin + performance.now();
    const [time] = await reader.ask(["TIME"]);
    const tripMs = performance.timeOrigin + performance.now() - startMs;
    const [seconds, micros] = listOf(time);
    const redisMs = Number(textOf(seconds)) * 1000 + Number(textOf(micros)) / 1000;
    if (tripMs < best.tripMs) best = { tripMs, offsetMs: redisMs - (startMs + tripMs / 2) };
  }
  const { tripMs, offsetMs } = best;
  const isSlow = tripMs > SLOW_MS;
  const reach: Finding = {
    check: "redis",
    status: isSlow ? "warn" : "ok",
    message: `the ${kind} at ${reader.address} answers in ${tripMs.toFixed(1)} ms`,
    ...(isSlow && {
      advice: "every poll of a session takes as long: bring service and Redis closer together",
    }),
    figures: { ms: tripMs },
  };
  // Half of the trip is what nobody knows.
  const isOff = Math.abs(offsetMs) - tripMs / 2 > TOLERATED_OFFSET_MS;
  const clock: Finding = {
    check: "clock",
    status: isOff ? "warn" : "ok",
    message: `the clock of Redis is ${Math.abs(offsetMs).toFixed(1)} ms ${offsetMs < 0 ? "behind" : "ahead of"} that of this machine, give or take ${(tripMs / 2).toFixed(1)} ms`,
    ...(isOff && { advice: "let NTP or chrony set both: latency figures contain the difference" }),
    figures: { offsetMs, uncertaintyMs: tripMs / 2 },
  };
  return [reach, clock];
}
