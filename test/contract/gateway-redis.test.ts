import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startGatewayAndRedis } from "../../src/cli/backend.ts";
import { type Gateway, type GatewayOptions, startGateway } from "../../src/cli/gateway.ts";
import { READ_ONLY_COMMANDS } from "../../src/cli/gateway-policy.ts";
import { startRedisRelay } from "./redis-relay.ts";
import { type RedisServer, startRedisServer } from "./redis-server.ts";
import { RestClient } from "./rest-client.ts";
import { throwawayCertificate } from "./throwaway-certificate.ts";

const TOKEN = "gateway-redis";
const log = () => {};
const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** What Slipstream asks, in both letter cases. */
const NEEDED: (string | number)[][] = [
  ["PING"],
  ["time"],
  ["HGET", "entry", "json"],
  ["HMGET", "entry", "json", "streamName"],
  ["SMEMBERS", "streams"],
  ["XREAD", "COUNT", 7, "STREAMS", "stream:rta", "0"],
  ["XRANGE", "stream:rta", "-", "+", "COUNT", 7],
  ["xrevrange", "stream:rta", "+", "-", "COUNT", 1],
  ["XINFO", "stream", "stream:rta"],
  ["XTRIM", "stream:rta", "MAXLEN", 10],
];

/** Writes, reads of other things, scripts, and what would tell about or change the server. */
const FORBIDDEN: string[][] = [
  ...["SET k v", "GET k", "DEL k", "UNLINK k", "EXPIRE k 1", "RENAME k l", "COPY k l", "GETDEL k", "INCR k"],
  ...[
    "HSET entry json x",
    "HDEL entry json",
    "HGETALL entry",
    "SADD streams x",
    "SREM streams x",
    "SPOP streams",
  ],
  ...[
    "XADD stream:rta * d 1",
    "XDEL stream:rta 1-0",
    "XGROUP CREATE stream:rta g $",
    "XSETID stream:rta 9-0",
  ],
  ...["XREADGROUP GROUP g c STREAMS stream:rta >", "XACK stream:rta g 1-0", "XLEN stream:rta"],
  ...["XINFO", "XINFO GROUPS stream:rta", "XINFO HELP", "KEYS *", "SCAN 0", "RANDOMKEY", "TYPE k", "DUMP k"],
  ...[
    "EVAL return(1) 0",
    "EVAL_RO return(1) 0",
    "EVALSHA x 0",
    "FCALL f 0",
    "SCRIPT FLUSH",
    "FUNCTION FLUSH",
  ],
  ...["FLUSHALL", "FLUSHDB", "SWAPDB 0 1", "INFO", "ACL WHOAMI", "CONFIG GET *", "CLIENT LIST", "SHUTDOWN"],
  ...[
    "SUBSCRIBE c",
    "PUBLISH c m",
    "MULTI",
    "WATCH k",
    "BLPOP k 0",
    "SORT k STORE l",
    "__PROTO__",
    "CONSTRUCTOR",
  ],
].map((command) => command.split(" "));

const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.stop();
});

async function start(redisUrl: string, options: Partial<GatewayOptions> = {}): Promise<RestClient> {
  const gateway = await startGateway({ redisUrl, port: 0, token: TOKEN, log, ...options });
  gateways.push(gateway);
  return new RestClient(gateway.url, TOKEN);
}

/** The rules of the Redis user that docs/GATEWAY.md has people make. */
function documentedAcl(): string {
  const text = readFileSync(new URL("../../docs/GATEWAY.md", import.meta.url), "utf8");
  return /ACL SETUSER slipstream (.*)$/m.exec(text)![1]!;
}

