import { type CliContext, note, print } from "./context.ts";
import type { JsonFlag, RedisFlags } from "./flags.ts";
import { paintFor } from "./paint.ts";
import { printable } from "./printable.ts";
import { openReader } from "./redis-reader.ts";
import { type ListedSession, listSessions } from "./session-list.ts";
import { type TextColumn, tableLines } from "./text-table.ts";
import { durationText } from "./units.ts";

export interface SessionsFlags extends RedisFlags, JsonFlag {
  readonly live?: boolean;
}

/** States of which more data is expected, and a session that has no state yet. */
const LIVE: readonly (string | null)[] = ["unknown", "waiting", "open", null];

const COLUMNS: readonly TextColumn[] = [
  { title: "IDENTITY" },
  { title: "NAME" },
  { title: "STATE" },
  { title: "LAST DATA", align: "right" },
  { title: "RATE", align: "right" },
  { title: "STREAM" },
  { title: "LENGTH", align: "right" },
];

/** `slipstream sessions`: what there is to follow. */
export async function sessions(this: CliContext, flags: SessionsFlags): Promise<void> {
  const redis = await openReader(flags, this);
  try {
    const all = await listSessions(redis);
    const shown = flags.live ? all.filter(({ state }) => LIVE.includes(state)) : all;
    if (flags.json) {
      for (const session of shown) await print(this, JSON.stringify(session));
    } else if (shown.length === 0) {
      const live = flags.live && all.length > 0 ? "live " : "";
      note(this, `the Redis at ${redis.address} knows no ${live}session; \`slipstream ingest\` starts one`);
    } else {
      const paint = paintFor(this.process.stdout, this.process.env);
      const { title, rows } = tableLines(COLUMNS, shown.map(cellsOf));
      await print(this, paint("bold", title));
      for (const [index, row] of rows.entries()) {
        await print(this, LIVE.includes(shown[index]!.state) ? row : paint("dim", row));
      }
    }
  } finally {
    redis.close();
  }
}

function cellsOf(session: ListedSession): string[] {
  const { identity, identifier, state, ageMs, entriesPerSecond, streamName, streamLength } = session;
  return [
    printable(identity),
    printable(identifier ?? "-"),
    printable(state ?? "not yet"),
    ageMs === null ? "-" : `${durationText(ageMs)} ago`,
    entriesPerSecond > 0 ? `${entriesPerSecond.toFixed(1)}/s` : "-",
    printable(streamName),
    `${streamLength}`,
  ];
}
