import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
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
import { numbered, T0_NS } from "../fakes/bursts.ts";
import { historyBody, listOf } from "../fakes/history.ts";
import { makeKey, TokenAuthority } from "../fakes/token-authority.ts";
import { NumberSource } from "./number-source.ts";
import { type Stack, startStack } from "./stack.ts";

/** A line to the Worker that can be cut, and sees WebSockets being closed. */
class Line {
  /** Close frames in the order they came by: who sent them, and the code. */
  readonly closes: [from: "client" | "service", code: number][] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(target: URL) {
    this.#server = createServer((client) => {
      const upstream = connect(Number(target.port), target.hostname);
      client.on("data", (bytes) => this.#see("client", bytes, bytes.length - 8));
      upstream.on("data", (bytes) => this.#see("service", bytes, bytes.length - 4));
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

  /** A Close frame with a code and no reason ends what its side sends; a client's has a mask (RFC 6455, 5.2). */
  #see(from: "client" | "service", bytes: Buffer, at: number): void {
    const isMasked = from === "client";
    if (at < 0 || bytes.readUInt16BE(at) !== (isMasked ? 0x8882 : 0x8802)) return;
    const mask = isMasked ? bytes.readUInt16BE(at + 2) : 0;
    this.closes.push([from, bytes.readUInt16BE(bytes.length - 2) ^ mask]);
  }
}

/** A REST API of fixed answers, by path. It knows no session but those. */
class Rest {
  readonly answers = new Map<string, string | Uint8Array>();
  /** Paths asked for, with the media type that was wanted. */
  readonly asked: string[] = [];
  readonly #server = createHttpServer(({ url, headers }, response) => {
    this.asked.push(`${url} ${headers.accept}`);
    const answer = this.answers.get(url!.replace("/rta/v2/", ""));
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const PATIENCE = { timeout: 30_000, interval: 50 };
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

let authority: TokenAuthority;
let stack: Stack;
let rest: Rest;
let session: ProducerSession;
let line: Line;
let url: string;
let following: Following | undefined;

beforeAll(async () => {
  authority = await TokenAuthority.start([await makeKey("ES256", "k")]);
  rest = new Rest();
  stack = await startStack({
    RTA_ORIGIN: await rest.start(),
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
  rest?.stop();
  await authority?.stop();
});

/** Follows channel 1 and says what it was told. */
function start(options: FollowOptions, identity = "car", through = url) {
  const told: number[] = [];
  const links: Link[] = [];
  const reported: unknown[] = [];
  following = follow(through, identity, {
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

  test("[L-05] chunks of REST history, backfill and live data become one view, each sample told once", async () => {
    const json =
      '{"identity":"merged","state":"open","configBindings":[{"identifier":"config","channelOffset":0}]}';
    const chunk = (from: number, to: number) => ({
      channels: [1],
      startNs: T0_NS + BigInt(from) * 10_000_000n,
      endNs: T0_NS + BigInt(to - 1) * 10_000_000n,
      list: listOf(
        numbers(to)
          .slice(from)
          .map((number) => numbered(1, number)),
      ),
    });
    rest.answers
      .set("sessions/merged", json)
      .set("configs/config", '{"app":{"channels":[{"id":1,"source":"periodic","type":"f64"}]}}')
      .set("sessions/merged/data/periodic/1", historyBody([chunk(0, 25), chunk(25, 40)]));
    const merged = await stack.produce("merged", "merged");
    await merged.writeSessionJson(json);
    const source = new NumberSource(merged, { first: 30, everyMs: 20 });
    await source.more(20);
    const store = createStore();
    const { told, reported } = start({ store, token: () => authority.token() }, "merged");
    await vi.waitFor(() => expect(told).toContain(0), PATIENCE);
    await source.more(20);
    await source.stop();
    const count = 30 + source.written.length;
    await vi.waitFor(() => {
      expect(store.series(1).count).toBe(count);
      expect(store.series(1).holes()).toEqual([]);
    }, PATIENCE);
    const kept = store.series(1).spans();
    expect(kept.flatMap(({ values }) => [...values])).toEqual(numbers(count));
    expect(told.toSorted((a, b) => a - b)).toEqual(numbers(count));
    expect(reported).toEqual([]);
    expect(rest.asked).toContain(
      "/rta/v2/sessions/merged/data/periodic/1 application/vnd.mat.protobuf+chunked",
    );
  });

  test("[L-10] closing is a handshake on the wire: the client's Close, and the service's answer", async () => {
    const watched = new Line(new URL(stack.url));
    try {
      const { links } = start({ token: () => authority.token() }, "car", await watched.start());
      await vi.waitFor(() => expect(links.at(-1)).toEqual({ state: "live" }), PATIENCE);
      expect(watched.closes).toEqual([]);
      following!.close();
      const handshake = [
        ["client", 1000],
        ["service", 1000],
      ];
      await vi.waitFor(() => expect(watched.closes).toEqual(handshake), PATIENCE);
    } finally {
      watched.stop();
    }
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
