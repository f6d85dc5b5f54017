import { beforeEach, describe, expect, test } from "vitest";
import type { FakeRuntime } from "../../fakes/client-runtime.ts";
import { FollowedSession, OPEN, sessionMessage, vector } from "../../fakes/followed-session.ts";

const CLOSED = '{"identity":"s","state":"closed"}';

let session: FollowedSession;
let runtime: FakeRuntime;
let { links, sessions, ranges, start, join, goLive } = new FollowedSession();

beforeEach(() => {
  session = new FollowedSession();
  ({ runtime, links, sessions, ranges, start, join, goLive } = session);
});

describe("connecting", () => {
  test("asks REST first, then offers the one sub-protocol and is live at message 1", async () => {
    await goLive("a b/c%");
    expect(runtime.asked).toEqual(["sessions/a%20b%2Fc%25"]);
    expect(runtime.socket.url).toBe("ws://host/base/rta/v2/sessions/a%20b%2Fc%25/stream");
    expect(runtime.socket.options).toEqual(["mat.ocs.rta.stream-lz4"]);
    expect(runtime.socket.binaryType).toBe("arraybuffer");
    expect(session.states).toEqual(["connecting", "live"]);
  });

  test.each([
    ["waiting", { state: "unavailable", cause: "not-open" }],
    ["closed", { state: "closed", cause: "ended" }],
    ["failed", { state: "closed", cause: "ended" }],
  ])("[L-01] opens no socket for a session that is %s", async (state, link) => {
    runtime.rest.set("sessions/s", JSON.stringify({ state }));
    start();
    await runtime.pass(100);
    expect(runtime.sockets).toHaveLength(0);
    expect(links.at(-1)).toMatchObject(link);
  });

  test("[L-01] joins a waiting session once REST calls it open", async () => {
    runtime.rest.set("sessions/s", '{"state":"waiting"}');
    start();
    await runtime.pass(400);
    runtime.rest.set("sessions/s", OPEN);
    await runtime.pass(100);
    expect(runtime.sockets).toHaveLength(1);
  });

  test("says when REST does not know the session, and keeps asking", async () => {
    runtime.rest.set("sessions/s", 404).set("sessions", '{"sessions":[]}');
    start();
    await runtime.pass(10_000);
    expect(links.at(-1)).toMatchObject({ state: "unavailable", cause: "no-such-session" });
    expect(runtime.sockets).toHaveLength(0);
    expect(runtime.asked.filter((path) => path === "sessions/s").length).toBeGreaterThan(3);
  });

  test.each([401, 403])("gives up when REST answers %d", async (status) => {
    runtime.rest.set("sessions/s", status);
    start();
    await runtime.pass(60_000);
    expect(links.at(-1)).toEqual({ state: "closed", cause: "refused" });
    expect(runtime.asked).toHaveLength(1);
  });

  test.each([
    ["there is no REST", 404],
    ["REST fails", 500],
    ["REST does not answer", undefined],
    ["REST answers nonsense", "<html>"],
    ["REST does not know the state", "{}"],
  ])("leaves it to the stream when %s", async (_title, answer) => {
    if (answer !== undefined) runtime.rest.set("sessions/s", answer).set("sessions", answer);
    start();
    await runtime.pass(0);
    expect(runtime.sockets).toHaveLength(1);
  });

  test("a server that never speaks is left", async () => {
    runtime.rest.set("sessions/s", OPEN);
    start();
    await runtime.pass(0);
    runtime.socket.open();
    await runtime.pass(15_000);
    expect(runtime.socket.closedWith).toBe(1000);
    expect(links.at(-1)).toMatchObject({ state: "unavailable", cause: "unreachable" });
  });
});

