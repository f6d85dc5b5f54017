import { textOf } from "./base64.ts";
import { parseTime } from "./clock.ts";
import { type Answer, commandError, GatewayError, type Reply, type SendCommands } from "./gateway.ts";
import { streamKey } from "./reader.ts";

/** What streams keep. */
export interface TrimRule {
  /** Newest entries of a stream, at most. */
  readonly length: number;
  /** Only whole nodes of a stream are freed: cheaper, and it may keep some more. */
  readonly approximate: boolean;
  /** Age that entries may reach; undefined: any. */
  readonly retentionMs: number | undefined;
}

export interface TrimResult {
  readonly stream: string;
  /** Entries removed. */
  readonly trimmed: number;
  /** Why the stream was not trimmed as the rule says; null when it was. */
  readonly error: GatewayError | null;
}

/** Streams of one request: Redis is never held up for long by those of a large set. */
const STREAMS_PER_REQUEST = 50;
/** A gateway that fails this often in a row is left alone until the next round. */
const PATIENCE = 3;

/**
 * The commands that bring a stream under the rule, at `nowMs` of the clock of Redis. Without a clock entries
 * have no age. An explicit `=` is left out: it is the default, and not every server knows it.
 */
export function trimCommands(rule: TrimRule, stream: string, nowMs: number | null): string[][] {
  const trim = (by: string, threshold: number): string[] => [
    ...["XTRIM", streamKey(stream), by],
    ...(rule.approximate ? ["~"] : []),
    `${threshold}`,
  ];
  const byLength = trim("MAXLEN", rule.length);
  if (rule.retentionMs === undefined || nowMs === null) return [byLength];
  return [trim("MINID", Math.max(0, nowMs - rule.retentionMs)), byLength];
}

/**
 * Trims every member of the set `streams`, once. What goes wrong with one stream, or with one request, is the
 * result of the streams concerned and changes nothing for the others. Throws GatewayError when the set cannot be
 * read.
 */
export async function trimStreams(send: SendCommands, rule: TrimRule): Promise<TrimResult[]> {
  const { streams, nowMs, clockError } = await readStreams(send, rule.retentionMs !== undefined);
  const results: TrimResult[] = [];
  let failures = 0;
  while (results.length < streams.length) {
    const page = streams.slice(results.length, results.length + STREAMS_PER_REQUEST);
    try {
      const answers = await send(page.flatMap((stream) => trimCommands(rule, stream, nowMs)));
      const each = answers.length / page.length;
      results.push(
        ...page.map((stream, i) => resultOf(stream, answers.slice(i * each, (i + 1) * each), clockError)),
      );
      failures = 0;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      failures++;
      const failed = failures < PATIENCE ? page : streams.slice(results.length);
      results.push(...failed.map((stream) => ({ stream, trimmed: 0, error })));
    }
  }
  return results;
}

/** The set and, where ages count, the clock of Redis: it is the one that gave the entries their ids. */
async function readStreams(
  send: SendCommands,
  withClock: boolean,
): Promise<{ streams: string[]; nowMs: number | null; clockError: GatewayError | null }> {
  const [set, clock] = await send([["SMEMBERS", "streams"], ...(withClock ? [["TIME"]] : [])]);
  const members = replyOf(set);
  if (!Array.isArray(members)) throw malformed();
  const streams = members.map(textOf).filter((name) => name !== null);
  try {
    return { streams, nowMs: withClock ? parseTime(replyOf(clock)) : null, clockError: null };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { streams, nowMs: null, clockError: error };
  }
}

function resultOf(stream: string, answers: readonly Answer[], clockError: GatewayError | null): TrimResult {
  let trimmed = 0;
  let error = clockError;
  for (const answer of answers) {
    if ("error" in answer) error = commandError(answer.error);
    else if (typeof answer.result === "number") trimmed += answer.result;
  }
  return { stream, trimmed, error };
}

function replyOf(answer: Answer | undefined): Reply | undefined {
  if (answer && "error" in answer) throw commandError(answer.error);
  return answer?.result;
}

function malformed(): GatewayError {
  return new GatewayError("malformed", "the reply is no set of streams");
}
