import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Gateway, MAX_BODY_BYTES, startGateway } from "../../src/cli/gateway.ts";
import { MAX_REPLY_BYTES } from "../../src/cli/gateway-replies.ts";
import { freePort } from "../../src/cli/ports.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { RestClient } from "./rest-client.ts";

const TOKEN = "own-gateway";
const log = () => {};

/** What our gateway promises beyond the contract that all gateways share. */
describe("our gateway", () => {
  let redis: StartedRedis;
  let gateway: Gateway;
  let rest: RestClient;
  beforeAll(async () => {
    redis = await startRedis({ log });
    gateway = await startGateway({ redisUrl: redis.url, port: 0, token: TOKEN, log });
    rest = new RestClient(gateway.url, TOKEN);
  });
  afterAll(async () => {
    await gateway?.stop();
    await redis?.stop();
  });

  const REFUSED = [
    ["XREAD", "BLOCK", "0", "STREAMS", "k", "$"],
    ["xread", "COUNT", 1, "block", 1000, "streams", "k", "0"],
    ["XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", "k", ">"],
    ["BLPOP", "k", 0],
    ["WAIT", 1, 0],
    ["SUBSCRIBE", "channel"],
    ["MONITOR"],
    ["WATCH", "k"],
    ["MULTI"],
    ["SELECT", 1],
    ["CLIENT", "REPLY", "OFF"],
    ["SHUTDOWN"],
  ];
  test.each(REFUSED.map((command) => [command.join(" "), command] as const))(
    "%s is refused: the connection is everybody's",
    async (_, command) => {
      const error = expect.stringMatching(/not available/);
      expect(await rest.post("/", command)).toMatchObject({ status: 400, json: { error } });
      expect(await rest.post("/multi-exec", [command])).toMatchObject({ status: 400, json: { error } });
      const pipeline = await rest.post("/pipeline", [command, ["ECHO", "on"]]);
      expect(pipeline).toMatchObject({ status: 200, json: [{ error }, { result: "b24=" }] });
    },
  );

  test("a key, group or consumer that is called block does not block", async () => {
    const streams = await rest.post("/", ["XREAD", "STREAMS", "BLOCK", "0"]);
    expect(streams).toMatchObject({ status: 200, json: { result: null } });
    await rest.run("XGROUP", "CREATE", "group", "BLOCK", "$", "MKSTREAM");
    const group = await rest.post("/", ["XREADGROUP", "GROUP", "BLOCK", "BLOCK", "STREAMS", "group", ">"]);
    expect(group).toMatchObject({ status: 200, json: { result: null } });
  });

  test.each([
    ["an object", [["SET", "k", {}]]],
    ["null", [["SET", "k", null]]],
    ["a command that is text", ["PING"]],
  ])("%s in a pipeline is that command's error", async (_, commands) => {
    const answer = await rest.post("/pipeline", [...commands, ["ECHO", "on"]]);
    const items = [{ error: expect.stringMatching(/failed to parse/) }, { result: "b24=" }];
    expect(answer).toMatchObject({ status: 200, json: items });
  });

  test("another encoding than base64 is a 400", async () => {
    const answer = await rest.post("/", ["PING"], { "Upstash-Encoding": "hex" });
    expect(answer).toMatchObject({ status: 400, json: { error: expect.stringMatching(/base64/) } });
  });

  test.each(["/", "/pipeline", "/multi-exec"])("GET %s is a 405", async (path) => {
    expect(await rest.request("GET", path)).toMatchObject({
      status: 405,
      json: { error: expect.any(String) },
    });
  });

  test("integers are exact to their last bit, alone, in lists and in transactions", async () => {
    const [largest, smallest] = ["9223372036854775807", "-9223372036854775808"];
    const answer = await rest.post("/", ["INCRBY", "largest", largest]);
    expect(answer.text).toBe(`{"result":${largest}}`);
    const list = await rest.post("/", [
      "EVAL",
      "return {redis.call('incrby', KEYS[1], ARGV[1]), -1}",
      1,
      "i",
      7,
    ]);
    expect(list.text).toBe('{"result":[7,-1]}');
    const transaction = await rest.post("/multi-exec", [
      ["INCRBY", "smallest", smallest],
      ["GET", "smallest"],
    ]);
    const base64 = Buffer.from(smallest!).toString("base64");
    expect(transaction.text).toBe(`[{"result":${smallest}},{"result":"${base64}"}]`);
  });

  test("digits that are text stay text", async () => {
    await rest.run("SET", "digits", "123");
    expect((await rest.post("/", ["GET", "digits"], {})).text).toBe('{"result":"123"}');
    expect((await rest.post("/", ["MGET", "digits"])).text).toBe('{"result":["MTIz"]}');
  });

  test("a body at the limit is taken, one byte more is a 413", async () => {
    expect(await rest.write("/set/large", new Uint8Array(MAX_BODY_BYTES))).toBe("OK");
    expect(await rest.run("STRLEN", "large")).toBe(MAX_BODY_BYTES);
    const answer = await rest.request("POST", "/set/larger", new Uint8Array(MAX_BODY_BYTES + 1));
    expect(answer).toMatchObject({
      status: 413,
      json: { error: expect.stringMatching(/^ERR max request size/) },
    });
    expect(await rest.run("EXISTS", "larger")).toBe(0);
  });

  test("replies over the limit are errors: alone, or from where a pipeline goes over it", async () => {
    const bytes = Math.floor(MAX_REPLY_BYTES / 2);
    await rest.write("/set/half", new Uint8Array(bytes));
    const error = expect.stringMatching(/^ERR max request size exceeded/);
    expect(await rest.post("/", ["MGET", "half", "half"])).toMatchObject({ status: 400, json: { error } });
    const pipeline = await rest.post("/pipeline", [
      ["STRLEN", "half"],
      ["GET", "half"],
      ["GET", "half"],
      ["PING"],
    ]);
    const [length, first, second, ping] = pipeline.json as { result?: string; error?: string }[];
    expect([length, first!.error, second, ping]).toEqual([
      { result: bytes },
      undefined,
      { error },
      { result: "UE9ORw==" },
    ]);
  });

  test("counts what it passed to Redis, by command", async () => {
    const before = gateway.stats();
    await rest.run("xlen", "k");
    await rest.post("/pipeline", [
      ["XLEN", "k"],
      ["WATCH", "k"],
    ]);
    await rest.post("/multi-exec", [["XLEN", "k"]]);
    const delta = Object.entries(gateway.stats()).map(([name, count]) => [name, count - (before[name] ?? 0)]);
    expect(Object.fromEntries(delta.filter(([, count]) => count !== 0))).toEqual({ XLEN: 3 });
  });

  test("a client that leaves in the middle of its body changes nothing and stops nobody", async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /set/unfinished HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    socket.end(`${head}Content-Length: 100\r\n\r\nhalf`);
    socket.resume();
    await once(socket, "close");
    expect(await rest.run("EXISTS", "unfinished")).toBe(0);
  });

  test("a client that does not wait for its reply stops nobody", async () => {
    const leaving = new AbortController();
    const asked = fetch(`${gateway.url}/`, {
      method: "POST",
      headers: { Authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify(["GET", "half"]),
      signal: leaving.signal,
    }).then((response) => response.text());
    leaving.abort();
    await expect(asked).rejects.toThrow(/abort/);
    expect(await rest.text("ECHO", "still here")).toBe("still here");
  });

  test("listens on the loopback interface alone unless told otherwise", async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((entry) => entry?.family === "IPv4" && !entry.internal);
    const { port } = new URL(gateway.url);
    for (const entry of others) {
      const socket = connect(Number(port), entry!.address);
      const [error] = await once(socket, "error");
      expect(error).toMatchObject({ code: "ECONNREFUSED" });
    }
    expect(new URL(gateway.url).hostname).toBe("127.0.0.1");
  });

  test("a port in use is an error that names the setting", async () => {
    const port = Number(new URL(gateway.url).port);
    const second = startGateway({ redisUrl: redis.url, port, token: TOKEN, log });
    await expect(second).rejects.toThrow(`port ${port} of 127.0.0.1 is in use; set GATEWAY_PORT`);
  });
});

