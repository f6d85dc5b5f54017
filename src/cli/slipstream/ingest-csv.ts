import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { type ClosedState, openSession } from "../../producer/index.ts";
import { CommandError } from "../command-error.ts";
import type { Origin } from "../origin.ts";
import { connectProducer } from "../producer-connection.ts";
import { type CliContext, EXIT, pause } from "./context.ts";
import { type CsvTable, readCsv } from "./csv.ts";
import { csvConfiguration, type ValueRange } from "./csv-config.ts";
import { CsvSession } from "./csv-session.ts";
import { redisOf } from "./flags.ts";
import { announce, type IngestFlags } from "./ingest.ts";
import { Progress } from "./progress.ts";
import { countText } from "./units.ts";

/** Numbers that count from elsewhere than 1970, such as from the start of a lap: before 1973. */
const RELATIVE_BELOW_NS = 100_000_000_000_000_000n;

/** What a file holds, known before anything of it is written. */
interface Survey {
  readonly rows: number;
  readonly ranges: readonly (ValueRange | undefined)[];
}

/** Writes the rows of a CSV file as their time comes. */
export async function ingestCsv(
  context: CliContext,
  flags: IngestFlags,
  path: string,
  rest: Origin | undefined,
): Promise<void> {
  const open = () => readCsv(path === "-" ? context.process.stdin : createReadStream(path), path, flags);
  const survey = path === "-" ? null : await surveyOf(await open());
  const table = await open();
  const first = await table.rows.next();
  if (first.done) throw new CommandError(`${path} has no rows`);
  const isRelative = first.value.timeNs < RELATIVE_BELOW_NS && first.value.timeNs > -RELATIVE_BELOW_NS;
  const offsetNs = flags.now || isRelative ? BigInt(Date.now()) * 1_000_000n - first.value.timeNs : 0n;

  const configuration = csvConfiguration(table.columns, survey?.ranges ?? []);
  rest?.publishConfig(configuration.identifier, configuration.json);
  const progress = new Progress(context);
  const connection = await connectProducer(redisOf(flags, context), (error) =>
    progress.note(`Redis is away (${error.message}); trying again`),
  );
  try {
    const identity = flags.identity ?? `csv-${randomUUID()}`;
    const producer = await openSession({
      redis: connection.redis,
      identity,
      streamName: flags.stream ?? "csv",
    });
    const session = new CsvSession(producer, {
      identifier: path === "-" ? "CSV" : basename(path),
      configIdentifier: configuration.identifier,
      offsetNs,
      onSession: (json) => rest?.publishSession(json),
    });
    await session.start(configuration.json);
    await announce(context, flags, identity);
    let end: ClosedState = "failed";
    try {
      await writeRows();
      end = context.stop.aborted ? "truncated" : "closed";
    } finally {
      await session.close(end);
    }
    const { rows, samples } = session;
    progress.note(
      `session ${JSON.stringify(identity)}: ${countText(rows, "row")}, ${countText(samples, "sample")}`,
    );
    if (context.stop.aborted) context.process.exitCode = EXIT.failed;

    async function writeRows(): Promise<void> {
      const startMs = performance.now();
      const firstNs = first.value!.timeNs;
      for (let row = first; !row.done; row = await table.rows.next()) {
        const afterMs = flags.speed === "max" ? 0 : Number(row.value.timeNs - firstNs) / 1e6 / flags.speed;
        const waitMs = startMs + afterMs - performance.now();
        if (waitMs > 0) await pause(context, waitMs);
        if (flags.duration !== undefined && performance.now() - startMs > flags.duration * 1000) return;
        if (context.stop.aborted) return;
        await session.add(row.value);
        const of = survey ? ` of ${survey.rows.toLocaleString("en")}` : "";
        progress.update(() => `${session.rows.toLocaleString("en")}${of} rows; Ctrl+C ends the session`);
      }
    }
  } finally {
    connection.close();
  }
}

/** Reads it all, so that what is wrong in it is known before a session begins with it. */
async function surveyOf({ columns, rows }: CsvTable): Promise<Survey> {
  const ranges: (ValueRange | undefined)[] = columns.map(() => undefined);
  let count = 0;
  for await (const { values } of rows) {
    count += 1;
    for (const [column, value] of values.entries()) {
      if (value === undefined || !Number.isFinite(value)) continue;
      const { min, max } = ranges[column] ?? { min: value, max: value };
      ranges[column] = { min: Math.min(min, value), max: Math.max(max, value) };
    }
  }
  return { rows: count, ranges };
}
