import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startWorkerd } from "../../bench/stage/workerd.ts";
import { temporaryDirectory } from "../../src/cli/temporary-directory.ts";
import {
  createStore,
  type Following,
  type FollowOptions,
  follow,
  type Link,
} from "../../src/client/index.ts";
import type { ProducerSession } from "../../src/producer/index.ts";
import { numbered } from "../fakes/bursts.ts";
import { makeKey, TokenAuthority } from "../fakes/token-authority.ts";
import { NumberSource } from "./number-source.ts";
import { type Stack, startStack } from "./stack.ts";

/** A line to the Worker that can be cut. */
class Line {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(target: URL) {
    this.#server = createServer((client) => {
      const upstream = connect(Number(target.port), target.hostname);
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on("error", () => {}); // 'close' follows
        socket.once("close", () => {
          this.#sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }
}

const PATIENCE = { timeout: 30_000, interval: 50 };
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

let authority: TokenAuthority;
let stack: Stack;
let session: ProducerSession;
let line: Line;
let url: string;
let following: Following | undefined;

beforeAll(async () => {
  authority = await TokenAuthority.start([await makeKey("ES256", "k")]);
  stack = await startStack({
    RTA_ENABLEAUTH: "true",
    RTA_AUTH__AUTHORITY: authority.issuer,
    RTA_AUTH__AUDIENCE: TokenAuthority.audience,
    RTA_LINGER__SECONDS: "1",
  });
  line = new Line(new URL(stack.url));
  url = await line.start();
  session = await stack.produce("car");
  await session.writeSessionJson('{"identity":"car","state":"open"}');
});
afterEach(() => following?.close());
afterAll(async () => {
  line?.stop();
  await stack?.stop();
  await authority?.stop();
});

/** Follows channel 1 and says what it was told. */
function start(options: FollowOptions) {
  const told: number[] = [];
  const links: Link[] = [];
  const reported: unknown[] = [];
  following = follow(url, "car", {
    channels: [1],
    ...options,
    on: {
      link: (link) => links.push(link),
      samples: ({ values }) => told.push(...values),
      hole: (hole) => reported.push(hole),
      problem: (problem) => reported.push(problem),
    },
  });
  return { told, links, reported };
}

describe("the client and the service", () => {
  test("[L-05] [S-09] a line that is cut twice: each sample is told once, and the view has no hole", async () => {
    const source = new NumberSource(session);
    await source.more(5);
    const store = createStore();
    const { told, reported } = start({ store, token: () => authority.token() });
    for (const _cut of [1, 2]) {
      const before = told.length;
      await vi.waitFor(() => expect(told.length).toBeGreaterThan(before + 10), PATIENCE);
      line.cut();
      await source.more(5);
    }
    await source.stop();
    const count = source.written.length;
    await vi.waitFor(() => {
      expect(store.series(1).count).toBe(count);
      expect(store.series(1).holes()).toEqual([]);
    }, PATIENCE);
    expect(
      store
        .series(1)
        .spans()
        .flatMap(({ values }) => [...values]),
    ).toEqual(numbers(count));
    expect(told.toSorted((a, b) => a - b)).toEqual(numbers(count));
    expect(reported).toEqual([]);
  });

  test.each([
    ["in a header", true],
    ["as a sub-protocol", false],
  ])("[U-01] a token %s is taken", async (_how, sendsHeaders) => {
    const token = await authority.token();
    const { links } = start({ token, runtime: { sendsHeaders } });
    await vi.waitFor(() => expect(links.at(-1)).toEqual({ state: "live" }), PATIENCE);
  });

  test("[U-02] a token that is not taken ends it, and a new one is asked for when there may be one", async () => {
    const bad = await authority.token({ claims: { aud: "others" } });
    const { links } = start({ token: bad });
    expect(await following!.ended).toBe("refused");
    expect(links.at(-1)).toEqual({ state: "closed", cause: "refused" });

    const tokens = [bad, await authority.token()];
    const renewed = start({ token: () => tokens.shift()! });
    await vi.waitFor(() => expect(renewed.links.at(-1)).toEqual({ state: "live" }), PATIENCE);
  });

  test("in a Worker it follows as anywhere else", async () => {
    const told = await stack.produce("to a Worker", "to-a-worker");
    await told.writeSessionJson('{"identity":"to a Worker","state":"open"}');
    await told.write([numbered(1, 1), numbered(1, 2)]);
    const worker = await startWorkerd({ main: "test/e2e/following-worker.ts", objects: {}, vars: {} });
    try {
      const asked = { url, session: "to a Worker", token: await authority.token(), count: "2" };
      const response = await fetch(`${worker.url.replace("ws", "http")}/?${new URLSearchParams(asked)}`);
      expect(await response.json()).toEqual({ cause: "by-client", values: [1, 2] });
    } finally {
      await worker.stop();
    }
  });

  test("the README's example follows a session to its end", async () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const [, example] = /### Follow a session\n+```js\n([\s\S]*?)```/.exec(readme)!;
    const entryPoint = new URL("../../src/client/index.ts", import.meta.url).href;
    const directory = temporaryDirectory();
    try {
      const program = join(directory.path, "example.mjs");
      writeFileSync(program, example!.replace('"slipstream/client"', JSON.stringify(entryPoint)));
      const ended = await stack.produce("example", "example");
      await ended.writeSessionJson('{"identity":"example","state":"open"}');
      await ended.write([numbered(7, 1), numbered(7, 2)]);
      const env = { SLIPSTREAM_URL: url, SESSION: "example", TOKEN: await authority.token() };
      const running = promisify(execFile)(process.execPath, [program], { env });
      await ended.close('{"identity":"example","state":"closed"}');
      const { stdout, stderr } = await running;
      expect(stderr).toBe("");
      expect(stdout).toMatch(/^connecting\nlive\n7 \d+n 1\n7 \d+n 2\n(?:stale\n)?closed\n7 \{/);
      expect(stdout).toContain("max: 2");
    } finally {
      directory.remove();
    }
  });
});
