import { type EntryPlace, entryPlaces } from "../../redis/directory.ts";
import { parseStreamId } from "../../wire/stream-id.ts";
import { CommandError } from "../command-error.ts";
import { listOf, type RedisReader, type Reply, textOf } from "./redis-reader.ts";

/** Where a session's entry is, and what it says. */
export interface FoundSession {
  readonly place: EntryPlace;
  /** What reads the entry: `sessionIn` takes its reply. */
  readonly command: readonly string[];
  /** Field, value, field, value …, as stored; of a JSON object in a hash field, its members. */
  readonly fields: readonly Buffer[];
  readonly streamSessionId: string;
  /** Without the `stream:` prefix. */
  readonly streamName: string;
  /** The stream's last id before the session's first message. */
  readonly streamPosition: string;
  /** Session JSON; null until the session can be streamed. */
  readonly json: string | null;
}

/** Where the entry is, in the words of `redis-cli`. */
export function placeText(place: EntryPlace): string {
  return place.kind === "hash" ? place.key : `${place.key} ${place.field}`;
}

/** What a session's hash is known to hold. */
const KNOWN_FIELDS = [
  "streamSessionId",
  "streamName",
  "streamPosition",
  "lastUpdated",
  "json",
  "tStart",
  "tEnd",
];

/** The command that reads an entry whole. */
export function readCommand(place: EntryPlace): string[] {
  return place.kind === "hash" ? ["HGETALL", place.key] : ["HGET", place.key, place.field];
}

/** Looks wherever the Stream Service looks; the first place that names a stream wins. */
export async function findSession(redis: RedisReader, identity: string): Promise<FoundSession | null> {
  for (const place of entryPlaces(identity)) {
    const found = await readSession(redis, place);
    if (found) return found;
  }
  return null;
}

/** As `findSession`. Rejects with CommandError when there is none. */
export async function requireSession(redis: RedisReader, identity: string): Promise<FoundSession> {
  const found = await findSession(redis, identity);
  if (found) return found;
  throw new CommandError(
    `the Redis at ${redis.address} has no session "${identity}"; \`slipstream sessions\` lists those that it has`,
  );
}

async function readSession(redis: RedisReader, place: EntryPlace): Promise<FoundSession | null> {
  try {
    return await readWith(redis, place, readCommand(place));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error.message.includes("WRONGTYPE")) return null;
    // A gateway that lets through what the Worker asks for.
    if (!error.message.includes("NOPERM") || place.kind !== "hash") throw error;
    return readWith(redis, place, ["HMGET", place.key, ...KNOWN_FIELDS]);
  }
}

async function readWith(
  redis: RedisReader,
  place: EntryPlace,
  command: string[],
): Promise<FoundSession | null> {
  const [reply] = await redis.ask(command);
  return sessionIn(place, command, reply!);
}

/** The session in the reply to `command`; null when there is none. */
export function sessionIn(place: EntryPlace, command: readonly string[], reply: Reply): FoundSession | null {
  const fields = fieldsIn(command, reply);
  const value = (name: string): string | undefined => {
    const at = fields.findIndex((field, index) => index % 2 === 0 && field.toString() === name);
    return at < 0 ? undefined : fields[at + 1]!.toString();
  };
  const streamSessionId = value("streamSessionId")?.trim();
  const streamName = value("streamName");
  if (streamSessionId === undefined || streamName === undefined) return null;
  const position = value("streamPosition")?.trim() ?? "";
  return {
    place,
    command,
    fields,
    streamSessionId,
    streamName,
    streamPosition: parseStreamId(position) ? position : "0-0",
    json: value("json") || null,
  };
}

function fieldsIn([name, , ...names]: readonly string[], reply: Reply): readonly Buffer[] {
  if (name === "HGETALL") return listOf(reply) as readonly Buffer[];
  if (name === "HGET") return membersOf(textOf(reply));
  return listOf(reply).flatMap((value, index) =>
    Buffer.isBuffer(value) ? [Buffer.from(names[index]!), value] : [],
  );
}

/** Numbers keep their digits. */
function membersOf(json: string | null): Buffer[] {
  try {
    const members: unknown = JSON.parse(json ?? "", (_key, value: unknown, context?: { source?: string }) =>
      typeof value === "number" ? (context?.source ?? `${value}`) : value,
    );
    return Object.entries(members as object).flatMap(([name, value]) => [
      Buffer.from(name),
      Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
    ]);
  } catch {
    return [];
  }
}
