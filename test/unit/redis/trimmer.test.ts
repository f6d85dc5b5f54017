import { describe, expect, test } from "vitest";
import { type Answer, createSender, GatewayError, type SendCommands } from "../../../src/redis/gateway.ts";
import { type TrimRule, trimCommands, trimStreams } from "../../../src/redis/trimmer.ts";

const RULE: TrimRule = { length: 10_000, approximate: false, retentionMs: undefined };
const NOW_MS = 1_795_000_000_123;

const spelled = (rule: Partial<TrimRule>, nowMs: number | null = NOW_MS): string[] =>
  trimCommands({ ...RULE, ...rule }, "car", nowMs).map((command) => command.join(" "));

describe("the rule", () => {
  test("[T-01] is exact by default, without an explicit =", () => {
    expect(spelled({})).toEqual(["XTRIM stream:car MAXLEN 10000"]);
  });

  test("[T-03] has the length that is asked for, and ~ when that will do", () => {
    expect(spelled({ length: 1, approximate: true })).toEqual(["XTRIM stream:car MAXLEN ~ 1"]);
  });

  test("[T-05] is of age first, and the length stays the upper bound", () => {
    expect(spelled({ retentionMs: 60_000 })).toEqual([
      "XTRIM stream:car MINID 1794999940123",
      "XTRIM stream:car MAXLEN 10000",
    ]);
    expect(spelled({ retentionMs: 60_000, approximate: true })[0]).toBe(
      "XTRIM stream:car MINID ~ 1794999940123",
    );
  });

  test("[T-05] reaches back no further than the beginning of time, and has no age without a clock", () => {
    expect(spelled({ retentionMs: 60_000 }, 59_999)[0]).toBe("XTRIM stream:car MINID 0");
    expect(spelled({ retentionMs: 60_000 }, null)).toEqual(["XTRIM stream:car MAXLEN 10000"]);
  });
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const WRONG_TYPE = { error: "WRONGTYPE Operation against a key holding the wrong kind of value" };

interface Account {
  readonly members: readonly string[];
  /** What a command comes to, by what it begins with; `{ result: 1 }` when it is not there. */
  readonly answers?: Readonly<Record<string, Answer>>;
  /** Numbers of the requests that fail, from 0. */
  readonly failing?: (request: number) => boolean;
}

/** A gateway that keeps the requests which it was sent. */
function account({ members, answers = {}, failing = () => false }: Account) {
  const requests: string[][] = [];
  const known: Record<string, Answer> = {
    "SMEMBERS streams": { result: members.map(base64) },
    TIME: { result: ["1795000000", "123456"].map(base64) },
    ...answers,
  };
  const send: SendCommands = async (commands) => {
    const lines = commands.map((command) => command.join(" "));
    requests.push(lines);
    if (failing(requests.length - 1)) throw new GatewayError("timeout", "late");
    return lines.map((line) => {
      const found = Object.keys(known).find((start) => `${line} `.startsWith(`${start} `));
      return found === undefined ? { result: 1 } : known[found]!;
    });
  };
  return { send, requests, commands: () => requests.flat() };
}

describe("a round", () => {
  test("[T-02] trims the members of the set and nothing else", async () => {
    const { send, commands } = account({
      members: ["car", "é b", "OK", ""],
      answers: { "XTRIM stream:car": { result: 7 } },
    });
    expect(await trimStreams(send, RULE)).toEqual([
      { stream: "car", trimmed: 7, error: null },
      { stream: "é b", trimmed: 1, error: null },
      { stream: "OK", trimmed: 1, error: null },
      { stream: "", trimmed: 1, error: null },
    ]);
    expect(commands()).toEqual([
      "SMEMBERS streams",
      "XTRIM stream:car MAXLEN 10000",
      "XTRIM stream:é b MAXLEN 10000",
      "XTRIM stream:OK MAXLEN 10000",
      "XTRIM stream: MAXLEN 10000",
    ]);
  });

  test("of no streams asks for the set alone", async () => {
    const { send, commands } = account({ members: [] });
    expect(await trimStreams(send, RULE)).toEqual([]);
    expect(commands()).toEqual(["SMEMBERS streams"]);
  });

  test("goes through a large set request by request, each stream once", async () => {
    const members = Array.from({ length: 120 }, (_, i) => `s${i}`);
    const { send, requests } = account({ members });
    const results = await trimStreams(send, RULE);
    expect(results.map(({ stream }) => stream)).toEqual(members);
    expect(requests.map((commands) => commands.length)).toEqual([1, 50, 50, 20]);
  });

  test("a stream of another type is an error of its own", async () => {
    const { send } = account({ members: ["a", "b", "c"], answers: { "XTRIM stream:b": WRONG_TYPE } });
    const results = await trimStreams(send, { ...RULE, retentionMs: 60_000 });
    expect(results.map(({ trimmed, error }) => [trimmed, error?.message])).toEqual([
      [2, undefined],
      [0, "Redis refused the command (WRONGTYPE)"],
      [2, undefined],
    ]);
  });

  test("a request that fails does not keep the next ones from being sent", async () => {
    const members = Array.from({ length: 120 }, (_, i) => `s${i}`);
    const { send } = account({ members, failing: (request) => request === 2 });
    const results = await trimStreams(send, RULE);
    expect(results.map(({ stream }) => stream)).toEqual(members);
    expect(results.map(({ error }) => error?.code ?? "")).toEqual(
      members.map((_, i) => (i >= 50 && i < 100 ? "timeout" : "")),
    );
  });

  test("a gateway that keeps failing is left alone: the rest waits for the next round", async () => {
    const members = Array.from({ length: 1_000 }, (_, i) => `s${i}`);
    const { send, requests } = account({ members, failing: (request) => request > 0 });
    const results = await trimStreams(send, RULE);
    expect(requests).toHaveLength(1 + 3);
    expect(results.map(({ stream }) => stream)).toEqual(members);
    expect(results.every(({ error }) => error?.code === "timeout")).toBe(true);
  });

  test.each<[string, Answer, string]>([
    ["of another type", WRONG_TYPE, "command"],
    ["that is no set", { result: 5 }, "malformed"],
  ])("`streams` %s ends it", async (_, answer, code) => {
    const { send, requests } = account({ members: [], answers: { "SMEMBERS streams": answer } });
    await expect(trimStreams(send, RULE)).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });

  test("[T-05] takes the age of entries by the clock of Redis", async () => {
    const { send, commands } = account({ members: ["a"] });
    await trimStreams(send, { ...RULE, retentionMs: 60_000 });
    expect(commands()).toContain("XTRIM stream:a MINID 1794999940123");
  });

  test.each<[string, Answer]>([
    ["refused", { error: "NOPERM this user has no permissions" }],
    ["no time", { result: "x" }],
    ["half a time", { result: [base64("1795000000")] }],
  ])(
    "[T-05] with the clock %s, streams are trimmed by length, and it counts as an error",
    async (_, answer) => {
      const { send, commands } = account({ members: ["a"], answers: { TIME: answer } });
      const [result] = await trimStreams(send, { ...RULE, retentionMs: 60_000 });
      expect(result).toMatchObject({ trimmed: 1, error: { name: "GatewayError" } });
      expect(commands().slice(2)).toEqual(["XTRIM stream:a MAXLEN 10000"]);
    },
  );
});

test("commands go out as they are, in one request, and each is answered for itself", async () => {
  let asked: [string, unknown] | undefined;
  const send = createSender({
    url: "http://gateway",
    token: "t",
    fetch: async (input, init) => {
      asked = [String(input), JSON.parse(String(init?.body))];
      return Response.json([{ result: 1 }, WRONG_TYPE]);
    },
  });
  const commands = [["XTRIM", "a", "MAXLEN", "1"], ["TIME"]];
  expect(await send(commands)).toEqual([{ result: 1 }, WRONG_TYPE]);
  expect(asked).toEqual(["http://gateway/pipeline", commands]);
});
