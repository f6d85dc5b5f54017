import { PayloadError, unpack } from "../../wire/payload.ts";
import { parseStreamId } from "../../wire/stream-id.ts";
import { CommandError } from "../command-error.ts";
import { fieldOf } from "./burst-metadata.ts";
import type { Finding } from "./finding.ts";
import { listOf, type RedisReader, textOf } from "./redis-reader.ts";
import { type FoundSession, findSession, placeText } from "./session-place.ts";

const CHECK = "layout";

/** Whether a session is written as readers expect it: its entry, its stream, and the last message in that. */
export async function checkLayout(reader: RedisReader, identity: string | undefined): Promise<Finding[]> {
  if (identity === undefined) {
    const advice = "`slipstream ingest` starts one";
    return [{ check: CHECK, status: "skip", message: "there is no session to look at", advice }];
  }
  const session = await findSession(reader, identity);
  if (session === null) {
    const advice =
      "its producer writes elsewhere, or it has expired; RTA_SESSIONKEYTEMPLATE names another key";
    return [
      { check: CHECK, status: "fail", message: `no session "${identity}" in any likely place`, advice },
    ];
  }
  const found = [
    ...entryFindings(session, identity),
    ...(await expiryFindings(reader, session)),
    ...(await streamFindings(reader, session)),
  ];
  if (found.length > 0) return found;
  return [
    {
      check: CHECK,
      status: "ok",
      message: `${placeText(session.place)} and stream:${session.streamName} are as they should be`,
    },
  ];
}

function warn(message: string, advice: string): Finding {
  return { check: CHECK, status: "warn", message, advice };
}

function fail(message: string, advice: string): Finding {
  return { check: CHECK, status: "fail", message, advice };
}

function* entryFindings(session: FoundSession, identity: string): Generator<Finding> {
  const place = placeText(session.place);
  const text = (name: string) => fieldOf(session, name)?.toString();
  if (!/^\d+$/.test(session.streamSessionId)) {
    yield warn(
      `${place}: streamSessionId is no number`,
      "let the producer take it from INCRBY lastStreamSessionId",
    );
  }
  if (parseStreamId(text("streamPosition") ?? "") === null) {
    yield warn(
      `${place}: streamPosition is no stream id`,
      "store the stream's last id before the first message; without it the whole stream is read",
    );
  }
  if (session.json === null) {
    yield fail(
      `${place}: no json, so that the session cannot be streamed`,
      "let the producer write a Session JSON first of all",
    );
  } else {
    const problem = jsonProblem(session.json, identity);
    if (problem)
      yield fail(
        `${place}: ${problem}`,
        "let the producer store the Session JSON that it streams, untouched",
      );
  }
  if ((text("tStart") === undefined) !== (text("tEnd") === undefined)) {
    yield warn(`${place}: one of tStart and tEnd is missing`, "write both with every time range");
  }
}

function jsonProblem(json: string, identity: string): string | undefined {
  try {
    const { identity: told } = JSON.parse(json) as { identity?: unknown };
    // A replay under another name keeps the JSON that was recorded.
    return typeof told === "string" && told !== ""
      ? undefined
      : `json does not say that it is of "${identity}"`;
  } catch {
    return "json is not JSON";
  }
}

async function expiryFindings(reader: RedisReader, { place }: FoundSession): Promise<Finding[]> {
  if (place.kind !== "hash") return [];
  const seconds = Number(await askOrNull(reader, ["TTL", place.key]));
  if (seconds !== -1) return [];
  return [
    warn(
      `${place.key} never expires`,
      "let the producer set EXPIRE with each write, so that dead sessions go",
    ),
  ];
}

async function streamFindings(
  reader: RedisReader,
  { streamName, streamSessionId }: FoundSession,
): Promise<Finding[]> {
  const key = `stream:${streamName}`;
  const found: Finding[] = [];
  const [members, entries] = await reader.ask(
    ["SMEMBERS", "streams"],
    ["XREVRANGE", key, "+", "-", "COUNT", "1"],
  );
  if (!listOf(members).some((member) => textOf(member) === streamName)) {
    found.push(
      warn(
        `the set streams lacks "${streamName}": its stream is never trimmed`,
        `SADD streams ${streamName}, as the producer should`,
      ),
    );
  }
  const [entry] = listOf(entries);
  if (entry === undefined) {
    found.push(warn(`${key} is empty`, "it was trimmed or deleted: viewers get metadata and no data"));
    return found;
  }
  const fields = { fields: listOf(listOf(entry)[1]) as readonly Buffer[] };
  const id = fieldOf(fields, "id")?.toString().trim();
  const data = fieldOf(fields, "data");
  if (id === undefined || data === undefined) {
    found.push(
      fail(
        `the last entry of ${key} lacks id or data`,
        `entries are XADD ${key} * id ${streamSessionId} data …`,
      ),
    );
    return found;
  }
  try {
    const { framing } = unpack(data);
    if (framing !== "block") {
      found.push(
        warn(
          `the last entry of ${key} is packed as "${framing}"`,
          "raw LZ4 blocks are what other readers know",
        ),
      );
    }
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    found.push(
      fail(
        `the last entry of ${key} cannot be read: ${error.message}`,
        "data is the LZ4 block of a StreamDataBurst; was it passed through text on its way?",
      ),
    );
  }
  return found;
}

/** Null where a gateway does not let the command through. */
async function askOrNull(reader: RedisReader, command: readonly string[]): Promise<string | null> {
  try {
    return textOf((await reader.ask(command))[0]);
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}
