import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { makeKey, TokenAuthority } from "../fakes/token-authority.ts";
import { type Stack, startStack } from "./stack.ts";

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

type Handler = (request: Seen, response: ServerResponse) => void;

/** A REST API that answers as the test says, but for `/never`, and remembers what it was asked. */
class TestOrigin {
  readonly seen: Seen[] = [];
  answer: Handler = (_, response) => response.end();
  readonly #server: Server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const seen = { method, url, headers, body: await buffer(request) };
    if (url.endsWith("/never")) return;
    this.seen.push(seen);
    this.answer(seen, response);
  });

  async start(port = 0): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

const CLAIM = "rta_sessions";
let origin: TestOrigin;
let authority: TokenAuthority;
let stack: Stack;

beforeAll(async () => {
  origin = new TestOrigin();
  await origin.start();
  authority = await TokenAuthority.start([await makeKey("ES256", "k")]);
});
afterAll(async () => {
  await origin.stop();
  await authority.stop();
});
beforeEach(() => {
  origin.seen.length = 0;
});

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(stack.url + path, { redirect: "manual", ...init });
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

describe("[V-07] REST requests are passed on", () => {
  let unanswered: Promise<Response>;

  beforeAll(async () => {
    stack = await startStack({ RTA_ORIGIN: `${origin.url}/base` });
    unanswered = get("/rta/v2/never");
  });
  afterAll(() => stack.stop());

  test("with method, path, query, body and token as they came", async () => {
    origin.answer = (_, response) => {
      response.writeHead(201, { "X-Answer": "yes", Connection: "X-Hop", "X-Hop": "1" });
      response.end(Buffer.from([0, 255, 1]));
    };
    const body = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 256));
    const headers = { "Content-Type": "application/x-www-form-urlencoded", ...bearer("t.t.t").headers };
    const answer = await get("/rta/v2/sessions/a%2Fb?x=%20+&y", { method: "POST", body, headers });
    expect([answer.status, answer.headers.get("X-Answer"), answer.headers.get("X-Hop")]).toEqual([
      201,
      "yes",
      null,
    ]);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([0, 255, 1]));
    const [seen] = origin.seen;
    expect([seen?.method, seen?.url]).toEqual(["POST", "/base/rta/v2/sessions/a%2Fb?x=%20+&y"]);
    expect(seen?.body.equals(body)).toBe(true);
    expect(seen?.headers).toMatchObject({
      authorization: "Bearer t.t.t",
      "content-type": "application/x-www-form-urlencoded",
      host: new URL(origin.url).host,
    });
  });

  test("a token in the URL goes as Authorization", async () => {
    origin.answer = (_, response) => response.end("{}");
    await get("/rta/v2/sessions?access_token=t.t.t&pageSize=1");
    expect(origin.seen[0]).toMatchObject({
      url: "/base/rta/v2/sessions?pageSize=1",
      headers: { authorization: "Bearer t.t.t" },
    });
  });

  test("nobody says where they come from", async () => {
    origin.answer = (_, response) => response.end();
    await get("/rta/v2/sessions", { headers: { "X-Forwarded-For": "1.2.3.4", Forwarded: "for=1.2.3.4" } });
    const headers = origin.seen[0]!.headers;
    expect(headers.forwarded).toBeUndefined();
    expect(headers["x-forwarded-for"] ?? "").not.toContain("1.2.3.4");
  });

  test("HEAD has no body and keeps its headers; redirects and errors come back as they are", async () => {
    origin.answer = ({ method }, response) => {
      response.writeHead(method === "HEAD" ? 200 : 307, {
        ...{ Location: "https://elsewhere.test/", "Content-Type": "application/json", "X-Length": "12" },
      });
      response.end();
    };
    const head = await get("/rta/v2/configs/x", { method: "HEAD" });
    expect([head.status, head.headers.get("X-Length"), await head.text()]).toEqual([200, "12", ""]);
    const redirect = await get("/rta/v2/sessions/x");
    expect([redirect.status, redirect.headers.get("Location")]).toEqual([307, "https://elsewhere.test/"]);
    origin.answer = (_, response) => response.writeHead(409).end("taken");
    const conflict = await get("/rta/v2/sessions/x", { method: "DELETE" });
    expect([conflict.status, await conflict.text()]).toEqual([409, "taken"]);
  });

  test("an answer streams: its begin arrives before its end is sent", async () => {
    let finish = (): void => {};
    origin.answer = (_, response) => {
      response.write("begin");
      finish = () => response.end("end");
    };
    // Not compressed on the way: that would wait for more.
    const answer = await get("/rta/v2/sessions/x/data/row/-", { headers: { "Accept-Encoding": "identity" } });
    const reader = answer.body!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe("begin");
    finish();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe("end");
  });

  describe("configurations", () => {
    const config = (headers: Record<string, string> = {}, status = 200): void => {
      origin.answer = (seen, response) => {
        response.writeHead(status, { "Content-Type": seen.headers.accept ?? "", ...headers });
        response.end(`${seen.headers.accept} of ${seen.url}`);
      };
    };
    /** Asks until the edge answers by itself. */
    const untilCached = (path: string, init?: RequestInit) =>
      vi.waitUntil(
        async () => {
          const before = origin.seen.length;
          const answer = await get(path, init);
          const body = await answer.text();
          return origin.seen.length === before && { answer, body };
        },
        { timeout: 10_000, interval: 100 },
      );
    const accept = (type: string): RequestInit => ({ headers: { Accept: type } });
    /** Of so many equal requests, how many reached the origin. */
    async function reached(path: string, init: RequestInit): Promise<number> {
      for (let i = 0; i < 4; i++) await (await get(path, init)).text();
      return origin.seen.length;
    }

    test("never change: the origin is asked once for each form", async () => {
      config({ Vary: "Accept, Accept-Encoding" });
      for (const type of ["application/vnd.mat.config+json", "application/vnd.mat.config+ffc"]) {
        const { answer, body } = await untilCached("/rta/v2/configs/c1", accept(type));
        expect(body).toBe(`${type} of /base/rta/v2/configs/c1`);
        expect(answer.headers.get("Content-Type")).toBe(type);
        expect(answer.headers.get("Cache-Control")).toMatch(/^private, .*immutable/);
      }
      const { body } = await untilCached("/rta/v2/configs/c2", accept("a/b"));
      expect(body).toBe("a/b of /base/rta/v2/configs/c2");
    });

    test.each<[string, Record<string, string>, number, RequestInit]>([
      ["that set a cookie", { "Set-Cookie": "a=b" }, 200, {}],
      ["that forbid it", { "Cache-Control": "no-store" }, 200, {}],
      ["that are private", { "Cache-Control": "max-age=9, private" }, 200, {}],
      ["that vary with everything", { Vary: "*" }, 200, {}],
      ["that vary with who asks", { Vary: "Accept, Authorization" }, 200, {}],
      ["that are missing", {}, 404, {}],
      ["for a token that only the origin can check", {}, 200, bearer("t.t.t")],
      ["for other credentials", {}, 200, { headers: { Authorization: "Basic x" } }],
      ["for a cookie", {}, 200, { headers: { Cookie: "a=b" } }],
    ])("answers %s are not kept", async (name, headers, status, init) => {
      config(headers, status);
      expect(await reached(`/rta/v2/configs/${encodeURIComponent(name)}`, init)).toBe(4);
    });

    test("one that was kept is not given to credentials that were not checked", async () => {
      config();
      await untilCached("/rta/v2/configs/c3", accept("a/b"));
      const before = origin.seen.length;
      await get("/rta/v2/configs/c3", { headers: { Accept: "a/b", ...bearer("t.t.t").headers } });
      expect(origin.seen.length).toBe(before + 1);
    });
  });

  test("an origin that does not answer within 30 s is a 504", async () => {
    const answer = await unanswered;
    expect([answer.status, await answer.text()]).toEqual([504, "the RTA REST API did not answer in time\n"]);
  });

  test("an origin that is away is a 502", async () => {
    const port = Number(new URL(origin.url).port);
    await origin.stop();
    const answer = await get("/rta/v2/sessions");
    expect([answer.status, await answer.text()]).toEqual([502, "the RTA REST API could not be reached\n"]);
    const { answer: handler } = origin;
    origin = new TestOrigin();
    origin.answer = handler;
    await origin.start(port);
    expect((await get("/rta/v2/sessions")).status).toBe(200);
  });
});

