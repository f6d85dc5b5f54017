import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RESP_TYPES } from "@redis/client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "../../src/cli/gateway.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { type TemporaryDirectory, temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import { connectRedis, openSession, type RedisConnection } from "../../src/producer/index.ts";
import { rta } from "../../src/wire/gen/rta.js";
import { numbered } from "../fakes/bursts.ts";
import { CliProcess, endAll, MAIN, slipstream } from "./cli-process.ts";
import { inflate } from "./follower.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TOKEN = "command-line";
const log = () => {};

let redis: StartedRedis;
let gateway: Gateway;
let commands: RedisConnection;
let folder: TemporaryDirectory;

beforeAll(async () => {
  redis = await startRedis({ log });
  gateway = await startGateway({ redisUrl: redis.url, port: 0, token: TOKEN, log });
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
});

afterEach(async () => {
  await endAll();
  folder.remove();
});

describe("slipstream", () => {
  test("runs through npx in the checkout, whatever Node starts it", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const PATH = process.env
      .PATH!.split(delimiter)
      .filter((entry) => !entry.includes("node_modules"))
      .join(delimiter);
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
    const env = { ...Object.fromEntries(own), PATH };
    const run = (command: string, args: string[]) =>
      execFileSync(command, args, { cwd: ROOT, env, encoding: "utf8" });
    expect(run("npx", ["slipstream", "--version"])).toBe(`${version}\n`);
    expect(run("node", ["src/cli/slipstream.js", "--version"])).toBe(`${version}\n`);
  });

  test("explains itself and each of its commands", async () => {
    const { code, stdout, stderr } = await slipstream(["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    const commandNames = [...stdout.split("COMMANDS")[1]!.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name!);
    expect(commandNames).toEqual([
      "tail",
      "sessions",
      "record",
      "replay",
      "ingest",
      "doctor",
      "bench",
      "completion",
    ]);
    for (const name of commandNames) {
      const help = await slipstream([name, "--help"]);
      expect([name, help.code, help.stdout.match(/^ {2}slipstream /gm)!.length > 2]).toEqual([name, 0, true]);
    }
  });

  test.each([
    [["tial", "x"], "did you mean `tail`"],
    [["recrd"], "did you mean `record`"],
    [["record", "x", "y", "--forse"], "No flag registered for --forse, did you mean --force"],
    [["record", "x", "y", "--start=end"], 'Expected "end" to be one of (beginning|now)'],
    [["record", "x"], "Expected argument for file"],
    [["record", ""], "must not be empty"],
    [["record", "x", "-", "--json"], "cannot both go to standard output"],
    [["replay", "x", "--speed", "slow"], 'speed must be a number above 0, or max, not "slow"'],
    [["replay", "x", "--redis", "http://127.0.0.1:1"], "must be Redis itself"],
    [["replay", "a", "b"], "Too many arguments"],
    [["ingest", "--rest", "70000"], "must be a whole number from 0 to 65535"],
    [["replay", "x.jsonl"], "name it with --redis redis://…, or set REDIS_URL"],
    [["ingest", "x", "--delimiter", "7"], "must be one character"],
    [["sessions", "--redis", "secret@host"], "redis must be an address like redis://"],
    [["tail", "x", "--json", "--csv"], "--json and --csv exclude each other"],
    [["tail", "x", "--url", "stream.example.com"], "must be an address like http"],
    [["tail", "x", "--token", "a,b"], "must be a bearer token"],
    [["tail", "x", "--channel", "vCar"], "must be a whole number"],
    [["bench", "--viewers", "0"], "must be a whole number from 1 to 5000"],
    [["bench", "--subscriptions", "3"], "--subscriptions needs --subscribed"],
    [["bench", "--subscribed", "60"], "is more than the session's --channels 50"],
    [["bench", "--viewers", "5000", "--duration", "3600"], "is over 20,000,000"],
    [["doctor", "--backscan", "-1"], "must be a number, 0 or above"],
    [["completion", "csh"], "must be one of bash, zsh, fish"],
  ])("[Q-03] is used wrongly: %j", async (args, message) => {
    const { code, stdout, stderr } = await slipstream(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at |secret/m);
  });

  test.each([
    [["tail", "x"], { SLIPSTREAM_URL: "here" }, "SLIPSTREAM_URL must be an address"],
    [["tail", "x"], { SLIPSTREAM_TOKEN: "a b" }, "SLIPSTREAM_TOKEN must be a bearer token"],
    [["sessions"], { REDIS_URL: "secret@host" }, "REDIS_URL must be an address"],
    [["replay", "x"], { REDIS_URL: "http://127.0.0.1:1" }, "REDIS_URL must be Redis itself"],
  ])("[Q-03] is told wrong things by the environment: %j %j", async (args, env, message) => {
    const { code, stdout, stderr } = await slipstream(args, env);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(message)]);
    expect(stderr).not.toContain("secret");
  });

  test("completes commands and flags for a shell", async () => {
    expect((await slipstream(["completion", "bash"])).stdout).toContain("complete -o default -F _slipstream");
    const proposals = async (...words: string[]) =>
      (await slipstream(["__complete", ...words])).stdout.split("\n").map((line) => line.split("\t")[0]);
    expect(await proposals("re")).toEqual(["record", "replay", ""]);
    expect(await proposals("replay", "--s")).toEqual(["--speed", "--stream", ""]);
    expect(await proposals("completion", "z")).toEqual(["zsh", ""]);
  });

  test("[Q-03] a Redis or a gateway that is not there is said in one line", async () => {
    for (const url of ["redis://user:secret@127.0.0.1:1", "http://127.0.0.1:1"]) {
      const { code, stderr } = await slipstream(["sessions", "--redis", url]);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^slipstream: cannot (?:reach|use).*127\.0\.0\.1:1.*\n$/),
      ]);
      expect(stderr).not.toContain("secret");
    }
  });
});

