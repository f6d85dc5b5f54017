import { type CliContext, EXIT, print } from "./context.ts";
import { checkLayout } from "./doctor-layout.ts";
import { checkHealth, checkRedis } from "./doctor-reach.ts";
import { checkStreams } from "./doctor-streams.ts";
import { checkViewer } from "./doctor-viewer.ts";
import type { Finding } from "./finding.ts";
import { type JsonFlag, redisOf, type ServiceFlags, serviceOf } from "./flags.ts";
import { paintFor } from "./paint.ts";
import { printable } from "./printable.ts";
import { openReader, type RedisReader } from "./redis-reader.ts";
import { type ListedSession, listSessions } from "./session-list.ts";

export interface DoctorFlags extends ServiceFlags, JsonFlag {
  readonly redis?: string;
  readonly targetLength: number;
  readonly backscan: number;
}

const STYLE = { ok: "green", warn: "yellow", fail: "red", skip: "dim" } as const;

/** `slipstream doctor`: looks at each part, and tells at once what it finds. */
export async function doctor(this: CliContext, flags: DoctorFlags, identity?: string): Promise<void> {
  const service = serviceOf(flags, this);
  // `--token` is for the service.
  const redisFlags = flags.redis === undefined ? {} : { redis: flags.redis };
  const paint = paintFor(this.process.stdout, this.process.env);
  let failures = 0;
  const tell = async (finding: Finding): Promise<void> => {
    if (finding.status === "fail") failures += 1;
    if (flags.json) return print(this, JSON.stringify(finding));
    const { check, status, message, advice } = finding;
    await print(
      this,
      `${paint(STYLE[status], status.padEnd(4))}  ${check.padEnd(10)}  ${printable(message)}`,
    );
    if (advice !== undefined) await print(this, `${" ".repeat(18)}${paint("dim", `→ ${printable(advice)}`)}`);
  };

  await tell(await checkHealth(service.url));
  const reader = await openReader(redisFlags, this).catch(async (error: Error) => {
    await tell({ check: "redis", status: "fail", message: error.message, advice: REDIS_ADVICE });
    return null;
  });
  try {
    let newest: ListedSession | undefined;
    if (reader) {
      for (const finding of await checkRedis(reader)) await tell(finding);
      newest = await newestSession(reader, tell);
      const looked = identity ?? newest?.identity;
      for (const finding of await checkLayout(reader, looked)) await tell(finding);
      for (const finding of await checkStreams(reader, flags)) await tell(finding);
    }
    const followed = identity ?? newest?.identity;
    const target = { service, redis: redisOf(redisFlags, this), reader, followed, stop: this.stop };
    for await (const finding of checkViewer(target)) await tell(finding);
  } finally {
    reader?.close();
  }
  if (failures > 0 || this.stop.aborted) this.process.exitCode = EXIT.failed;
}

const REDIS_ADVICE =
  "name Redis or its gateway with --redis; the gateway's token comes from UPSTASH_REDIS_REST_TOKEN";

/** The session with the newest data; undefined when there is none, or Redis does not let us look. */
async function newestSession(
  reader: RedisReader,
  tell: (finding: Finding) => Promise<void>,
): Promise<ListedSession | undefined> {
  try {
    return (await listSessions(reader))[0];
  } catch (error) {
    const advice = "name a session: slipstream doctor IDENTITY";
    await tell({ check: "sessions", status: "skip", message: (error as Error).message, advice });
    return undefined;
  }
}