describe("with authentication, and tokens for named sessions", () => {
  beforeAll(async () => {
    authority.isDown = true;
    stack = await startStack({
      RTA_ORIGIN: origin.url,
      RTA_ENABLEAUTH: "true",
      RTA_AUTH__AUTHORITY: authority.issuer,
      RTA_AUTH__AUDIENCE: TokenAuthority.audience,
      RTA_AUTH__SESSIONSCLAIM: CLAIM,
    });
    origin.answer = (_, response) => response.end("{}");
  });
  afterAll(() => stack.stop());

  const holder = async (sessions: unknown) =>
    bearer(await authority.token({ claims: { [CLAIM]: sessions } }));
  const status = async (path: string, init: RequestInit): Promise<number> => (await get(path, init)).status;

  test("[U-02] while the authority cannot be asked, 503 and nothing is let in; then it works", async () => {
    const token = await holder("*");
    const away = await get("/rta/v2/sessions", token);
    expect([away.status, away.headers.get("Retry-After")]).toEqual([503, "5"]);
    authority.isDown = false;
    await vi.waitUntil(async () => (await status("/rta/v2/sessions", token)) === 200, {
      ...{ timeout: 20_000, interval: 500 },
    });
  });

  test("[U-02] REST needs a token too, and passes it on", async () => {
    expect(await status("/rta/v2/sessions/a", {})).toBe(401);
    expect(origin.seen).toEqual([]);
    const token = await holder(["a"]);
    expect(await status("/rta/v2/sessions/a", token)).toBe(200);
    expect(origin.seen[0]?.headers.authorization).toBe(token.headers.Authorization);
    const info = await get("/rta/v2/info");
    expect([info.status, origin.seen.at(-1)?.url]).toEqual([200, "/rta/v2/info"]);
    expect(await status("/rta/v2/info", { method: "POST" })).toBe(401);
  });

  test.each<[string, unknown, string, number]>([
    ["its own session", ["a", "b/c"], "/rta/v2/sessions/b%2Fc", 200],
    ["what belongs to it", "a b", "/rta/v2/sessions/b/data/row/-", 200],
    ["a configuration", "a", "/rta/v2/configs/any", 200],
    ["another session", ["a"], "/rta/v2/sessions/b", 403],
    ["another session by a detour", ["a"], "/rta/v2/sessions/a/..%2fb", 403],
    ["the list of sessions", ["a"], "/rta/v2/sessions", 403],
    ["metrics", ["a"], "/metrics", 403],
    ["the list, with all rights", ["*"], "/rta/v2/sessions", 200],
    ["metrics, with all rights", "*", "/metrics", 200],
    ["anything, without the claim", undefined, "/rta/v2/sessions/a", 403],
    ["anything, with a claim of another kind", { a: true }, "/rta/v2/sessions/a", 403],
  ])("[U-02] %s: sessions %j, %s: %d", async (_, sessions, path, expected) => {
    expect(await status(path, await holder(sessions))).toBe(expected);
  });

  test("[U-02] a stream of another session is refused with 403, its own is not", async () => {
    const token = await holder(["a b"]);
    const named = await holder(["mine"]);
    await expect(stack.follow("a b", token)).resolves.toBeDefined();
    await expect(stack.follow("a", token)).rejects.toThrow("status 403");
    await expect(stack.follow("mine", named)).resolves.toBeDefined();
    const refused = await get("/rta/v2/sessions/other/stream", named);
    expect(refused.headers.get("WWW-Authenticate")).toBe('Bearer error="insufficient_scope"');
  });

  test("a configuration that was kept is for good tokens only", async () => {
    const url = "/rta/v2/configs/kept";
    const token = await holder("a");
    await vi.waitUntil(
      async () => {
        const before = origin.seen.length;
        await (await get(url, token)).text();
        return origin.seen.length === before;
      },
      { timeout: 10_000, interval: 100 },
    );
    expect(await status(url, {})).toBe(401);
    expect(await status(url, bearer("letmein"))).toBe(401);
    expect(await status(url, await holder("b"))).toBe(200);
  });
});