describe("slipstream sessions", () => {
  beforeEach(async () => {
    const json = (identity: string, state: string) =>
      JSON.stringify({ identity, identifier: `Name of ${identity}`, state });
    const closed = await openSession({ redis: commands, identity: "old", streamName: "one" });
    await closed.writeSessionJson(json("old", "open"));
    await closed.close(json("old", "closed"));
    const live = await openSession({ redis: commands, identity: "new", streamName: "one" });
    await live.writeSessionJson(json("new", "open"));
    for (let number = 0; number < 5; number++) await live.write(numbered(1, number));
    await commands.hSet("sessions:bare", { streamSessionId: "9", streamName: "two", streamPosition: "0-0" });
    await commands.set("sessions:text", "of another kind");
  });

  test.each([
    ["Redis", () => ["--redis", redis.url]],
    ["the gateway", () => ["--redis", gateway.url, "--token", TOKEN]],
  ])("lists what there is, from %s", async (_, from) => {
    const { code, stdout, stderr } = await slipstream(["sessions", "--json", ...from()]);
    expect([code, stderr]).toEqual([0, ""]);
    const found = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(found).toEqual([
      expect.objectContaining({ identity: "new", identifier: "Name of new", state: "open", streamLength: 8 }),
      expect.objectContaining({ identity: "old", state: "closed", streamName: "one" }),
      { ...found[2], identity: "bare", state: null, identifier: null, streamLength: 0, ageMs: null },
    ]);
    expect(found[0].entriesPerSecond).toBeGreaterThan(1);
  });

  test("[Q-05] in a table without colours where nobody looks, and only what is live when asked", async () => {
    const { stdout } = await slipstream(["sessions", "--live"], { REDIS_URL: redis.url });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(lines[0]).toEqual(["IDENTITY", "NAME", "STATE", "LAST DATA", "RATE", "STREAM", "LENGTH"]);
    expect(lines.slice(1).map(([identity, , state]) => [identity, state])).toEqual([
      ["new", "open"],
      ["bare", "not yet"],
    ]);
  });

  test("ends with its reader, as `head` does", async () => {
    const many = Array.from(
      { length: 3_000 },
      (_, index) => ["hSet", `sessions:${"x".repeat(60)}${index}`] as const,
    );
    const transaction = commands.multi();
    for (const [, key] of many)
      transaction.hSet(key, { streamSessionId: "9", streamName: "two", streamPosition: "0-0" });
    await transaction.exec();
    const command = `${process.execPath} ${MAIN} sessions --json | head -1`;
    const { stdout, stderr } = spawnSync("sh", ["-c", command], {
      env: { ...process.env, REDIS_URL: redis.url },
      encoding: "utf8",
    });
    expect([stdout.split("\n").length, stderr]).toEqual([2, ""]);
  });

  test("of a Redis that has none are none, which is no failure", async () => {
    await commands.sendCommand(["FLUSHALL"]);
    const { code, stdout, stderr } = await slipstream(["sessions"], { REDIS_URL: redis.url });
    expect([code, stdout, stderr]).toEqual([0, "", expect.stringContaining("knows no session")]);
  });
});