describe("retrying", () => {
  test("[L-02] closed before message 1: REST is asked before each retry, and delays grow to 30 s", async () => {
    runtime.rest.set("sessions/s", OPEN);
    start();
    await runtime.pass(0);
    const delays: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      expect(runtime.asked).toHaveLength(attempt + 1);
      runtime.socket.open();
      runtime.socket.drop(1000);
      const link = links.at(-1);
      expect(link).toMatchObject({ state: "unavailable", cause: "not-available" });
      const delay = (link as { retryAtMs: number }).retryAtMs - runtime.now;
      delays.push(delay);
      await runtime.pass(delay - 1);
      expect(runtime.asked).toHaveLength(attempt + 1);
      await runtime.pass(1);
      expect(runtime.sockets).toHaveLength(attempt + 2);
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  test("the jitter is full: a retry may come at once", async () => {
    runtime.chance = 0;
    await goLive();
    runtime.socket.drop(1006);
    await runtime.pass(0);
    expect(runtime.sockets).toHaveLength(2);
  });

  test.each([
    [1006, "dropped"],
    [1001, "restarting"],
    [1012, "restarting"],
    [1011, "server-error"],
    [1013, "overloaded"],
  ])("code %d while live: reconnecting, cause %s", async (code, cause) => {
    await goLive();
    runtime.socket.drop(code);
    expect(links.at(-1)).toEqual({ state: "reconnecting", cause, retryAtMs: runtime.now + 500 });
  });

  test("a socket that never opened means that the server is unreachable", async () => {
    runtime.rest.set("sessions/s", OPEN);
    start();
    await runtime.pass(0);
    runtime.socket.drop(1006);
    expect(links.at(-1)).toMatchObject({ state: "unavailable", cause: "unreachable" });
  });

  test("delays start over after 30 s of a healthy connection, not before", async () => {
    await goLive();
    runtime.socket.drop(1006);
    await runtime.pass(500);
    await join();
    await runtime.pass(29_000);
    runtime.socket.drop(1006);
    expect(links.at(-1)).toMatchObject({ retryAtMs: runtime.now + 1000 });
    await runtime.pass(1000);
    await join();
    await runtime.pass(30_000);
    runtime.socket.drop(1006);
    expect(links.at(-1)).toMatchObject({ retryAtMs: runtime.now + 500 });
  });

  test("a revoked token ends it", async () => {
    await goLive();
    runtime.socket.drop(1008);
    await runtime.pass(60_000);
    expect(links.at(-1)).toEqual({ state: "closed", cause: "refused" });
    expect(runtime.sockets).toHaveLength(1);
  });
});

describe("subscribing", () => {
  test("what was wanted before the socket opened is asked for when it opens", async () => {
    runtime.rest.set("sessions/s", OPEN);
    start();
    session.following.subscribe({ channels: [3, 7, 3], events: true });
    await runtime.pass(0);
    expect(runtime.socket.requests).toEqual([]);
    runtime.socket.open();
    expect(runtime.socket.requests).toEqual([
      { channelIds: [3, 7], allEvents: true, allDataChannels: false },
    ]);
  });

  test("only what is new is asked for", async () => {
    await goLive();
    session.following.subscribe({ channels: [3, 7] });
    session.following.subscribe({ channels: [7, 3], events: false });
    session.following.subscribe({ channels: [7, 8] });
    session.following.subscribe({ channels: "all" });
    session.following.subscribe({ channels: "all" });
    expect(runtime.socket.requests).toEqual([
      { channelIds: [3, 7], allEvents: false, allDataChannels: false },
      { channelIds: [8], allEvents: false, allDataChannels: false },
      { channelIds: [], allEvents: false, allDataChannels: true },
    ]);
  });

  test("[S-09] a new connection is asked for everything again", async () => {
    await goLive();
    session.following.subscribe({ channels: [3] });
    session.following.subscribe({ channels: [7], events: true });
    runtime.socket.drop(1006);
    session.following.subscribe({ channels: [9] });
    await runtime.pass(500);
    runtime.socket.open();
    expect(runtime.socket.requests).toEqual([
      { channelIds: [3, 7, 9], allEvents: true, allDataChannels: false },
    ]);
  });
});

describe("staying live", () => {
  test("is stale after 5 s of silence, and live again with the next message", async () => {
    await goLive();
    const since = runtime.now;
    await runtime.pass(4_000);
    expect(session.states).toEqual(["connecting", "live"]);
    await runtime.pass(2_000);
    expect(links.at(-1)).toEqual({ state: "stale", sinceMs: since });
    runtime.socket.receive(vector("E2"));
    expect(session.states).toEqual(["connecting", "live", "stale", "live"]);
  });

  test("[L-09] REST is asked every 30 s", async () => {
    await goLive();
    await runtime.pass(95_000);
    expect(runtime.asked).toHaveLength(4);
  });

  test("[L-09] a session that failed in REST only ends once the stream is quiet for 10 s", async () => {
    await goLive();
    runtime.rest.set("sessions/s", '{"state":"failed"}');
    await runtime.pass(29_000);
    runtime.socket.receive(vector("E2"));
    await runtime.pass(9_500);
    expect(links.at(-1)).toMatchObject({ state: "stale" });
    await runtime.pass(1_000);
    expect(links.at(-1)).toEqual({ state: "closed", cause: "ended" });
    expect(runtime.socket.closedWith).toBe(1000);
  });
});

describe("ending", () => {
  test("close 1000 after a closing state ends it; REST is asked once more for the final metadata", async () => {
    await goLive();
    runtime.socket.receive(sessionMessage(CLOSED));
    runtime.rest.set("sessions/s", '{"identity":"s","state":"closed","details":{"laps":3}}');
    runtime.socket.drop(1000);
    await runtime.pass(60_000);
    expect(links.at(-1)).toEqual({ state: "closed", cause: "ended" });
    expect(sessions.at(-1)).toMatchObject({ state: "closed", json: { details: { laps: 3 } } });
    expect(runtime.sockets).toHaveLength(1);
  });

  test("close 1000 while the session is open is retried", async () => {
    await goLive();
    runtime.socket.drop(1000);
    await runtime.pass(500);
    expect(session.states).toEqual(["connecting", "live", "unavailable"]);
    expect(runtime.sockets).toHaveLength(2);
  });

  test("[L-10] closing starts the handshake, and nothing is told after it", async () => {
    await goLive();
    session.following.close();
    runtime.socket.receive(vector("E2"));
    session.following.close();
    await runtime.pass(60_000);
    expect(runtime.socket.closedWith).toBe(1000);
    expect(session.states).toEqual(["connecting", "live", "closed"]);
    expect(ranges).toEqual([]);
    expect(runtime.sockets).toHaveLength(1);
  });

  test("closing while REST is being asked opens no socket", async () => {
    runtime.rest.set("sessions/s", OPEN);
    start();
    session.following.close();
    await runtime.pass(60_000);
    expect(runtime.sockets).toHaveLength(0);
  });
});
