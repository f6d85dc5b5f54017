import { startCar } from "../car.ts";
import { type Origin, startOrigin } from "../origin.ts";
import { portError } from "../ports.ts";
import { type CliContext, note, pause, print } from "./context.ts";
import type { CsvOptions } from "./csv.ts";
import { type JsonFlag, type RedisFlags, redisOf } from "./flags.ts";
import { ingestCsv } from "./ingest-csv.ts";
import type { Speed } from "./replay-clock.ts";

export interface IngestFlags extends RedisFlags, JsonFlag, CsvOptions {
  readonly identity?: string;
  readonly stream?: string;
  readonly rest?: number;
  readonly duration?: number;
  readonly speed: Speed;
  readonly now?: boolean;
}

/** As often as a producer tells REST of the time range. */
const REST_REFRESH_MS = 5_000;
const LONGEST_MS = 2 ** 31 - 1;

/** `slipstream ingest`: writes a live session until its end, or the person's. */
export async function ingest(this: CliContext, flags: IngestFlags, path?: string): Promise<void> {
  const rest = flags.rest === undefined ? undefined : await serveRest(flags.rest, this);
  try {
    if (path === undefined) await ingestCar(this, flags, rest);
    else await ingestCsv(this, flags, path, rest);
  } finally {
    await rest?.stop();
  }
}

async function serveRest(port: number, context: CliContext): Promise<Origin> {
  try {
    const rest = await startOrigin({ port });
    note(context, `REST at ${rest.url}; the Worker passes it on with RTA_ORIGIN set to that`);
    return rest;
  } catch (error) {
    throw portError(error, port, "--rest", "127.0.0.1");
  }
}

async function ingestCar(context: CliContext, flags: IngestFlags, rest: Origin | undefined): Promise<void> {
  const { url: redisUrl, token: redisToken } = redisOf(flags, context);
  const car = await startCar({
    redisUrl,
    redisToken,
    ...(flags.identity !== undefined && { identity: flags.identity }),
    ...(flags.stream !== undefined && { streamName: flags.stream }),
    log: (line) => note(context, line),
    ...(rest && { onSession: rest.publishSession }),
  });
  rest?.publishConfig(car.configIdentifier, car.configJson);
  const refresh = setInterval(() => rest?.publishSession(car.sessionJson()), REST_REFRESH_MS);
  try {
    await announce(context, flags, car.identity);
    note(context, "a car is on its circuit; Ctrl+C ends the session");
    await pause(context, flags.duration === undefined ? LONGEST_MS : flags.duration * 1000);
  } finally {
    clearInterval(refresh);
    await car.stop();
  }
}

/** Tells the identity as soon as the session can be followed. */
export function announce(context: CliContext, { json }: JsonFlag, identity: string): Promise<void> {
  return print(context, json ? JSON.stringify({ identity }) : identity);
}
