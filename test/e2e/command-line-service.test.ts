import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startGateway } from "../../src/cli/gateway.ts";
import { type Origin, startOrigin } from "../../src/cli/origin.ts";
import { csvConfiguration } from "../../src/cli/slipstream/csv-config.ts";
import { temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import {
  eventItem,
  type ProducerSession,
  sessionJson,
  timeRangeItem,
  timestampedItem,
} from "../../src/producer/index.ts";
import { CliProcess, endAll, MAIN, slipstream } from "./cli-process.ts";
import { startManglingGateway } from "./mangling-gateway.ts";
import { type Stack, startStack } from "./stack.ts";

const README = new URL("../../README.md", import.meta.url);
const COLUMNS = [
  { name: "speed", unit: "km/h" },
  { name: "gear", unit: "" },
];

let origin: Origin;
let stack: Stack;
const service = () => ({ SLIPSTREAM_URL: stack.url });

beforeAll(async () => {
  origin = await startOrigin();
  stack = await startStack({ RTA_ORIGIN: origin.url, RTA_LINGER__SECONDS: "1" });
});

afterAll(async () => {
  await stack.stop();
  await origin.stop();
});

afterEach(endAll);

/** All that Redis holds but the number that only grows. */
async function keys(): Promise<string[]> {
  return (await stack.commands.keys("*")).filter((key) => key !== "lastStreamSessionId").sort();
}

/** A session that the service can be asked for, with the configuration of two columns. */
async function open(identity: string): Promise<ProducerSession> {
  const { identifier, json } = csvConfiguration(COLUMNS, []);
  origin.publishConfig(identifier, json);
  const session = await stack.produce(identity, identity);
  await session.writeSessionJson(sessionText(identity, "open"));
  return session;
}

function sessionText(identity: string, state: "open" | "closed"): string {
  const json = sessionJson({
    identity,
    state,
    timestamp: new Date().toISOString(),
    identifier: `Session ${identity}`,
    configBindings: [{ identifier: csvConfiguration(COLUMNS, []).identifier, channelOffset: 100 }],
  });
  origin.publishSession(json);
  return json;
}

const T0 = 1_795_694_400_000_000_001n;

/** Samples of both channels at `T0` and so many seconds, with their time range. */
function burst(second: number): Uint8Array[] {
  const timeNs = T0 + BigInt(second) * 1_000_000_000n;
  return [
    timestampedItem({ channel: 100, timesNs: [timeNs], samples: Float64Array.of(200 + second) }),
    timestampedItem({ channel: 101, timesNs: [timeNs], samples: Float64Array.of(second) }),
    timeRangeItem(T0, timeNs),
  ];
}

describe("slipstream tail", () => {
  test("writes a line of JSON for each sample and event from the leading edge on, until the session ends", async () => {
    const session = await open("lines");
    await session.write(burst(0));
    await session.write(burst(1));
    const tail = new CliProcess(["tail", "lines", "--json"], service());
    await tail.until(/"speed:CSV".*\n/);
    await session.write(burst(2));
    await session.write([
      eventItem({ definition: 1, app: "CSV", timestampNs: T0 + 3_000_000_000n, text: "box" }),
    ]);
    await tail.until(/"box"/);
    await session.close(sessionText("lines", "closed"));
    expect(await tail.ended()).toBe(0);
    const lines = tail.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(
      [
        { timeNs: `${T0 + 1_000_000_000n}`, channel: 100, parameter: "speed:CSV", unit: "km/h", value: 201 },
        { timeNs: `${T0 + 1_000_000_000n}`, channel: 101, parameter: "gear:CSV", unit: "", value: 1 },
        { timeNs: `${T0 + 2_000_000_000n}`, channel: 100, parameter: "speed:CSV", unit: "km/h", value: 202 },
        { timeNs: `${T0 + 2_000_000_000n}`, channel: 101, parameter: "gear:CSV", unit: "", value: 2 },
        { timeNs: `${T0 + 3_000_000_000n}`, event: "0001:CSV", detail: "box", priority: "" },
      ].map((line) => expect.objectContaining(line)),
    );
    expect(lines[0].time).toBe("2026-11-26T12:00:01.000000001Z");
    expect(tail.stderr).toContain("the session is closed");
  });

  test("writes CSV of the parameters and channels that are asked for, with history, and ends with its reader", async () => {
    const session = await open("table");
    for (const second of [0, 1, 2]) await session.write(burst(second));
    const csv = new CliProcess(["tail", "table", "--csv", "--parameter", "gear", "--since", "60"], service());
    await csv.until(/gear:CSV,2,\n/);
    expect(await csv.signal("SIGINT")).toBe(0);
    const [head, ...rows] = csv.stdout.trimEnd().split("\n");
    expect(head).toBe("time,channel,parameter,value,unit");
    expect(rows.sort()).toEqual([
      "2026-11-26T12:00:00.000000001Z,101,gear:CSV,0,",
      "2026-11-26T12:00:01.000000001Z,101,gear:CSV,1,",
      "2026-11-26T12:00:02.000000001Z,101,gear:CSV,2,",
    ]);
    const byChannel = await slipstream(["tail", "table", "--channel", "100", "--duration", "2"], service());
    expect([byChannel.code, JSON.parse(byChannel.stdout)]).toEqual([
      0,
      expect.objectContaining({ value: 202 }),
    ]);
  });

  test("[Q-04] shows a table on a terminal, and leaves the terminal as it was", async () => {
    const session = await open("screen");
    await session.write(burst(7));
    const command = `stty cols 60 rows 12; exec ${process.execPath} ${MAIN} tail screen`;
    const terminal = spawn("script", ["-qefc", command, "/dev/null"], {
      env: { ...process.env, ...service(), TERM: "xterm", NO_COLOR: "" },
    });
    let output = "";
    const ended = new Promise((resolve) => terminal.once("close", resolve));
    const shown = new Promise<void>((resolve) => {
      terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.includes("207 km/h")) resolve();
      });
    });
    await shown;
    terminal.stdin.write("\x03");
    expect(await ended).toBe(0);
    expect(output).toContain("\x1b[1mSession screen\x1b[22m");
    expect(output.indexOf("\x1b[?25l")).toBe(output.lastIndexOf("\x1b[?25l"));
    expect(output.lastIndexOf("\x1b[?25h")).toBeGreaterThan(output.lastIndexOf("207 km/h"));
  });

  test("says in one line what is not there, and waits for it only when told to", async () => {
    const failed = async (...args: string[]) => {
      const { code, stdout, stderr } = await slipstream(["tail", ...args], service());
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      return stderr;
    };
    await open("there");
    expect(await failed("nobody")).toContain("does not know this session");
    expect(await failed("x", "--url", "http://127.0.0.1:1")).toContain("cannot be reached");
    expect(await failed("there", "--parameter", "spee")).toContain('no parameter "spee"; it has speed');

    const waiting = new CliProcess(["tail", "later", "--wait"], service());
    await waiting.until(/does not know this session.*trying again/);
    await (await open("later")).write(burst(0));
    await waiting.until(/speed:CSV/);
    expect(await waiting.signal("SIGTERM")).toBe(0);
  });
});