describe("slipstream ingest", () => {
  const session = async (identity: string) =>
    JSON.parse((await commands.hGet(`sessions:${identity}`, "json"))!);

  test("[Q-04] lets the demo car drive through a gateway until Ctrl+C, and closes its session", async () => {
    const through = ["--redis", gateway.url, "--token", TOKEN];
    const driving = new CliProcess(["ingest", ...through, "--identity", "car-1", "--json"]);
    expect(JSON.parse((await driving.until(/^\{.*\}$/m))[0])).toEqual({ identity: "car-1" });
    expect((await session("car-1")).state).toBe("open");
    await expect.poll(() => commands.xLen("stream:demo-car"), { timeout: 20_000 }).toBeGreaterThan(3);
    expect(await driving.signal("SIGINT")).toBe(0);
    expect((await session("car-1")).state).toBe("closed");
  });

  test("[Q-06] turns a CSV file into a session with names, units, exact times and values", async () => {
    const file = join(folder.path, "lap.csv");
    writeFileSync(
      file,
      "time,speed [km/h],gear\n1795424400.000000001,250.5,8\n1795424400.01,,7\n1795424400.02,249,\n",
    );
    const arguments_ = ["ingest", file, "--redis", redis.url, "--identity", "lap", "--speed", "max"];
    const { code, stdout, stderr } = await slipstream(arguments_);
    expect([code, stdout]).toEqual([0, "lap\n"]);
    expect(stderr).toContain("3 rows, 4 samples");
    const { state, identifier, timeRange, configBindings } = await session("lap");
    expect([state, identifier, configBindings[0].channelOffset]).toEqual(["closed", "lap.csv", 0]);
    expect(await commands.hmGet("sessions:lap", ["tStart", "tEnd"])).toEqual([
      "1795424400000000001",
      "1795424400020000000",
    ]);
    expect(timeRange).toBeDefined();
    expect(await samplesOf("stream:csv")).toEqual([
      [0, 1795424400000000001n, 250.5],
      [0, 1795424400020000000n, 249],
      [1, 1795424400000000001n, 8],
      [1, 1795424400010000000n, 7],
    ]);
  });

  test("takes times as it goes: relative ones from now on, with REST beside for the names", async () => {
    const input = `t,a\n${Array.from({ length: 40 }, (_, index) => `${index * 1000},${index}`).join("\n")}\n`;
    const ingesting = new CliProcess(
      ["ingest", "-", "--time-unit", "ms", "--redis", redis.url, "--identity", "slow", "--rest", "0"],
      {},
      input,
    );
    const [, rest] = await ingesting.until(/REST at (\S+);/);
    await ingesting.until(/^slow$/m);
    const published = await (await fetch(`${rest}/rta/v2/sessions/slow`)).json();
    const { identifier } = published.configBindings[0];
    const configuration = await (await fetch(`${rest}/rta/v2/configs/${identifier}`)).json();
    expect(configuration.CSV.parameters[0]).toMatchObject({ id: "a:CSV", channels: [0] });
    await expect.poll(() => commands.xLen("stream:csv"), { timeout: 20_000 }).toBeGreaterThan(1);
    expect(await ingesting.signal("SIGTERM")).toBe(1);
    expect((await session("slow")).state).toBe("truncated");
    const [first, ...others] = await samplesOf("stream:csv");
    expect(Math.abs(Number(first![1] / 1_000_000n) - Date.now())).toBeLessThan(60_000);
    expect(others.length).toBeLessThan(38);
  });

  test("[Q-06] says what is wrong with a file before anything is written", async () => {
    const file = join(folder.path, "lap.csv");
    writeFileSync(file, "time,speed\n0,1\n1,fast\n");
    const { code, stderr } = await slipstream(["ingest", file, "--redis", redis.url]);
    expect([code, stderr]).toEqual([1, `slipstream: ${file} line 3: column "speed" has no number: "fast"\n`]);
    expect(await commands.dbSize()).toBe(0);
    const missing = await slipstream(["ingest", `${file}x`, "--redis", redis.url]);
    expect([missing.code, missing.stderr]).toEqual([1, `slipstream: cannot read ${file}x (ENOENT)\n`]);
  });
});

/** Channel, time and value of each sample in a stream. */
async function samplesOf(key: string): Promise<[number, bigint, number][]> {
  const entries = await commands.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).xRange(key, "-", "+");
  const items = (entries ?? []).flatMap(
    ({ message }) => rta.model.net.stream.StreamDataBurst.decode(inflate(message.data as never)).data,
  );
  return items.flatMap(({ timestampedData: run }) => {
    if (!run) return [];
    const values = Buffer.from(run.buffer!);
    let timeNs = BigInt(String(run.startTimestamp));
    return run.timestampDeltas!.map((delta, index): [number, bigint, number] => {
      timeNs += BigInt(String(delta)) * BigInt(String(run.timestampDeltasScale));
      return [run.channelId ?? 0, timeNs, values.readDoubleLE(index * 8)];
    });
  });
}
