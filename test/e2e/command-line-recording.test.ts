import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RESP_TYPES } from "@redis/client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "../../src/cli/gateway.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { type TemporaryDirectory, temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import { connectRedis, openSession, type RedisConnection } from "../../src/producer/index.ts";
import { timeRangeBurst } from "../../src/wire/burst.ts";
import { numbered } from "../fakes/bursts.ts";
import { CliProcess, endAll, slipstream } from "./cli-process.ts";

const TOKEN = "recordings";
const log = () => {};

let redis: StartedRedis;
let gateway: Gateway;
let commands: RedisConnection;
let folder: TemporaryDirectory;
let file: string;

beforeAll(async () => {
  redis = await startRedis({ log });
  // What lets through no more than the Worker asks for is enough to record.
  gateway = await startGateway({ redisUrl: redis.url, port: 0, token: TOKEN, readOnly: true, log });
  commands = await connectRedis(redis.url, log);
});

afterAll(async () => {
  commands.destroy();
  await gateway.stop();
  await redis.stop();
});

beforeEach(async () => {
  await commands.sendCommand(["FLUSHALL"]);
  folder = temporaryDirectory();
  file = join(folder.path, "a.jsonl");
});

afterEach(async () => {
  await endAll();
  folder.remove();
});

const overResp = () => ["--redis", redis.url];
const overHttp = () => ["--redis", gateway.url, "--token", TOKEN];

type Entries = { id: string; message: Record<string, Buffer> }[];

/** Fields and values of a stream, as bytes. */
async function entriesOf(stream: string): Promise<Entries> {
  const reply = commands
    .withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
    .xRange(`stream:${stream}`, "-", "+");
  return ((await reply) ?? []).map(({ id, message }) => ({ id: `${id}`, message: { ...message } as never }));
}

const json = (identity: string, state: string) =>
  JSON.stringify({ identity, state, identifier: `Session ${identity}`, timestamp: "2026-11-26T12:00:00Z" });

/** A closed session among entries of another, and some that no producer of ours would write. */
async function writeSession(identity = "s-1"): Promise<Entries> {
  const session = await openSession({ redis: commands, identity, streamName: "shared" });
  const other = await openSession({ redis: commands, identity: "other", streamName: "shared" });
  await session.writeSessionJson(json(identity, "open"));
  await other.writeSessionJson(json("other", "open"));
  for (let number = 0; number < 20; number++) {
    await session.write([numbered(1, number), timeRangeBurst(5n, 10n + BigInt(number))]);
    await other.write(numbered(1, -number));
  }
  const { streamSessionId } = session.place;
  const noise = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
  await commands.xAdd("stream:shared", "*", { id: streamSessionId, data: noise, "": "", more: noise });
  await session.close(json(identity, "closed"));
  return (await entriesOf("shared")).filter(({ message }) => message.id!.toString() === streamSessionId);
}

async function hashOf(identity: string): Promise<Record<string, string>> {
  return { ...(await commands.hGetAll(`sessions:${identity}`)) };
}

describe("record and replay", () => {
  test.each([
    ["Redis", overResp],
    ["a gateway that is only read", overHttp],
  ])("[Q-01] give back every entry byte for byte, recorded from %s", async (_, from) => {
    const entries = await writeSession();
    const hash = await hashOf("s-1");
    const recorded = await slipstream(["record", "s-1", file, "--no-follow", "--json", ...from()]);
    expect([recorded.code, JSON.parse(recorded.stdout)]).toEqual([
      0,
      expect.objectContaining({ entries: 23, gaps: 0, firstId: entries[0]!.id, lastId: entries.at(-1)!.id }),
    ]);

    await commands.sendCommand(["FLUSHALL"]);
    const replayed = await slipstream(["replay", file, "--speed", "max", "--json", ...overResp()]);
    expect([replayed.code, JSON.parse(replayed.stdout)]).toEqual([
      0,
      expect.objectContaining({ identity: "s-1", entries: 23, ids: "recorded" }),
    ]);
    expect(await entriesOf("shared")).toEqual(entries);
    const again = await hashOf("s-1");
    // Through a gateway that is only read, the fields of the protocol alone.
    expect({ ...hash, ...again }).toEqual({ ...hash, streamPosition: "0-0", lastUpdated: again.lastUpdated });
    for (const name of ["streamSessionId", "streamName", "json", "tStart", "tEnd"])
      expect(again[name]).toBe(hash[name]);
    expect(await commands.sMembers("streams")).toEqual(["shared"]);
    expect(await commands.get("lastStreamSessionId")).toBe(hash.streamSessionId);
    expect(await commands.ttl("sessions:s-1")).toBeGreaterThan(86_000);
  });

  test("[Q-01] through a pipe, beside the original: another identity, an id of its own, the rest as it was", async () => {
    const entries = await writeSession();
    const recorded = await slipstream(["record", "s-1", "-", "--no-follow", ...overResp()]);
    const arguments_ = ["replay", "-", "--identity", "s-2", "--stream", "copies", "--speed", "1000"];
    const replayed = await slipstream([...arguments_, ...overResp()], {}, recorded.stdout);
    expect(replayed.code).toBe(0);
    const copies = await entriesOf("copies");
    const { streamSessionId } = await hashOf("s-2");
    expect(["1", "2"]).not.toContain(streamSessionId);
    expect(copies.map(({ message }) => ({ ...message, id: "" }))).toEqual(
      entries.map(({ message }) => ({ ...message, id: "" })),
    );
    expect(new Set(copies.map(({ message }) => message.id!.toString()))).toEqual(new Set([streamSessionId]));
  });

  test("[Q-01] at its own pace, ids stay as far apart as they were", async () => {
    await writeSession();
    const ids = [1000, 1000, 1030, 1200].map((ms, index) => `${ms}-${index}`);
    await commands.del("stream:shared");
    const { streamSessionId = "" } = await hashOf("s-1");
    for (const id of ids) await commands.xAdd("stream:shared", id, { id: streamSessionId, data: "x" });
    const recorded = await slipstream(["record", "s-1", file, ...overResp()]);
    expect(recorded.stderr).toContain("the session is closed;");
    expect(recorded.stderr).toContain("the session's beginning has been trimmed");
    expect(recorded.code).toBe(1);

    const replayed = await slipstream(["replay", file, "--replace", "--json", ...overResp()]);
    expect([replayed.code, JSON.parse(replayed.stdout).ids]).toEqual([0, "shifted"]);
    expect(replayed.stderr).toContain("entries are missing here");
    const apart = (all: readonly string[]) =>
      all.map((id) => [Number.parseInt(id, 10) - Number.parseInt(all[0]!, 10), id.split("-")[1]]);
    expect(apart((await entriesOf("shared")).slice(4).map(({ id }) => id))).toEqual(apart(ids));
  });

  test("[Q-04] a live session is recorded as it comes, until Ctrl+C", async () => {
    const session = await openSession({ redis: commands, identity: "s-1", streamName: "live" });
    await session.writeSessionJson(json("s-1", "open"));
    const recording = new CliProcess(["record", "s-1", file, ...overHttp()]);
    const lines = () => readFileSync(file, "utf8").trimEnd().split("\n");
    for (let number = 0; number < 5; number++) await session.write(numbered(1, number));
    await expect.poll(() => recorded(file), { timeout: 20_000 }).toBe(6);
    expect(await recording.signal("SIGINT")).toBe(0);
    expect(recording.stderr).toContain("a.jsonl: 6 entries");
    expect(JSON.parse(lines().at(-1)!)).toMatchObject({ end: { entries: 6 } });
  });

  test("[Q-02] what a crash left of a recording is replayed up to there", async () => {
    const entries = await writeSession();
    await slipstream(["record", "s-1", file, "--no-follow", ...overResp()]);
    const whole = readFileSync(file, "utf8");
    writeFileSync(file, whole.slice(0, whole.indexOf(`"${entries[9]!.id}"`) + 60));
    await commands.sendCommand(["FLUSHALL"]);
    const { code, stderr } = await slipstream(["replay", file, "--speed", "max", ...overResp()]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("was cut off; everything up to there is replayed"),
    ]);
    expect(await entriesOf("shared")).toEqual(entries.slice(0, 9));
  });

  test("[Q-04] Ctrl+C stops a replay, and says how far it came", async () => {
    await writeSession();
    await slipstream(["record", "s-1", file, "--no-follow", ...overResp()]);
    const arguments_ = ["replay", file, "--identity", "s-2", "--speed", "0.001"];
    const replaying = new CliProcess([...arguments_, ...overResp()]);
    await expect.poll(() => commands.exists("sessions:s-2"), { timeout: 20_000 }).toBe(1);
    expect(await replaying.signal("SIGINT")).toBe(1);
    expect(replaying.stderr).toMatch(/^stopped; the session stays as it is now; session "s-2"/m);
  });

  test("nothing is overwritten unless told so", async () => {
    await writeSession();
    writeFileSync(file, "mine");
    const recorded = await slipstream(["record", "s-1", file, ...overResp()]);
    expect([recorded.code, recorded.stderr]).toEqual([
      1,
      `slipstream: ${file} is there already; --force writes over it\n`,
    ]);
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect((await slipstream(["record", "s-1", file, "--force", "--no-follow", ...overResp()])).code).toBe(0);
    const replayed = await slipstream(["replay", file, ...overResp()]);
    expect([replayed.code, replayed.stderr]).toEqual([
      1,
      expect.stringContaining('has a session "s-1": --identity NAME'),
    ]);
  });

  test("what is no recording, or no session, is said in one line", async () => {
    writeFileSync(file, "time,speed\n0,1\n");
    const replayed = await slipstream(["replay", file, ...overResp()]);
    expect([replayed.code, replayed.stderr]).toEqual([
      1,
      `slipstream: ${file} is not a recording of slipstream\n`,
    ]);
    const recorded = await slipstream(["record", "nobody", `${file}2`, ...overHttp()]);
    expect([recorded.code, recorded.stderr]).toEqual([
      1,
      expect.stringMatching(/^slipstream: .* no session "nobody"; .*\n$/),
    ]);
    expect(recorded.stderr).not.toContain(TOKEN);
  });
});

/** Entries that a recording holds so far. */
function recorded(path: string): number {
  return readFileSync(path, "utf8").match(/^\{"id":/gm)?.length ?? 0;
}