describe("slipstream doctor", () => {
  const TOKEN = { UPSTASH_REDIS_REST_TOKEN: "end-to-end" };

  interface Finding {
    check: string;
    status: string;
    message: string;
    advice?: string;
    figures?: Record<string, number>;
  }

  async function diagnose(redis: string, ...args: string[]) {
    const { code, stdout } = await slipstream(["doctor", "--json", "--redis", redis, ...args], {
      ...service(),
      ...TOKEN,
    });
    const findings = stdout
      .trimEnd()
      .split("\n")
      .map((line): Finding => JSON.parse(line));
    for (const { status, advice } of findings.filter(
      (each) => each.status === "warn" || each.status === "fail",
    )) {
      expect([status, advice]).toEqual([status, expect.any(String)]);
    }
    return { code, findings, statuses: findings.map(({ check, status }) => `${check} ${status}`) };
  }

  test("[Q-07] finds a sound service sound, down to bytes and a viewer, and leaves nothing behind", async () => {
    const session = await open("sound");
    for (let second = 0; second < 12; second++) await session.write(burst(second));
    const before = await keys();
    const { code, findings, statuses } = await diagnose(stack.gateway.url, "sound");
    expect(code).toBe(0);
    expect(statuses).toEqual(
      expect.arrayContaining(["service ok", "redis ok", "layout ok", "viewer ok", "bytes ok"]),
    );
    expect(findings.find(({ check }) => check === "bytes")!.message).toContain(
      "through base64 replies of the gateway",
    );
    const trimming = findings.find(({ message }) => message.startsWith("stream:sound:"))!;
    expect(trimming.figures!.headroomSeconds).toBeCloseTo(trimming.figures!.reachSeconds! - 300, 6);
    expect(await keys()).toEqual(before);
  });

  test("says in words for people what it finds, and what to do", async () => {
    const { code, stdout } = await slipstream([
      "doctor",
      "--redis",
      stack.redis.url,
      "--url",
      "http://127.0.0.1:1",
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fail {2}service {5}http:\/\/127\.0\.0\.1:1 cannot be reached\n +→ start it/m);
    expect(stdout).toMatch(/^fail {2}viewer {6}0 of 10 bursts came: the service cannot be reached/m);
  });

  test("[Q-07] names what is wrong with a session and its stream", async () => {
    const key = "sessions:crooked";
    await stack.commands.hSet(key, { streamSessionId: "x7", streamName: "crooked", json: "{", tStart: "1" });
    await stack.commands.xAdd("stream:crooked", "*", { id: "x7", data: "no burst" });
    const { code, findings } = await diagnose(stack.redis.url, "crooked");
    await stack.commands.del([key, "stream:crooked"]);
    expect(code).toBe(1);
    const found = findings
      .filter(({ check }) => check === "layout")
      .map(({ status, message }) => `${status} ${message}`);
    expect(found).toEqual([
      "warn sessions:crooked: streamSessionId is no number",
      "warn sessions:crooked: streamPosition is no stream id",
      "fail sessions:crooked: json is not JSON",
      "warn sessions:crooked: one of tStart and tEnd is missing",
      "warn sessions:crooked never expires",
      'warn the set streams lacks "crooked": its stream is never trimmed',
      expect.stringContaining("fail the last entry of stream:crooked cannot be read"),
    ]);
    expect((await diagnose(stack.redis.url, "nobody")).statuses).toContain("layout fail");
  });

  test("[Q-07] warns of streams that reach back less than viewers look, and of a trimmer that does not run", async () => {
    const session = await open("short");
    const { streamSessionId: id } = session.place;
    for (let number = 1; number <= 30; number++) {
      await stack.commands.xAdd("stream:brief", `${number * 1000}-0`, { id, data: "x" });
    }
    await stack.commands.sAdd("streams", "brief");
    const about = async (...args: string[]) =>
      (await diagnose(stack.redis.url, "short", ...args)).findings.find(({ message }) =>
        message.startsWith("stream:brief"),
      )!;
    expect(await about("--target-length", "100")).toMatchObject({
      status: "warn",
      message: expect.stringContaining(
        "100 reach back 1 min 40 s, which is 3 min 20 s less than the back-scan of 300 s",
      ),
      figures: { reachSeconds: 100, headroomSeconds: -200, entriesPerSecond: 1 },
    });
    expect(await about("--target-length", "10")).toMatchObject({
      message: expect.stringContaining("more than twice that"),
    });
    await stack.commands.del("stream:brief");
    await stack.commands.sRem("streams", "brief");
  });

  test("[Q-07] finds out a gateway that does not keep bytes", async () => {
    const gateway = await startManglingGateway(stack.gateway.url);
    const { code, statuses } = await diagnose(gateway.url);
    await gateway.stop();
    expect([code, statuses]).toEqual([1, expect.arrayContaining(["viewer ok", "bytes fail"])]);
  });

  test("follows what is there where it may not write", async () => {
    const gateway = await startGateway({
      redisUrl: stack.redis.url,
      port: 0,
      token: "end-to-end",
      readOnly: true,
      log: () => {},
    });
    const session = await open("followed");
    const source = setInterval(() => void session.write(burst(1)), 100);
    const { code, statuses } = await diagnose(gateway.url, "followed");
    clearInterval(source);
    await gateway.stop();
    expect([code, statuses]).toEqual([
      0,
      expect.arrayContaining(["sessions skip", "layout ok", "viewer ok"]),
    ]);
  });
});

test("the commands of the README do what they say, one after the other", async () => {
  const [, section = ""] = readFileSync(README, "utf8").split("\n## Command line\n");
  const lines = section.split("```")[1]!.match(/^npx slipstream .*$/gm) ?? [];
  expect(lines.length).toBeGreaterThan(6);
  const folder = temporaryDirectory();
  writeFileSync(join(folder.path, "lap.csv"), "elapsed,speed\n0,1\n10,2\n");
  const session = await open("demo-1");
  for (const second of [0, 1]) await session.write(burst(second));
  const env = {
    ...service(),
    UPSTASH_REDIS_REST_URL: stack.gateway.url,
    UPSTASH_REDIS_REST_TOKEN: "end-to-end",
  };
  // As they stand there, but for what waits for a person or measures at length.
  const bounds: Record<string, string[]> = { tail: ["--duration", "1"], record: ["--no-follow"] };
  for (const line of lines) {
    const words = line
      .replace(/ +#.*$/, "")
      .replace("redis://127.0.0.1:6379", stack.redis.url)
      .replace("--duration 10", "--duration 1")
      .split(" ")
      .slice(2);
    const bounded = [...words, ...(bounds[words[0]!] ?? [])];
    const { code, stderr } = await slipstream(bounded, env, undefined, folder.path);
    expect([line, code, stderr]).toEqual([line, 0, expect.not.stringContaining("slipstream:")]);
  }
  folder.remove();
  const again = JSON.parse((await stack.commands.hGet("sessions:again", "json"))!);
  expect(again.identity).toBe("demo-1");
});

describe("slipstream bench", () => {
  const bench = (...args: string[]) => ["bench", "--redis", stack.redis.url, "--channels", "6", ...args];

  test("[Q-08] delivers each burst to each viewer, measures when, and leaves nothing behind", async () => {
    const before = await keys();
    const load = ["--viewers", "4", "--subscriptions", "2", "--subscribed", "3", "--duration", "1"];
    const { code, stdout } = await slipstream(bench(...load, "--json"), service());
    const figures = JSON.parse(stdout);
    expect(figures).toMatchObject({
      viewers: 4,
      bursts: 30,
      deliveries: 120,
      lost: 0,
      twice: 0,
      closedWith: [],
    });
    expect(code).toBe(0);
    const { p50, p90, p99, "p99.9": p999, max } = figures.latencyMs;
    expect([p50, p90, p99, p999, max].toSorted((a, b) => a - b)).toEqual([p50, p90, p99, p999, max]);
    expect(p50).toBeGreaterThan(0);
    // At least a run of ten floats for each of three channels.
    expect(figures.bytes).toBeGreaterThan(120 * 3 * 40 * 0.5);
    expect(await keys()).toEqual(before);
  });

  test("[Q-04] says figures in words, and what Ctrl+C left of them", async () => {
    const before = await keys();
    const running = new CliProcess(bench("--viewers", "1", "--duration", "600"), service());
    const own = async () => (await stack.commands.keys("stream:bench-*"))[0];
    await expect
      .poll(async () => stack.commands.xLen((await own()) ?? "none"), { timeout: 30_000 })
      .toBeGreaterThan(5);
    expect(await running.signal("SIGINT")).toBe(1);
    expect(running.stderr).toContain("stopped early");
    expect(running.stdout).toMatch(
      /^1 viewer, 1 subscription of all 6 channels; 10 bursts and 600 samples a second$/m,
    );
    expect(running.stdout).toMatch(/^ms +p50 +p90 +p99 +p99\.9 +max$/m);
    expect(running.stdout).toMatch(/^deliveries +(\d+) of \1; 0 lost, 0 twice$/m);
    expect(await keys()).toEqual(before);
  });

  test("fails in one line where no viewer gets in", async () => {
    const { code, stdout, stderr } = await slipstream(bench("--url", "http://127.0.0.1:1"));
    expect([code, stdout, stderr]).toEqual([
      1,
      "",
      expect.stringMatching(/^slipstream: the service did not let a viewer in.*\n$/),
    ]);
  });
});
