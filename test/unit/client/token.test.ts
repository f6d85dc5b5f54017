import { beforeEach, describe, expect, test } from "vitest";
import type { FakeRuntime } from "../../fakes/client-runtime.ts";
import { FollowedSession, OPEN } from "../../fakes/followed-session.ts";

let session: FollowedSession;
let runtime: FakeRuntime;

beforeEach(() => {
  session = new FollowedSession();
  ({ runtime } = session);
  runtime.rest.set("sessions/s", OPEN);
});

async function start(token: NonNullable<FollowedSession["options"]["token"]>): Promise<void> {
  session.options = { token };
  session.start();
  await runtime.pass(0);
}

describe("[L-13] a token", () => {
  test("goes to REST in a header, and to the stream as a sub-protocol", async () => {
    await start("a.b-c");
    expect(runtime.authorized).toEqual(["Bearer a.b-c"]);
    expect(runtime.socket.options).toEqual(["mat.ocs.rta.stream-lz4", "bearer.a.b-c"]);
  });

  test("goes to the stream in a header where the platform can send one", async () => {
    runtime.sendsHeaders = true;
    await start("a.b-c");
    expect(runtime.socket.options).toEqual({
      protocols: ["mat.ocs.rta.stream-lz4"],
      headers: { authorization: "Bearer a.b-c" },
    });
  });

  test("that no sub-protocol can carry is reported, and ends it", async () => {
    runtime.WebSocket = class {
      constructor() {
        throw new SyntaxError("invalid sub-protocol");
      }
    } as unknown as FakeRuntime["WebSocket"];
    await start("a/b==");
    expect(session.problems).toMatchObject([{ code: "unusable-token" }]);
    expect(session.links.at(-1)).toEqual({ state: "closed", cause: "refused" });
  });

  test("that is refused ends it", async () => {
    runtime.rest.set("sessions/s", 401);
    await start("old");
    await runtime.pass(60_000);
    expect(session.links.at(-1)).toEqual({ state: "closed", cause: "refused" });
    expect(runtime.asked).toHaveLength(1);
  });
});

test.each([401, 403])("without REST it is the stream that says so: %d", async (status) => {
  runtime.rest.set("sessions/s", 404).set("sessions", 404).set("sessions/s/stream", 400);
  await start("old");
  runtime.socket.drop(1006);
  await runtime.pass(1_000);
  expect(runtime.sockets).toHaveLength(2);
  runtime.rest.set("sessions/s/stream", status);
  runtime.socket.drop(1006);
  await runtime.pass(2_000);
  expect(session.links.at(-1)).toEqual({ state: "closed", cause: "refused" });
  expect(runtime.authorized.at(-1)).toBe("Bearer old");
});

describe("[L-13] a function that gets tokens", () => {
  test("is asked before each attempt to connect", async () => {
    let count = 0;
    await start(async () => `token${++count}`);
    await session.join();
    runtime.socket.drop(1006);
    await runtime.pass(500);
    expect(runtime.authorized).toEqual(["Bearer token1", "Bearer token2"]);
    expect(runtime.socket.options).toContain("bearer.token2");
  });

  test("gets another chance when its token is refused, or expires", async () => {
    let token = "first";
    runtime.rest.set("sessions/s", 401);
    await start(() => token);
    expect(session.links.at(-1)).toMatchObject({ state: "unavailable", cause: "refused" });
    token = "second";
    runtime.rest.set("sessions/s", OPEN);
    await runtime.pass(500);
    await session.join();
    runtime.socket.drop(1008);
    token = "third";
    await runtime.pass(1_000);
    expect(runtime.socket.options).toContain("bearer.third");
    expect(session.states.at(-1)).not.toBe("closed");
  });

  test("that gives the refused token again ends it", async () => {
    runtime.rest.set("sessions/s", 403);
    await start(() => "same");
    await runtime.pass(60_000);
    expect(session.links.at(-1)).toEqual({ state: "closed", cause: "refused" });
    expect(runtime.asked).toHaveLength(1);
  });

  test.each([
    ["throws", () => Promise.reject(new Error("offline"))],
    ["gives none", () => "" as string],
  ])("that %s is reported and asked again", async (_what, failing) => {
    let isFailing = true;
    await start(() => (isFailing ? failing() : "good"));
    expect(session.problems).toMatchObject([{ code: "no-token" }]);
    expect(runtime.asked).toEqual([]);
    isFailing = false;
    await runtime.pass(500);
    expect(runtime.authorized).toEqual(["Bearer good"]);
  });

  test("whose answer comes after close has no effect", async () => {
    const slow = Promise.withResolvers<string>();
    await start(() => slow.promise);
    session.following.close();
    slow.resolve("late");
    await runtime.pass(60_000);
    expect(runtime.asked).toEqual([]);
    expect(runtime.sockets).toHaveLength(0);
  });
});
