import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import worker from "../../src/worker/index.ts";
import { TestSession } from "./redis.ts";
import { eventually, requestStream, streamUrl, TestViewer, upgradeHeaders } from "./viewer.ts";

const OURS = "mat.ocs.rta.stream-lz4";

/** Status of a request for a stream that nobody writes; a socket that it opened is taken up and closed. */
async function status(...args: Parameters<typeof requestStream>): Promise<number> {
  const response = await requestStream(...args);
  if (response.webSocket) await new TestViewer(response.webSocket).close(1000);
  return response.status;
}

describe("[C-03] [C-04] what is no WebSocket upgrade for this service", () => {
  test.each<[string, Record<string, string>, number]>([
    ["as it should be", {}, 101],
    ["no Upgrade", { Upgrade: "" }, 400],
    ["another Upgrade", { Upgrade: "h2c" }, 400],
    ["Upgrade in upper case", { Upgrade: "WEBSOCKET" }, 101],
    ["no version", { "Sec-WebSocket-Version": "" }, 400],
    ["version 8", { "Sec-WebSocket-Version": "8" }, 400],
    ["two versions", { "Sec-WebSocket-Version": "13, 8" }, 400],
    ["no sub-protocol", { "Sec-WebSocket-Protocol": "" }, 406],
    ["another sub-protocol", { "Sec-WebSocket-Protocol": "foo" }, 406],
    ["the sub-protocol in another case", { "Sec-WebSocket-Protocol": OURS.toUpperCase() }, 406],
    ["a longer sub-protocol", { "Sec-WebSocket-Protocol": `${OURS}x` }, 406],
    ["several sub-protocols", { "Sec-WebSocket-Protocol": `foo,${OURS} , bar` }, 101],
    ["the sub-protocol twice", { "Sec-WebSocket-Protocol": `${OURS}, ${OURS}` }, 101],
    ["no Upgrade and no sub-protocol", { Upgrade: "", "Sec-WebSocket-Protocol": "" }, 400],
    [
      "a wrong version and no sub-protocol",
      { "Sec-WebSocket-Version": "8", "Sec-WebSocket-Protocol": "" },
      400,
    ],
  ])("%s: headers %j", async (_, headers, expected) => {
    expect(await status("nobody", headers)).toBe(expected);
  });

  test.each(["POST", "PUT", "HEAD", "DELETE", "OPTIONS"])("%s: 400", async (method) => {
    // Called past the runtime, which makes a GET of every upgrade that it sends itself.
    const request = new Request(streamUrl("nobody"), { method, headers: upgradeHeaders() });
    expect((await worker.fetch(request as never, env)).status).toBe(400);
  });

  test("a wrong version is told the right one", async () => {
    const response = await requestStream("nobody", { "Sec-WebSocket-Version": "8" });
    expect(response.headers.get("Sec-WebSocket-Version")).toBe("13");
  });

  test("[C-02] repeated headers are one list, and only our sub-protocol is answered", async () => {
    const headers = new Headers({ "Sec-WebSocket-Protocol": "foo" });
    headers.append("Sec-WebSocket-Protocol", OURS);
    const response = await requestStream("nobody", headers);
    expect(response.headers.get("Sec-WebSocket-Protocol")).toBe(OURS);
    expect(response.headers.get("Sec-WebSocket-Extensions")).toBeNull();
    await new TestViewer(response.webSocket!).close(1000);
  });
});

describe("[C-06] identities", () => {
  test.each([
    "plain",
    "a b/c%",
    "%2F",
    "../../../health",
    "é€😀",
    "a\u0000b",
    "line\r\nX-Other: 1",
    "__proto__",
    "constructor",
    "?query#fragment",
    "a;b=c&d",
    "{identity}",
    "x".repeat(1_024),
    "é".repeat(512),
  ])("%j is served its own session", async (identity) => {
    const session = new TestSession(identity);
    const json = JSON.stringify({ identity, state: "open" });
    await session.open(json);
    const viewer = await TestViewer.join(identity);
    expect(viewer.items(0)).toEqual([{ sessionJson: json }]);
    const name = await runInDurableObject(env.SESSIONS.getByName(identity), (_, { id }) => id.name);
    expect(name).toBe(identity);
    await viewer.close(1000);
  });

  test.each(["%zz", "%", "%E0%A4%A", "%FF"])("%s is no percent-encoding: 404", async (segment) => {
    expect(await status(segment)).toBe(404);
  });

  test.each(["x".repeat(1_025), "%C3%A9".repeat(513), "x".repeat(4_096)])(
    "longer than an object can be told is none: 404",
    async (segment) => {
      expect(await status(segment)).toBe(404);
    },
  );

  test.each([
    "/rta/v2/sessions//stream",
    "/rta/v2/sessions/a/b/stream",
    "/rta/v2/sessions/../stream",
    "/rta/v2/sessions/%2e%2e/stream",
    "/rta/v2/sessions/a/stream/",
    "/rta/v2/sessions/a/Stream",
    "/rta/v1/sessions/a/stream",
    "//rta/v2/sessions/a/stream",
  ])("%s is no stream: 404", async (path) => {
    const response = await exports.default.fetch(`https://edge.test${path}`, {
      headers: { Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Protocol": OURS },
    });
    expect(response.status).toBe(404);
  });
});

describe("first messages", () => {
  test("[F-01] [F-02] [F-05] the Session JSON alone, then the time range", async () => {
    const session = new TestSession("first");
    await session.open("{ }", { tStart: "1795424400000000000", tEnd: "1795424400000000123" });
    const viewer = await TestViewer.join("first");
    await eventually(() => expect(viewer.messages).toHaveLength(2));
    expect(viewer.items(0)).toEqual([{ sessionJson: "{ }" }]);
    const [{ timeRange } = {}] = viewer.items(1);
    expect([timeRange?.startTime, timeRange?.endTime].map(String)).toEqual([
      "1795424400000000000",
      "1795424400000000123",
    ]);
    await viewer.close(1000);
  });

  test.each(["no entry", "no JSON"])(
    "[C-05] [F-06] %s: accepted, then closed with 1000 and no message",
    async (what) => {
      const session = new TestSession(what);
      if (what === "no JSON") await session.open("");
      const viewer = await TestViewer.connect(what);
      await eventually(() => expect(viewer.closed).not.toBeNull());
      expect(viewer.closed).toEqual({ code: 1000, reason: "not available" });
      expect(viewer.messages).toEqual([]);
    },
  );
});