describe("a Redis with TLS", () => {
  const ours = throwawayCertificate();
  const dir = mkdtempSync(join(tmpdir(), "slipstream-test-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const [cert, key] = [file("cert.pem", ours.cert), file("key.pem", ours.key)];
  const [ca, ownCert, ownKey] = [ours.cert, ours.cert, ours.key].map((text) => Buffer.from(text));
  const options = (port: number, authClients: string) => [
    ...["--port", "0", "--tls-port", `${port}`, "--tls-cert-file", cert, "--tls-key-file", key],
    ...["--tls-ca-cert-file", cert, "--tls-auth-clients", authClients],
  ];
  let open: RedisServer;
  let strict: RedisServer;
  beforeAll(async () => {
    open = await startRedisServer((port) => options(port, "no"));
    strict = await startRedisServer((port) => options(port, "yes"));
  });
  afterAll(async () => {
    await open?.stop();
    await strict?.stop();
    rmSync(dir, { recursive: true });
  });

  test.each(["127.0.0.1", "localhost"])("is asked at %s when its certificate is known", async (host) => {
    const rest = await start(`rediss://${host}:${open.port}`, { tls: { ca: ca! } });
    await rest.write("/set/bytes", EVERY_BYTE);
    expect(await rest.run("GET", "bytes")).toBe(Buffer.from(EVERY_BYTE).toString("base64"));
  });

  test("is not trusted with a certificate that nobody vouches for", async () => {
    const url = `rediss://127.0.0.1:${open.port}`;
    await expect(start(url)).rejects.toThrow(/^cannot reach Redis at rediss:.*self-signed certificate/);
    const other = { ca: Buffer.from(throwawayCertificate().cert) };
    await expect(start(url, { tls: other })).rejects.toThrow(/^cannot reach Redis/);
  });

  test("that asks for a certificate gets ours", async () => {
    const url = `rediss://127.0.0.1:${strict.port}`;
    await expect(start(url, { tls: { ca: ca! } })).rejects.toThrow(/^cannot reach Redis/);
    const rest = await start(url, { tls: { ca: ca!, cert: ownCert!, key: ownKey! } });
    expect(await rest.text("ECHO", "let in")).toBe("let in");
  });

  test("without TLS it is not reached, and neither is a plain one with it", async () => {
    await expect(start(`redis://127.0.0.1:${open.port}`)).rejects.toThrow(/^cannot reach Redis/);
    const plain = await startRedisServer((port) => ["--port", `${port}`]);
    try {
      const url = `rediss://127.0.0.1:${plain.port}`;
      await expect(start(url, { tls: { ca: ca! } })).rejects.toThrow(/^cannot reach Redis/);
    } finally {
      await plain.stop();
    }
  });

  test("is reached by the settings of `npm run gateway`, whose log keeps the password", async () => {
    const lines: string[] = [];
    const stops: (() => Promise<void>)[] = [];
    const scope = {
      log: (line: string) => void lines.push(line),
      cleanUp: (stop: () => Promise<void>) => void stops.push(stop),
      endWith: () => {},
    };
    const env = {
      REDIS_URL: `rediss://default:hush@127.0.0.1:${open.port}`,
      GATEWAY_PORT: "0",
      GATEWAY_TOKEN: TOKEN,
      GATEWAY_READONLY: "true",
      GATEWAY_REDIS_CA: cert,
    };
    const { vars } = await startGatewayAndRedis(scope, env);
    const rest = new RestClient(vars.UPSTASH_REDIS_REST_URL, vars.UPSTASH_REDIS_REST_TOKEN);
    expect(await rest.text("PING")).toBe("PONG");
    const error = expect.stringMatching(/^NOPERM/);
    expect(await rest.post("/", ["DEL", "bytes"])).toMatchObject({ status: 400, json: { error } });
    expect(lines).toEqual([`Redis at rediss://127.0.0.1:${open.port} (external)`]);
    for (const stop of stops.reverse()) await stop();
  });
});

describe("a Redis with a password and users", () => {
  const password = "p@ss/w:rd %";
  const acl = documentedAcl();
  let server: RedisServer;
  let url: string;
  beforeAll(async () => {
    server = await startRedisServer((port) => [
      ...["--port", `${port}`, "--requirepass", password],
      ...["--user", "slipstream", ...acl.replace("SECRET", password.replace(" ", "_")).split(" ")],
    ]);
    url = `redis://:${encodeURIComponent(password)}@127.0.0.1:${server.port}`;
  });
  afterAll(() => server?.stop());

  test("lets in whose URL has the password, in any characters", async () => {
    const rest = await start(url);
    expect(await rest.run("SET", "k", "1")).toBe("OK");
  });

  test("lets nobody else in, and the password is not shown", async () => {
    await expect(start(`redis://127.0.0.1:${server.port}`)).rejects.toThrow(/^cannot reach Redis.*NOAUTH/);
    const wrong = start(`redis://:guess@127.0.0.1:${server.port}`);
    await expect(wrong).rejects.toThrow(`cannot reach Redis at redis://127.0.0.1:${server.port}: WRONGPASS`);
  });

  test("takes the database from the URL", async () => {
    const [zero, three] = [await start(url), await start(`${url}/3`)];
    await three.run("SET", "where", "3");
    expect(await zero.run("EXISTS", "where")).toBe(0);
    expect(await three.run("EXISTS", "where")).toBe(1);
  });

  test("is logged in to again, into the same database, when a connection breaks", async () => {
    const relay = await startRedisRelay(url);
    const viaRelay = new URL(`${url}/3`);
    viaRelay.port = new URL(relay.url).port;
    const rest = await start(viaRelay.href);
    await rest.run("SET", "again", "1");
    relay.cut();
    await vi.waitFor(async () => expect(await rest.run("EXISTS", "again")).toBe(1), { timeout: 5000 });
    await relay.stop();
  });

  test("a user with the rights of docs/GATEWAY.md may do what the read-only gateway lets through", async () => {
    const owner = await start(url);
    await owner.run("HSET", "entry", "json", "{}");
    await owner.run("SADD", "streams", "rta");
    await owner.run("XADD", "stream:rta", "1-0", "d", "1");
    const user = `redis://slipstream:${encodeURIComponent(password.replace(" ", "_"))}@127.0.0.1:${server.port}`;
    const rest = await start(user, { readOnly: true });
    for (const command of NEEDED) {
      expect(await rest.post("/", command), command.join(" ")).toMatchObject({ status: 200 });
    }
    const together = await rest.post("/multi-exec", NEEDED);
    expect(together.json).toEqual(NEEDED.map(() => ({ result: expect.anything() })));
    const direct = await start(user);
    const error = expect.stringMatching(/^NOPERM/);
    expect(await direct.post("/", ["DEL", "entry"])).toMatchObject({ status: 400, json: { error } });
  });
});

describe("a read-only gateway", () => {
  let server: RedisServer;
  let gateway: Gateway;
  let rest: RestClient;
  beforeAll(async () => {
    server = await startRedisServer((port) => ["--port", `${port}`]);
    gateway = await startGateway({
      redisUrl: `redis://127.0.0.1:${server.port}`,
      port: 0,
      token: TOKEN,
      readOnly: true,
      log,
    });
    rest = new RestClient(gateway.url, TOKEN);
  });
  afterAll(async () => {
    await gateway?.stop();
    await server?.stop();
  });

  test("the table of what it lets through is what these tests try", () => {
    const tried = new Set(NEEDED.map(([name]) => String(name).toUpperCase()));
    expect(tried).toEqual(new Set(READ_ONLY_COMMANDS.keys()));
  });

  test.each(NEEDED.map((command) => [command.join(" "), command] as const))(
    "%s passes",
    async (_, command) => {
      const { json } = await rest.post("/", command);
      // XINFO of a stream that is not there is Redis's own error.
      if (command[0] === "XINFO") expect(json).toEqual({ error: "ERR no such key" });
      else expect(json).toHaveProperty("result");
      expect(await rest.post("/multi-exec", [command])).toMatchObject({ status: 200 });
    },
  );

  test.each(FORBIDDEN.map((command) => [command.join(" "), command] as const))(
    "%s does not, however it is asked",
    async (_, command) => {
      const before = gateway.stats();
      const name = String(command[0] ?? "").toUpperCase();
      const error = `NOPERM the gateway is read-only: '${name}' is not available`;
      const refused = { status: 400, json: { error } };
      expect(await rest.post("/", command)).toMatchObject(refused);
      expect(await rest.post("/multi-exec", [["PING"], command])).toMatchObject(refused);
      const path = `/${command.map((part) => encodeURIComponent(part)).join("/")}`;
      expect(await rest.request("GET", path)).toMatchObject(refused);
      expect(gateway.stats()).toEqual(before);
      const mixed = await rest.post("/pipeline", [command, ["PING"]]);
      expect(mixed.json).toEqual([{ error }, { result: "UE9ORw==" }]);
    },
  );

  test("XREAD BLOCK is refused as everywhere", async () => {
    const error = expect.stringMatching(/^ERR blocking/);
    const answer = await rest.post("/", ["XREAD", "BLOCK", 0, "STREAMS", "k", "$"]);
    expect(answer).toMatchObject({ status: 400, json: { error } });
  });
});
