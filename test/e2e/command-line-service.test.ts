import { spawn } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Origin, startOrigin } from "../../src/cli/origin.ts";
import { csvConfiguration } from "../../src/cli/slipstream/csv-config.ts";
import {
  eventItem,
  type ProducerSession,
  sessionJson,
  timeRangeItem,
  timestampedItem,
} from "../../src/producer/index.ts";
import { CliProcess, endAll, MAIN, slipstream } from "./cli-process.ts";
import { type Stack, startStack } from "./stack.ts";

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

  test("shows a table on a terminal, and leaves the terminal as it was", async () => {
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
