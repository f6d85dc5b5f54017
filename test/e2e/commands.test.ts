import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startGateway } from "../../src/cli/gateway.ts";
import { freePort } from "../../src/cli/ports.ts";
import { startRedis } from "../../src/cli/redis.ts";
import { NpmCommand } from "./npm-command.ts";

/** The contract: every process that a command started is gone this long after a signal. */
const STOP_MS = 10_000;
const log = () => {};

const commands: NpmCommand[] = [];
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const command of commands.splice(0)) await command.dispose();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function run(command: readonly string[], env: NodeJS.ProcessEnv = {}): NpmCommand {
  const started = new NpmCommand(command, env);
  commands.push(started);
  return started;
}

async function npm(script: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const ports = { PORT: `${await freePort()}`, GATEWAY_PORT: `${await freePort()}` };
  return run(["npm", "run", "--silent", script, "--", ...args], { ...ports, ...env });
}

async function takenPort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as { port: number }).port;
}

function expectNothingLeft(command: NpmCommand): void {
  expect(command.processes()).toEqual([]);
  expect(command.leftovers()).toEqual([]);
}

/** Signals the command and expects a clean end in time, with nothing left of it. */
async function expectStopped(command: NpmCommand, signal: NodeJS.Signals): Promise<void> {
  const deadline = AbortSignal.timeout(STOP_MS);
  expect(await command.signal(signal)).toBe(0);
  expect(deadline.aborted).toBe(false);
  expectNothingLeft(command);
}

/** Expects the command to fail with this one line for people, with nothing left of it. */
async function expectFailed(command: NpmCommand, message: RegExp): Promise<void> {
  expect(await command.ended()).toBe(1);
  expect(command.lines.at(-1)).toMatch(message);
  expect(command.output).not.toMatch(/^ +at /m);
  expectNothingLeft(command);
}

/** Expects a process of the command that matches. */
function expectRunning(command: NpmCommand, pattern: RegExp): void {
  const running = command.processes().map((process) => process.command);
  expect(running).toContainEqual(expect.stringMatching(pattern));
}

function kill(command: NpmCommand, pattern: RegExp): void {
  const victims = command.processes().filter((process) => pattern.test(process.command));
  expect(victims).not.toEqual([]);
  for (const { pid } of victims) process.kill(pid, "SIGKILL");
}

async function ping(url: string, token: string): Promise<unknown> {
  const response = await fetch(`${url}/ping`, { headers: { Authorization: `Bearer ${token}` } });
  return response.json();
}

describe("npm run gateway", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("says when it is ready, and %s ends it all", async (signal) => {
    const port = `${await freePort()}`;
    const command = await npm("gateway", [], { GATEWAY_PORT: port, GATEWAY_TOKEN: "t" });
    const [, url] = await command.until(/^ready (.*)$/m);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect(await ping(url!, "t")).toEqual({ result: "PONG" });
    expectRunning(command, /^redis-server/);
    await expectStopped(command, signal);
  });

  test("asks for the token `local` unless told otherwise", async () => {
    const command = await npm("gateway");
    const [, url] = await command.until(/^ready (.*)$/m);
    expect(await ping(url!, "local")).toEqual({ result: "PONG" });
    expect(await ping(url!, "other")).toEqual({ error: expect.any(String) });
  });

  test("a port in use is an error that names GATEWAY_PORT", async () => {
    const port = await takenPort();
    const command = await npm("gateway", [], { GATEWAY_PORT: `${port}` });
    await expectFailed(command, new RegExp(`port ${port} .*in use.*GATEWAY_PORT`));
  });

  test("a setting that is no port is an error that names it", async () => {
    await expectFailed(
      await npm("gateway", [], { GATEWAY_PORT: "no" }),
      /GATEWAY_PORT must be a port, not "no"/,
    );
  });

  test("a REDIS_URL that leads nowhere is an error", async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    await expectFailed(
      await npm("gateway", [], { REDIS_URL: url }),
      new RegExp(`cannot reach Redis at ${url}`),
    );
  });

  test("uses the Redis of REDIS_URL and leaves it running", async () => {
    const redis = await startRedis({ log });
    cleanups.push(redis.stop);
    const command = await npm("gateway", [], { REDIS_URL: redis.url });
    await command.until(/^ready /m);
    expect(command.output).toContain(`Redis at ${redis.url} (external)`);
    expect(command.processes().some((process) => process.command.includes("redis-server"))).toBe(false);
    await expectStopped(command, "SIGTERM");
    const again = await startRedis({ url: redis.url, log });
    expect(again.kind).toBe("external");
  });

  test("without a redis-server on PATH it embeds one, and says so", async () => {
    const command = run([process.execPath, "src/cli/gateway-main.ts"], {
      PATH: "/nonexistent",
      GATEWAY_PORT: "0",
    });
    const [, url] = await command.until(/^ready (.*)$/m);
    expect(command.output).toMatch(/embedded Redis/);
    expect(await ping(url!, "local")).toEqual({ result: "PONG" });
    await expectStopped(command, "SIGTERM");
  });

  test("a Redis that ends by itself ends the command", async () => {
    const command = await npm("gateway");
    await command.until(/^ready /m);
    kill(command, /^redis-server/);
    await expectFailed(command, /Redis has ended by itself/);
  });
});