test("our gateway does not start with an empty token", async () => {
  const started = startGateway({ redisUrl: "redis://127.0.0.1:1", port: 0, token: "", log });
  await expect(started).rejects.toThrow(/needs a token/);
});

describe("our gateway without Redis", () => {
  test("does not start, and does not quote the password", async () => {
    const port = await freePort();
    const started = startGateway({
      redisUrl: `redis://user:secret@127.0.0.1:${port}`,
      port: 0,
      token: TOKEN,
      log,
    });
    await expect(started).rejects.toThrow(
      new RegExp(`^cannot reach Redis at redis://127.0.0.1:${port}: .*ECONNREFUSED`),
    );
  });

  test("answers 503 while Redis is away and goes on when it is back, with its data", async () => {
    const data = { dir: mkdtempSync(join(tmpdir(), "slipstream-test-")), port: await freePort() };
    let redis = await startRedis({ data, log });
    const lines: string[] = [];
    const gateway = await startGateway({
      redisUrl: redis.url,
      port: 0,
      token: TOKEN,
      log: (line) => lines.push(line),
    });
    const rest = new RestClient(gateway.url, TOKEN);
    try {
      await rest.run("SET", "kept", "1");
      await redis.stop();
      for (const [path, value] of [
        ["/", ["GET", "kept"]],
        ["/pipeline", [["GET", "kept"]]],
        ["/multi-exec", [["GET", "kept"]]],
      ] as const) {
        const error = expect.stringMatching(/^ERR Redis is away/);
        expect(await rest.post(path, value)).toMatchObject({ status: 503, json: { error } });
      }
      redis = await startRedis({ data, log });
      await vi.waitFor(async () => expect(await rest.text("GET", "kept")).toBe("1"), { timeout: 5000 });
      expect(lines).toEqual([expect.stringMatching(/^Redis is away/), "Redis is back"]);
    } finally {
      await gateway.stop();
      await redis.stop();
      rmSync(data.dir, { recursive: true });
    }
  });
});
