import { createStore, follow, type Link, type LinkCause } from "../../client/index.ts";
import { CommandError } from "../command-error.ts";
import { type CliContext, note, UsageError } from "./context.ts";
import { type JsonFlag, type ServiceFlags, serviceOf } from "./flags.ts";
import { failureOf, linkWords, subscriptionOf } from "./session-link.ts";
import { TailLines } from "./tail-lines.ts";
import { showTable } from "./tail-table.ts";
import { Wanted } from "./tail-wanted.ts";

export interface TailFlags extends ServiceFlags, JsonFlag {
  readonly parameter?: readonly string[];
  readonly channel?: readonly number[];
  readonly noEvents?: boolean;
  readonly since: number;
  readonly duration?: number;
  readonly wait?: boolean;
  readonly csv?: boolean;
}

/** So that samples that come again after a reconnect are told once, with room to spare for slow channels. */
const STORE = { seconds: 600, bytes: 64 * 1024 * 1024 };

/** `slipstream tail`: follows a session until it ends or the person has enough. */
export async function tail(this: CliContext, flags: TailFlags, identity: string): Promise<void> {
  if (flags.json && flags.csv) throw new UsageError("--json and --csv exclude each other");
  const { url, token } = serviceOf(flags, this);
  const isTable = this.process.stdout.isTTY === true && !flags.json && !flags.csv;
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), (flags.duration ?? 0) * 1000);
  if (flags.duration === undefined) clearTimeout(timer);
  let hopeless: LinkCause | undefined;
  let objection: string | undefined;
  const following = follow(url, identity, {
    ...subscriptionOf(flags),
    ...(token !== undefined && { token }),
    ...(!isTable && { store: createStore(STORE), history: false }),
    signal: AbortSignal.any([this.stop, enough.signal]),
    on: {
      link: (link) => {
        if (link.state === "unavailable" && !flags.wait) {
          hopeless = link.cause;
          following.close();
        } else if (!isTable) tellLink(this, link);
      },
      catalogue: (catalogue) => {
        objection = new Wanted(flags).objection(catalogue);
        if (objection !== undefined) following.close();
      },
      ...(!isTable && { problem: ({ message }) => objection === undefined && note(this, message) }),
    },
  });
  try {
    if (isTable) await showTable(this, flags, following);
    else await new TailLines(this, flags).write(following);
  } finally {
    clearTimeout(timer);
    following.close();
  }
  if (objection !== undefined) throw new CommandError(objection);
  const cause = hopeless ?? (await following.ended);
  const failure = failureOf(cause, url);
  if (failure) throw failure;
  if (cause === "ended") note(this, linkWords(cause));
}

function tellLink(context: CliContext, link: Link): void {
  if (link.state === "stale") note(context, "nothing comes; waiting");
  else if (link.state === "reconnecting" || link.state === "unavailable") {
    const seconds = Math.max(0, Math.round((link.retryAtMs - Date.now()) / 1000));
    note(context, `${linkWords(link.cause)}; trying again in ${seconds} s`);
  }
}
