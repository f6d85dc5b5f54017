import type { Command } from "./gateway-commands.ts";

/** They change the connection that all requests share, or end or debug the server. */
const REFUSED = new Set(
  [
    "MULTI EXEC DISCARD WATCH UNWATCH",
    "SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR",
    "AUTH HELLO SELECT RESET QUIT CLIENT ASKING READONLY READWRITE",
    "SHUTDOWN DEBUG CONFIG SYNC PSYNC REPLCONF REPLICAOF SLAVEOF FAILOVER MIGRATE MODULE",
  ]
    .join(" ")
    .split(" "),
);

/** They hold up the connection until something happens. */
const BLOCKING = new Set(
  "BLPOP BRPOP BLMOVE BLMPOP BRPOPLPUSH BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF".split(" "),
);

/** All that the Worker asks for, with the subcommand where only one is: what a read-only gateway lets through. */
export const READ_ONLY_COMMANDS: ReadonlyMap<string, string | null> = new Map([
  ["PING", null], // health
  ["TIME", null], // offset of the clocks
  ["HGET", null], // session entries
  ["HMGET", null],
  ["XREAD", null], // live data
  ["XRANGE", null], // backfill
  ["XREVRANGE", null], // leading edge
  ["XINFO", "STREAM"], // what Redis took away
  ["SMEMBERS", null], // streams to trim
  ["XTRIM", null], // the one that writes: retention
]);

/** The error to answer instead of passing a command on; null when it may pass. */
export function objectionTo(command: Command, readOnly: boolean): string | null {
  const [name, ...args] = command;
  if (readOnly && !isReadOnly(command)) return `NOPERM the gateway is read-only: '${name}' is not available`;
  if (REFUSED.has(name)) return `ERR Command is not available: '${name}'`;
  if (BLOCKING.has(name) || blocks(name, args)) return `ERR blocking commands are not available: '${name}'`;
  return null;
}

function isReadOnly([name, first]: Command): boolean {
  const subcommand = READ_ONLY_COMMANDS.get(name);
  return subcommand === null || (subcommand !== undefined && subcommand === first?.toString().toUpperCase());
}

/** Whether a stream is read with BLOCK among the options, which end at STREAMS. */
function blocks(name: string, args: Command[1][]): boolean {
  if (name !== "XREAD" && name !== "XREADGROUP") return false;
  const options = args.slice(name === "XREAD" ? 0 : 3).map((arg) => arg.toString().toUpperCase());
  return options.slice(0, options.indexOf("STREAMS")).includes("BLOCK");
}