describe("npm run dev", () => {
  test("says when it is ready, passes arguments on, and SIGINT ends it all", async () => {
    const port = `${await freePort()}`;
    const command = await npm("dev", ["--var", "RTA_LINGER__SECONDS:soon"], { PORT: port });
    const [, url] = await command.until(/^ready (.*)$/m);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(url!)).status).toBe(200);
    const health = await fetch(`${url}/health`);
    expect(health.status).toBe(503);
    expect(await health.text()).toContain("RTA_LINGER__SECONDS");
    expectRunning(command, /workerd/);
    await expectStopped(command, "SIGINT");
  });

  test("with UPSTASH_* set it starts neither Redis nor gateway; SIGTERM ends it all", async () => {
    const redis = await startRedis({ log });
    cleanups.push(redis.stop);
    const gateway = await startGateway({ redisUrl: redis.url, port: 0, token: "theirs", log });
    cleanups.push(gateway.stop);
    const command = await npm("dev", [], {
      UPSTASH_REDIS_REST_URL: gateway.url,
      UPSTASH_REDIS_REST_TOKEN: "theirs",
    });
    const [, url] = await command.until(/^ready (.*)$/m);
    expect(await (await fetch(`${url}/health`)).text()).toMatch(/^Healthy/);
    expect(gateway.stats()).toMatchObject({ PING: 1 });
    expect(command.processes().some((process) => process.command.includes("redis-server"))).toBe(false);
    await expectStopped(command, "SIGTERM");
  });

  test("half of UPSTASH_* is an error", async () => {
    const command = await npm("dev", [], { UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" });
    await expectFailed(command, /UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN/);
  });

  test("a port in use is an error that names PORT", async () => {
    const port = await takenPort();
    await expectFailed(await npm("dev", [], { PORT: `${port}` }), new RegExp(`port ${port} .*in use.* PORT`));
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s during the start ends it all", async (signal) => {
    const command = await npm("dev");
    await command.until(/starting the Worker/);
    await vi.waitFor(() => expectRunning(command, /wrangler/), { timeout: 5000 });
    await expectStopped(command, signal);
    expect(command.output).not.toMatch(/^ready /m);
  });

  test("a Worker that ends by itself ends the command", async () => {
    const command = await npm("dev");
    await command.until(/^ready /m);
    kill(command, /wrangler\.js/);
    await expectFailed(command, /the Worker has ended by itself/);
  });
});

describe("npm run demo", () => {
  test("ends its start with the address of the viewer; SIGINT closes the session before Redis goes", async () => {
    const redis = await startRedis({ log });
    cleanups.push(redis.stop);
    const gateway = await startGateway({ redisUrl: redis.url, port: 0, token: "look", log });
    cleanups.push(gateway.stop);
    const command = await npm("demo", [], { REDIS_URL: redis.url });
    const [, url, identity] = await command.until(/^(http:\S+\/viewer\/\?session=(\S+))$/m);
    expect(command.lines.at(-1)).toBe(url);
    expect((await fetch(url!)).status).toBe(200);
    expect(await stored(gateway.url, identity!)).toMatchObject({ identity, state: "open" });
    const rest = await fetch(new URL(`/rta/v2/sessions/${identity}`, url));
    expect(await rest.json()).toMatchObject({ identity, state: "open" });
    await expectStopped(command, "SIGINT");
    expect(await stored(gateway.url, identity!)).toMatchObject({ identity, state: "closed" });
  });

  test("with UPSTASH_* but no REDIS_URL it says what the car lacks", async () => {
    const command = await npm("demo", [], {
      UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1",
      UPSTASH_REDIS_REST_TOKEN: "t",
    });
    await expectFailed(command, /set REDIS_URL/);
  });

  /** The Session JSON that the car keeps in Redis. */
  async function stored(gatewayUrl: string, identity: string): Promise<unknown> {
    const response = await fetch(`${gatewayUrl}/hget/sessions:${identity}/json?_token=look`);
    return JSON.parse(((await response.json()) as { result: string }).result);
  }
});
