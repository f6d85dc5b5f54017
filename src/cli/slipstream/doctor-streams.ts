import { streamIdMs } from "../../wire/stream-id.ts";
import type { Finding } from "./finding.ts";
import { listOf, type RedisReader, type Reply, textOf } from "./redis-reader.ts";
import { countText, durationText } from "./units.ts";

const CHECK = "trimming";
/** Enough to see more than is well, and not more than a screen. */
const MAX_STREAMS = 20;
/** A rate over less is a guess. */
const LEAST_ENTRIES = 10;

export interface TrimSettings {
  /** Entries that the trimmer keeps of each stream. */
  readonly targetLength: number;
  /** Seconds of history that viewers are to get. */
  readonly backscan: number;
}

/** How far back each stream will reach once it is as long as the trimmer lets it be. */
export async function checkStreams(reader: RedisReader, settings: TrimSettings): Promise<Finding[]> {
  const [members] = await reader.ask(["SMEMBERS", "streams"]);
  const names = listOf(members)
    .map((member) => textOf(member)!)
    .sort();
  if (names.length === 0) {
    const advice = "producers SADD the names of their streams to it";
    return [
      { check: CHECK, status: "skip", message: "the set streams is empty: there is nothing to trim", advice },
    ];
  }
  const findings: Finding[] = [];
  for (const name of names.slice(0, MAX_STREAMS)) findings.push(await checkStream(reader, name, settings));
  if (names.length > MAX_STREAMS) {
    const message = `${names.length - MAX_STREAMS} more streams were not looked at`;
    findings.push({
      check: CHECK,
      status: "skip",
      message,
      advice: "is there one stream for each source, or for each session?",
    });
  }
  return findings;
}

async function checkStream(reader: RedisReader, name: string, settings: TrimSettings): Promise<Finding> {
  const key = `stream:${name}`;
  const [first, last, info] = await reader
    .ask(
      ["XRANGE", key, "-", "+", "COUNT", "1"],
      ["XREVRANGE", key, "+", "-", "COUNT", "1"],
      ["XINFO", "STREAM", key],
    )
    .catch(() => [null, null, null]);
  const length = lengthOf(info);
  const [from, to] = [idMs(first), idMs(last)];
  if (length < LEAST_ENTRIES || from === null || to === null || to <= from) {
    return {
      check: CHECK,
      status: "skip",
      message: `${key}: ${countText(length, "entry", "entries")}, too few to tell a rate`,
    };
  }
  return judged(key, length, (to - from) / 1000, settings);
}

/** `seconds`: between the first entry of the stream and the last. */
function judged(
  key: string,
  length: number,
  seconds: number,
  { targetLength, backscan }: TrimSettings,
): Finding {
  const rate = (length - 1) / seconds;
  const reachSeconds = targetLength / rate;
  const headroomSeconds = reachSeconds - backscan;
  const figures = { entries: length, entriesPerSecond: rate, reachSeconds, headroomSeconds };
  const facts = `${key}: ${countText(length, "entry", "entries")} at ${rate.toFixed(1)}/s; ${targetLength.toLocaleString("en")} reach back ${durationText(reachSeconds * 1000)}`;
  if (length > 2 * targetLength) {
    const advice =
      "the trimmer does not run: RTA_ENABLETRIMMER is true? /metrics has slipstream_trimmer_last_run_timestamp_seconds";
    return {
      check: CHECK,
      status: "warn",
      message: `${facts}, and it holds more than twice that`,
      advice,
      figures,
    };
  }
  if (headroomSeconds < 0) {
    const needed = Math.ceil((rate * backscan) / 1000) * 1000;
    const message = `${facts}, which is ${durationText(-headroomSeconds * 1000)} less than the back-scan of ${backscan} s`;
    const advice = `RTA_TRIMMER__TARGETSTREAMLENGTH=${needed}, or a shorter RTA_BACKSCAN__SECONDS`;
    return { check: CHECK, status: "warn", message, advice, figures };
  }
  const message = `${facts}: ${durationText(headroomSeconds * 1000)} more than the back-scan`;
  return { check: CHECK, status: "ok", message, figures };
}

function lengthOf(info: Reply | undefined): number {
  const list = listOf(info);
  const at = list.findIndex((each, index) => index % 2 === 0 && textOf(each) === "length");
  return at < 0 ? 0 : Number(textOf(list[at + 1]));
}

function idMs(reply: Reply | undefined): number | null {
  const id = textOf(listOf(listOf(reply)[0])[0]);
  return id === null ? null : streamIdMs(id);
}
